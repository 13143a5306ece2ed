import { asks, inUrl, minuteEach, onUnlessFalse, positioned, verificationModes } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Drops `Authorization` where a redirect leads to another host. Over Net::HTTP::Persistent. */
export const mechanize: Model = {
  id: 'mechanize',
  title: 'Mechanize',
  calls: [
    { on: ['Mechanize'], names: ['new'], type: 'mechanize', blockTakes: ['mechanize'], defaults: minuteEach },
    { on: ['Mechanize'], names: ['start'], blockTakes: ['mechanize'], gives: ['block'] },
    { on: ['mechanize'], names: ['agent'], part: true, type: 'mechanize' },
    { on: ['mechanize'], names: ['verify_mode='], options: [positioned('verification', 0, verificationModes)] },
    { on: ['mechanize'], names: ['open_timeout='], options: [positioned('openTimeout', 0)] },
    { on: ['mechanize'], names: ['read_timeout='], options: [positioned('readTimeout', 0)] },
    { on: ['mechanize'], names: ['cert=', 'certificate='], options: [positioned('clientCertificate', 0)] },
    { on: ['mechanize'], names: ['key=', 'private_key='], options: [positioned('clientKey', 0)] },
    { on: ['mechanize'], names: ['request_headers=', 'add_auth', 'basic_auth', 'auth'], holds: 'all' },
    { on: ['mechanize'], names: ['request_headers'], part: true, type: 'http fields' },
    { on: ['mechanize'], names: ['log='], options: [positioned('debugOutput', 0, onUnlessFalse)] },
    {
      on: ['mechanize'],
      names: ['get', 'head', 'delete', 'get_file', 'download'],
      type: 'http response',
      sink: [inUrl({ positions: [0, 1] }), asks],
      options: [positioned('url', 0)],
    },
    {
      on: ['mechanize'],
      names: ['post', 'put'],
      type: 'http response',
      sink: [inUrl({ positions: [0] }), asks],
      options: [positioned('url', 0)],
    },
  ],
  documentation: 'https://github.com/sparklemotion/mechanize',
}

import { asks, inUrl, onUnlessFalse, positioned, verificationModes } from '../http-options.ts'
import type { Model } from '../model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

/** libcurl with nothing set: no limit of time unless told one. */
export const curb: Model = {
  id: 'curb',
  title: 'Curb',
  calls: [
    {
      on: ['Curl', 'Curl::Easy'],
      names: [...verbs.slice(1), 'http_get', 'http_post', 'http_put', 'http_delete', 'perform'],
      type: 'http response',
      blockTakes: ['curl'],
      sink: [inUrl({ positions: [0] }), asks],
      options: [positioned('url', 0)],
    },
    {
      on: ['Curl', 'Curl::Easy'],
      names: ['get'],
      type: 'http response',
      blockTakes: ['curl'],
      sink: [inUrl({ positions: [0, 1] }), asks],
      options: [positioned('url', 0)],
    },
    {
      on: ['Curl::Easy'],
      names: ['new'],
      type: 'curl',
      blockTakes: ['curl'],
      sink: inUrl({ positions: [0] }),
      options: [positioned('url', 0)],
    },
    {
      on: ['curl'],
      names: ['perform', 'http_get', 'http_post', 'http_put', 'http_delete', 'http', 'http_head'],
      sink: asks,
    },
    { on: ['curl'], names: ['url='], sink: inUrl('all'), options: [positioned('url', 0)] },
    { on: ['curl'], names: ['headers'], part: true, type: 'http fields' },
    { on: ['curl'], names: ['headers=', 'username=', 'password=', 'userpwd=', 'cookies=', 'post_body='], holds: 'all' },
    {
      on: ['curl'],
      names: ['ssl_verify_peer=', 'ssl_verify_host='],
      options: [positioned('verification', 0, verificationModes)],
    },
    { on: ['curl'], names: ['timeout=', 'timeout_ms='], options: [positioned('totalTimeout', 0)] },
    { on: ['curl'], names: ['connect_timeout=', 'connect_timeout_ms='], options: [positioned('openTimeout', 0)] },
    { on: ['curl'], names: ['cert='], options: [positioned('clientCertificate', 0)] },
    { on: ['curl'], names: ['cert_key='], options: [positioned('clientKey', 0)] },
    { on: ['curl'], names: ['verbose='], options: [positioned('debugOutput', 0, onUnlessFalse)] },
    { on: ['curl'], names: ['proxy_url='], options: [positioned('proxy', 0)] },
    { on: ['curl'], names: ['body_str', 'body'], type: 'http response' },
  ],
  documentation: 'https://github.com/taf2/curb',
}

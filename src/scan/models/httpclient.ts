import {
  always,
  asks,
  inUrl,
  minuteEach,
  named,
  onUnlessFalse,
  positioned,
  verificationModes,
} from '../http-options.ts'
import type { Model } from '../model.ts'

const on = ['HTTPClient', 'httpclient']

/** Waits a minute to connect and to receive unless told otherwise. */
export const httpclient: Model = {
  id: 'httpclient',
  title: 'HTTPClient',
  calls: [
    {
      on: ['HTTPClient'],
      names: ['new'],
      type: 'httpclient',
      blockTakes: ['httpclient'],
      holds: { named: ['default_header'] },
      options: [named('baseUrl', 'base_url'), named('proxy', 'proxy')],
      defaults: minuteEach,
    },
    { on: ['httpclient'], names: ['ssl_config'], part: true, type: 'httpclient tls' },
    { on: ['httpclient tls'], names: ['verify_mode='], options: [positioned('verification', 0, verificationModes)] },
    {
      on: ['httpclient tls'],
      names: ['set_client_cert_file'],
      options: [positioned('clientCertificate', 0), positioned('clientKey', 1)],
    },
    { on: ['httpclient tls'], names: ['client_cert='], options: [positioned('clientCertificate', 0)] },
    { on: ['httpclient tls'], names: ['client_key='], options: [positioned('clientKey', 0)] },
    { on: ['httpclient'], names: ['connect_timeout='], options: [positioned('openTimeout', 0)] },
    { on: ['httpclient'], names: ['receive_timeout='], options: [positioned('readTimeout', 0)] },
    { on: ['httpclient'], names: ['base_url='], options: [positioned('baseUrl', 0)] },
    { on: ['httpclient'], names: ['debug_dev='], options: [positioned('debugOutput', 0, onUnlessFalse)] },
    { on: ['httpclient'], names: ['default_header=', 'set_auth', 'set_basic_auth'], holds: 'all' },
    { on: ['httpclient'], names: ['default_header'], part: true, type: 'http fields' },
    {
      on,
      names: ['get', 'head', 'delete', 'get_async'],
      defaults: minuteEach,
      type: 'http response',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['query'] }), asks],
      options: [
        positioned('url', 0),
        named('redirects', 'follow_redirect', { true: 'with fields as told', false: false }),
      ],
    },
    {
      on,
      names: ['post', 'put', 'patch', 'request', 'post_async'],
      defaults: minuteEach,
      type: 'http response',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['query'] }), asks],
      options: [
        positioned('url', 0),
        named('redirects', 'follow_redirect', { true: 'with fields as told', false: false }),
      ],
    },
    {
      on,
      names: ['get_content'],
      defaults: minuteEach,
      type: 'http response',
      sink: [inUrl({ positions: [0, 1] }), asks],
      options: [positioned('url', 0), always('redirects', 'with fields')],
    },
    {
      on,
      names: ['post_content'],
      defaults: minuteEach,
      type: 'http response',
      sink: [inUrl({ positions: [0] }), asks],
      options: [positioned('url', 0), always('redirects', 'with fields')],
    },
  ],
  documentation: 'https://github.com/nahi/httpclient',
}

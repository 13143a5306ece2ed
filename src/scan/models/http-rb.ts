import { always, asks, inUrl, named, positioned, verificationModes } from '../http-options.ts'
import type { Model } from '../model.ts'

const on = ['HTTP', 'HTTP::Client', 'http.rb']
const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'connect']

/** Has no limit of time unless told one; where it is told to follow redirects, the same fields go wherever they lead. */
export const httpRb: Model = {
  id: 'http-rb',
  title: 'http.rb',
  calls: [
    { on, names: ['auth', 'basic_auth', 'headers', 'with', 'with_headers', 'cookies'], type: 'http.rb', holds: 'all' },
    {
      on,
      names: ['timeout'],
      type: 'http.rb',
      options: [
        { option: 'totalTimeout', from: { position: 0 }, means: { null: null, null_timeout: null } },
        named('openTimeout', 'connect'),
        named('readTimeout', 'read'),
        named('totalTimeout', 'global'),
      ],
    },
    { on, names: ['follow'], type: 'http.rb', options: [always('redirects', 'with fields as told')] },
    {
      on,
      names: ['use'],
      type: 'http.rb',
      options: [
        { option: 'debugOutput', from: { value: true }, where: /^logging$/ },
        named('debugOutput', 'logging.logger', { logger: 'logger' }),
      ],
    },
    { on, names: ['via', 'through'], type: 'http.rb', options: [positioned('proxy', 0)] },
    { on, names: ['accept', 'encoding', 'nodelay', 'retriable'], type: 'http.rb' },
    {
      on,
      names: ['persistent'],
      type: 'http.rb',
      gives: ['block'],
      blockTakes: ['http.rb'],
      options: [positioned('baseUrl', 0)],
    },
    {
      on: ['HTTP::Client'],
      names: ['new'],
      type: 'http.rb',
      holds: { named: ['headers'] },
      options: [
        named('verification', 'ssl.verify_mode', verificationModes),
        named('clientCertificate', 'ssl.cert'),
        named('clientKey', 'ssl.key'),
      ],
    },
    {
      on,
      names: verbs,
      type: 'http response',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['params'] }), asks],
      options: [
        positioned('url', 0),
        named('verification', 'ssl.verify_mode', verificationModes),
        named('clientCertificate', 'ssl.cert'),
        named('clientKey', 'ssl.key'),
      ],
    },
    {
      on,
      names: ['request'],
      type: 'http response',
      sink: [inUrl({ positions: [1] }), inUrl({ named: ['params'] }), asks],
      options: [positioned('url', 1), named('verification', 'ssl.verify_mode', verificationModes)],
    },
  ],
  documentation: 'https://github.com/httprb/http/wiki',
}

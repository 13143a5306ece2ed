import { asks, inUrl, named, positioned, verifiesWhenTrue } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Five seconds to connect and ten without traffic unless told otherwise. */
export const emHttpRequest: Model = {
  id: 'em-http-request',
  title: 'em-http-request',
  calls: [
    {
      on: ['EventMachine::HttpRequest', 'EM::HttpRequest'],
      names: ['new'],
      type: 'em http',
      options: [
        positioned('baseUrl', 0),
        named('verification', 'tls.verify_peer', verifiesWhenTrue),
        named('clientCertificate', 'tls.cert_chain_file'),
        named('clientKey', 'tls.private_key_file'),
        named('openTimeout', 'connect_timeout'),
        named('readTimeout', 'inactivity_timeout'),
      ],
      sink: inUrl({ positions: [0] }),
      defaults: { openTimeout: 5, readTimeout: 10 },
    },
    {
      on: ['em http'],
      names: ['get', 'post', 'put', 'patch', 'delete', 'head', 'aget', 'apost', 'aput', 'adelete'],
      type: 'em response',
      sink: [inUrl({ named: ['query'] }), asks],
    },
    { on: ['em response'], names: ['response'], type: 'http response' },
  ],
  documentation: 'https://github.com/igrigorik/em-http-request/wiki',
}

import { asks, inUrl, minuteEach, named, positioned, verifiesWhenTrue } from '../http-options.ts'
import type { Model, OptionModel } from '../model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace']

const settings: readonly OptionModel[] = [
  named('verification', 'ssl_verify_peer', verifiesWhenTrue),
  named('verification', 'ssl_verify_peer_host', verifiesWhenTrue),
  named('openTimeout', 'connect_timeout'),
  named('readTimeout', 'read_timeout'),
  named('totalTimeout', 'timeout'),
  named('clientCertificate', 'client_cert'),
  named('clientCertificate', 'client_cert_data'),
  named('clientKey', 'client_key'),
  named('clientKey', 'client_key_data'),
  named('clientCertificate', 'certificate_path'),
  named('clientKey', 'private_key_path'),
  named('proxy', 'proxy'),
]

/** Redacts `Authorization` and passwords in its own debug output, and drops `Authorization` where it follows redirects. */
export const excon: Model = {
  id: 'excon',
  title: 'Excon',
  calls: [
    {
      on: ['Excon', 'Excon::Connection'],
      names: ['new'],
      type: 'excon',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['query'] })],
      options: [positioned('baseUrl', 0), ...settings],
      holds: { named: ['headers', 'user', 'password'] },
      defaults: minuteEach,
    },
    {
      on: ['Excon'],
      names: verbs,
      type: 'http response',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['query', 'path'] }), asks],
      options: [positioned('url', 0), ...settings],
      defaults: minuteEach,
    },
    {
      on: ['excon'],
      names: [...verbs, 'request'],
      type: 'http response',
      sink: [inUrl({ named: ['query', 'path'] }), asks],
      options: settings,
    },
    { on: ['Excon'], names: ['defaults'], part: true, type: 'excon defaults' },
    { on: ['excon defaults'], names: ['[]=', 'merge!', 'update'], options: settings, holds: { named: ['headers'] } },
  ],
  documentation: 'https://github.com/excon/excon',
}

import { asks, minuteEach, named, onUnlessFalse, verificationModes } from '../http-options.ts'
import type { Model } from '../model.ts'

/** SOAP over HTTPI. */
export const savon: Model = {
  id: 'savon',
  title: 'Savon',
  calls: [
    {
      on: ['Savon'],
      names: ['client', 'new'],
      type: 'savon',
      holds: { named: ['headers', 'basic_auth', 'digest_auth', 'wsse_auth', 'soap_header'] },
      options: [
        named('baseUrl', 'wsdl'),
        named('baseUrl', 'endpoint'),
        named('verification', 'ssl_verify_mode', verificationModes),
        named('openTimeout', 'open_timeout'),
        named('readTimeout', 'read_timeout'),
        named('clientCertificate', 'ssl_cert_file'),
        named('clientCertificate', 'ssl_cert'),
        named('clientKey', 'ssl_cert_key_file'),
        named('clientKey', 'ssl_cert_key'),
        named('debugOutput', 'log', onUnlessFalse),
        named('proxy', 'proxy'),
      ],
      defaults: minuteEach,
    },
    { on: ['savon'], names: ['call'], type: 'http response', sink: asks },
  ],
  documentation: 'https://www.savonrb.com/version2/globals.html',
}

import { asks, inUrl, named, onUnlessFalse, positioned, verificationModes } from '../http-options.ts'
import type { Model, OptionModel } from '../model.ts'

const settings: readonly OptionModel[] = [
  named('verification', 'verify_ssl', verificationModes),
  // One word for both.
  named('openTimeout', 'timeout'),
  named('readTimeout', 'timeout'),
  named('openTimeout', 'open_timeout'),
  named('readTimeout', 'read_timeout'),
  named('clientCertificate', 'ssl_client_cert'),
  named('clientKey', 'ssl_client_key'),
  named('redirects', 'max_redirects', { '0': false }),
  named('debugOutput', 'log', onUnlessFalse),
  named('proxy', 'proxy'),
]
const raises = 'URI::InvalidURIError'
const minutes = { openTimeout: 60, readTimeout: 60 }

/** Follows the redirects of GET and HEAD, and sends the same fields to wherever they lead. */
export const restClient: Model = {
  id: 'rest-client',
  title: 'RestClient',
  calls: [
    {
      on: ['RestClient'],
      names: ['get', 'head'],
      type: 'http response',
      raises,
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['params'] }), asks],
      options: [positioned('url', 0)],
      defaults: { ...minutes, redirects: 'with fields' },
    },
    {
      on: ['RestClient'],
      names: ['post', 'put', 'patch', 'delete', 'options'],
      type: 'http response',
      raises,
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['params'] }), asks],
      options: [positioned('url', 0)],
      defaults: minutes,
    },
    {
      on: ['RestClient::Request'],
      names: ['execute', 'new'],
      type: 'http response',
      raises,
      sink: [inUrl({ named: ['url', 'headers.params'] }), asks],
      options: [
        named('url', 'url'),
        named('method', 'method', {
          get: 'GET',
          head: 'HEAD',
          post: 'POST',
          put: 'PUT',
          patch: 'PATCH',
          delete: 'DELETE',
        }),
        ...settings,
      ],
      defaults: { ...minutes, redirects: 'with fields of GET' },
    },
    {
      on: ['RestClient::Resource'],
      names: ['new'],
      type: 'rest resource',
      raises,
      sink: inUrl({ positions: [0] }),
      options: [positioned('baseUrl', 0), ...settings],
      holds: { named: ['headers', 'user', 'password'] },
      defaults: { ...minutes, redirects: 'with fields of GET' },
    },
    { on: ['rest resource'], names: ['[]'], part: true, type: 'rest resource', sink: inUrl('all') },
    {
      on: ['rest resource'],
      names: ['get', 'head', 'post', 'put', 'patch', 'delete'],
      type: 'http response',
      sink: [inUrl({ named: ['params'] }), asks],
    },
    { on: ['RestClient'], names: ['log='], options: [positioned('debugOutput', 0, onUnlessFalse)] },
    { on: ['RestClient'], names: ['proxy='], options: [positioned('proxy', 0)] },
  ],
  documentation: 'https://github.com/rest-client/rest-client',
}

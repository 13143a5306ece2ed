import type { Model } from '../model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head']

export const restClient: Model = {
  id: 'rest-client',
  title: 'RestClient',
  calls: [
    {
      on: ['RestClient', 'RestClient::Request'],
      names: [...verbs, 'execute'],
      type: 'http response',
      raises: 'URI::InvalidURIError',
      sink: { kind: 'url', takes: { named: ['params'] }, says: 'sent in the query of the URL' },
    },
    {
      on: ['Excon', 'Typhoeus', 'HTTP'],
      names: verbs,
      type: 'http response',
      sink: { kind: 'url', takes: { named: ['query', 'params'] }, says: 'sent in the query of the URL' },
    },
  ],
  documentation: 'https://github.com/rest-client/rest-client',
}

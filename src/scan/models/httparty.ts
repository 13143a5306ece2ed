import type { Model } from '../model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head']

export const httparty: Model = {
  id: 'httparty',
  title: 'HTTParty',
  calls: [
    {
      on: [''],
      names: ['default_params'],
      sink: { kind: 'url', takes: 'all', says: 'sent in the query of every URL' },
    },
    {
      on: ['HTTParty'],
      names: verbs,
      type: 'http response',
      raises: 'URI::InvalidURIError',
      sink: { kind: 'url', takes: { named: ['query'] }, says: 'sent in the query of the URL' },
    },
  ],
  documentation: 'https://github.com/jnunemaker/httparty',
}

import type { Model } from '../model.ts'

const raises = 'URI::InvalidURIError'

export const faraday: Model = {
  id: 'faraday',
  title: 'Faraday',
  calls: [
    {
      on: ['Faraday'],
      names: ['new'],
      type: 'faraday',
      blockTakes: ['faraday'],
      raises,
      sink: { kind: 'url', takes: { named: ['url', 'params'] }, says: 'put in the URL' },
    },
    {
      on: ['Faraday', 'faraday'],
      names: ['get', 'delete', 'head'],
      type: 'http response',
      blockTakes: ['faraday'],
      raises,
      // The second argument is the query; fields come third.
      sink: { kind: 'url', takes: { positions: [0, 1] }, says: 'sent in the URL' },
    },
    {
      on: ['Faraday', 'faraday'],
      names: ['post', 'put', 'patch'],
      type: 'http response',
      blockTakes: ['faraday'],
      raises,
      sink: { kind: 'url', takes: { positions: [0] }, says: 'sent in the URL' },
    },
    { on: ['faraday'], names: ['params'], type: 'query' },
    { on: ['faraday'], names: ['headers', 'options', 'ssl', 'body='] },
    { on: ['faraday'], names: ['url', 'url=', 'params='], sink: { kind: 'url', takes: 'all', says: 'put in the URL' } },
    {
      on: ['query'],
      names: ['[]=', 'merge!', 'update', 'store'],
      sink: { kind: 'url', takes: 'all', says: 'put in the query of the URL' },
    },
  ],
  documentation: 'https://lostisland.github.io/faraday/',
}

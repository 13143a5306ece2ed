import type { Model } from '../model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head']

export const faraday: Model = {
  id: 'faraday',
  title: 'Faraday',
  calls: [
    {
      on: ['Faraday'],
      names: ['new'],
      type: 'faraday',
      raises: 'URI::InvalidURIError',
      sink: { kind: 'url', takes: { named: ['url', 'params'] }, says: 'put in the URL' },
    },
    {
      on: ['Faraday', 'faraday'],
      names: verbs,
      type: 'http response',
      raises: 'URI::InvalidURIError',
      sink: { kind: 'url', takes: 'first', says: 'asked for as a URL' },
    },
  ],
  documentation: 'https://lostisland.github.io/faraday/',
}

import type { Model } from '../model.ts'

/** Ruby's URI: its parser raises with the whole text in the message. */
export const uri: Model = {
  id: 'uri',
  title: 'URI',
  parents: { 'URI::InvalidURIError': 'URI::Error' },
  calls: [
    {
      on: [''],
      names: ['URI'],
      gives: ['arguments'],
      type: 'uri',
      raises: 'URI::InvalidURIError',
      sink: { kind: 'url', takes: { positions: [0] }, says: 'made into a URL' },
    },
    {
      on: ['URI', 'URI::HTTP', 'URI::HTTPS', 'Addressable::URI'],
      names: ['parse', 'join', 'split'],
      gives: ['arguments'],
      type: 'uri',
      raises: 'URI::InvalidURIError',
      sink: { kind: 'url', takes: 'all', says: 'made into a URL' },
    },
    {
      on: ['URI::HTTP', 'URI::HTTPS', 'URI::Generic'],
      names: ['build'],
      gives: ['arguments'],
      type: 'uri',
      sink: { kind: 'url', takes: { named: ['query', 'path'] }, says: 'put in the URL' },
    },
    {
      on: ['uri'],
      names: ['query=', 'path=', 'query_values=', 'fragment='],
      mutates: true,
      sink: { kind: 'url', takes: 'all', says: 'put in the URL' },
    },
    {
      on: ['uri'],
      names: ['to_s', 'request_uri', 'query', 'inspect', 'normalize', '+', 'merge', 'route_to'],
      gives: ['receiver'],
      type: 'uri',
    },
    { on: ['uri'], names: ['host', 'hostname'], gives: ['host'] },
    // The path of a database's URL is its name.
    { on: ['uri'], names: ['path'], gives: ['built'] },
    { on: ['uri'], names: ['password', 'userinfo'], gives: ['receiver'] },
    { on: ['uri'], names: ['port', 'scheme', 'user', 'authority', 'origin', 'host='] },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/URI.html',
}

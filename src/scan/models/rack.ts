import type { Model } from '../model.ts'

const chosen = 'chosen by whoever sends the request'

/** Fields that a caller signs in with, as Rack names them. */
const credentialFields =
  /^HTTP_(?:AUTHORIZATION|PROXY_AUTHORIZATION|COOKIE|(?:X_)?API_?(?:KEY|TOKEN)|X_(?:AUTH|ACCESS)_?(?:KEY|TOKEN))$/

/** Rack's environment, request and response, as every Ruby web framework hands them on. */
export const rack: Model = {
  id: 'rack',
  title: 'Rack',
  runs: ['run'],
  answers: { name: 'call', parameters: 1 },
  entries: { 'request environment': { 'rack.logger': 'logger', 'rack.errors': 'stream' } },
  calls: [
    { on: ['Rack::Request'], names: ['new'], type: 'request' },
    {
      on: ['Rack::Response', 'Rack::MockResponse'],
      names: ['new', '[]'],
      type: 'response',
      gives: ['arguments'],
      sink: { kind: 'response', takes: 'all', says: 'answered to the client' },
    },
    {
      on: ['response'],
      names: ['body=', 'write', '[]=', 'set_header', 'add_header', 'set_cookie', '<<', 'puts', 'print'],
      sink: { kind: 'response', takes: 'all', says: 'answered to the client' },
    },
    { on: ['response'], names: ['headers', 'header', 'body'], type: 'response' },
    {
      on: ['request'],
      names: [
        'body',
        'params',
        'query_string',
        'path',
        'path_info',
        'fullpath',
        'url',
        'env',
        'GET',
        'POST',
        'user_agent',
        'referer',
        'referrer',
        'cookies',
        'host',
      ],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen },
    },
    {
      on: ['params'],
      names: [
        '[]',
        'fetch',
        'dig',
        'to_s',
        'read',
        'values',
        'to_h',
        'slice',
        'permit',
        'require',
        'each',
        'map',
        'string',
        'to_unsafe_h',
        'values_at',
      ],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen },
    },
    {
      on: ['request environment'],
      names: ['[]', 'fetch'],
      source: [
        { label: 'credential', named: 'argument', names: credentialFields, says: 'is what the caller signs in with' },
        { label: 'input', named: 'argument', names: /^(?:HTTP_|QUERY_STRING|PATH_INFO|REQUEST_)/, says: chosen },
      ],
    },
  ],
  documentation: 'https://github.com/rack/rack/blob/main/SPEC.rdoc',
}

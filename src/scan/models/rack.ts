import type { Model, SourceModel } from '../model.ts'

const chosen = 'chosen by whoever sends the request'
const answered = 'answered to the client'
const inField = 'answered to the client in a field'
const signsIn = 'is what the caller signs in with'

/** Fields that a caller signs in with, as Rack and as HTTP name them. */
const credentialFields =
  /^(?:HTTP_)?(?:PROXY[_-])?(?:AUTHORIZATION|COOKIE|(?:X[_-])?API[_-]?(?:KEY|TOKEN)|X[_-](?:AUTH|ACCESS)[_-]?(?:KEY|TOKEN)|X[_-]AMZ[_-]SECURITY[_-]TOKEN)$/i

/** Cookies that sign somebody in, by their names. */
const credentialCookies = /(?:session|token|auth|jwt|^sid$|_sid$|api_?key|remember)/i

const oneField: readonly SourceModel[] = [
  { label: 'credential', named: 'argument', names: credentialFields, says: signsIn },
  { label: 'input', named: 'argument', names: 'any', says: chosen, lineEnds: 'none' },
]

/** What middleware keeps beside the fields (`warden.options`) no client has chosen. */
const ofEnvironment: readonly SourceModel[] = [
  { label: 'credential', named: 'argument', names: credentialFields, says: signsIn },
  {
    label: 'input',
    named: 'argument',
    names: /^(?:HTTP_|QUERY_STRING|PATH_INFO|REQUEST_)/,
    says: chosen,
    lineEnds: 'none',
  },
]

const oneCookie: readonly SourceModel[] = [
  { label: 'credential', named: 'argument', names: credentialCookies, says: signsIn },
  { label: 'input', named: 'argument', names: 'any', says: chosen },
]

/** What shows a dictionary as a whole. */
const wholes = [
  ...['inspect', 'to_s', 'to_json', 'as_json', 'to_h', 'to_hash', 'to_a', 'to_yaml', 'pretty_inspect', 'select'],
  ...['filter', 'reject', 'map', 'flat_map', 'filter_map', 'collect', 'each', 'each_pair', 'each_with_object', 'sort'],
  ...['sort_by', 'values', 'transform_values', 'find_all', 'grep', 'sum', 'reduce', 'inject', 'group_by'],
]

/** Rack's environment, request and response, as every Ruby web framework hands them on. */
export const rack: Model = {
  id: 'rack',
  title: 'Rack',
  runs: ['run'],
  shared: ['request environment'],
  stacks: ['use', 'insert', 'insert_before', 'insert_after'],
  answers: {
    name: 'call',
    parameters: 1,
    takes: /^(?:_?e|_|_?env(?:ironment)?|\w+_env)?$/,
    entries: /^(?:rack\.|HTTP_|[A-Z]+_[A-Z]+$)/,
    makes: /Request$/,
  },
  // The app that a middleware stands in front of.
  named: [{ pattern: /^@_?app$/, type: 'app' }],
  entries: {
    'request environment': {
      'rack.logger': 'logger',
      'rack.errors': 'stream',
      'rack.session': 'session',
      'rack.input': 'params',
      'rack.exception': 'failure',
      'rack.request.cookie_hash': 'request cookies',
    },
    'app answer': { '1': 'answer fields' },
  },
  wholes: {
    'request environment': { title: 'every field of the request', label: 'credential' },
    'request fields': { title: 'every field of the request', label: 'credential' },
    'request cookies': { title: 'every cookie of the request', label: 'credential' },
  },
  debugging: {
    middleware: ['Rack::ShowExceptions', 'BetterErrors::Middleware', 'WebConsole::Middleware', 'PryRescue::Rack'],
  },
  calls: [
    { on: ['app'], names: ['call'], type: 'app answer' },
    { on: ['Rack::Request', 'Grape::Request', 'ActionDispatch::Request'], names: ['new'], type: 'request' },
    {
      on: ['Rack::Response'],
      names: ['new', '[]'],
      type: 'response',
      blockTakes: ['response'],
      sink: [
        { kind: 'response', takes: { positions: [0] }, says: answered },
        { kind: 'field', takes: { positions: [2] }, says: inField },
      ],
    },
    {
      on: ['response'],
      names: ['body=', 'write', '<<', 'puts', 'print', 'close', 'response_body='],
      sink: { kind: 'response', takes: 'all', says: answered },
    },
    {
      on: ['response', 'answer fields'],
      names: [
        ...['[]=', 'set_header', 'add_header', 'store', 'merge!', 'update', 'etag=', 'content_type=', 'location='],
        ...['replace', 'reverse_merge!', 'headers='],
      ],
      sink: { kind: 'field', takes: 'all', says: inField },
    },
    {
      on: ['response'],
      names: ['set_cookie'],
      sink: { kind: 'cookie', takes: 'all', says: 'answered to the client in a cookie' },
    },
    {
      on: ['Rack::Utils'],
      names: ['set_cookie_header!', 'set_cookie_header', 'add_cookie_to_header'],
      sink: { kind: 'cookie', takes: 'all', says: 'answered to the client in a cookie' },
    },
    {
      on: ['response'],
      names: ['redirect'],
      sink: { kind: 'redirect', takes: { positions: [0] }, says: 'answered to the client in Location' },
    },
    { on: ['response'], names: ['headers', 'header'], type: 'answer fields' },
    { on: ['response'], names: ['body'], type: 'response' },
    {
      on: ['session'],
      names: ['[]=', 'store', 'merge!', 'update', 'now', 'keep'],
      type: 'session',
      sink: { kind: 'session', takes: 'all', says: 'kept in the session' },
    },
    {
      on: ['session'],
      names: ['[]', 'fetch', 'dig', 'to_h', 'to_hash', 'inspect', 'delete', 'key?', 'clear', 'id', 'values'],
    },
    {
      on: ['cookie jar'],
      names: ['[]=', 'set', 'store', 'merge!', 'update', 'set_cookie'],
      sink: { kind: 'cookie', takes: 'all', says: 'answered to the client in a cookie' },
    },
    { on: ['cookie jar', 'request cookies'], names: ['[]', 'fetch', 'dig'], source: oneCookie },
    {
      on: ['cookie jar', 'request cookies'],
      names: wholes,
      gives: ['block'],
      source: { label: 'credential', named: 'whole', title: 'every cookie of the request', says: signsIn },
    },
    {
      on: ['request'],
      names: [
        ...[
          'body',
          'query_string',
          'path',
          'path_info',
          'fullpath',
          'url',
          'user_agent',
          'referer',
          'referrer',
          'host',
        ],
        ...['original_url', 'original_fullpath', 'media_type', 'content_type', 'host_with_port', 'script_name'],
      ],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'none' },
    },
    {
      on: ['request'],
      names: ['params', 'GET', 'POST', 'query_parameters', 'request_parameters', 'path_parameters'],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'in entries' },
    },
    {
      on: ['request'],
      names: ['raw_post'],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen },
    },
    // Those that are named are taken, and those that show something left out.
    { on: ['request environment', 'request fields', 'request cookies'], names: ['except', 'slice'], type: 'plain' },
    { on: ['request'], names: ['env'], type: 'request environment' },
    { on: ['request'], names: ['headers'], type: 'request fields' },
    { on: ['request'], names: ['cookies', 'cookie_jar'], type: 'request cookies' },
    { on: ['request'], names: ['session', 'flash'], type: 'session' },
    { on: ['request'], names: ['logger'], type: 'logger' },
    {
      on: ['request'],
      names: ['authorization', 'bearer_token'],
      source: { label: 'credential', named: 'call', names: 'any', says: signsIn },
    },
    { on: ['request', 'Rack::Auth::AbstractRequest'], names: ['get_header', 'fetch_header'], source: ofEnvironment },
    { on: ['request'], names: ['get_http_header'], source: oneField },
    { on: ['Rack::Auth::Basic::Request'], names: ['new'], type: 'sign-in' },
    {
      on: ['sign-in'],
      names: ['credentials', 'params', 'parts'],
      source: { label: 'credential', named: 'call', names: 'any', says: signsIn },
    },
    {
      on: ['params'],
      names: [
        ...['[]', 'fetch', 'dig', 'read', 'values', 'require', 'each', 'map', 'string', 'values_at', 'gets', 'expect'],
      ],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen },
    },
    {
      on: ['params'],
      names: ['slice', 'permit', 'except'],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'none' },
    },
    { on: ['params'], names: ['to_s', 'to_h', 'to_unsafe_h', 'to_unsafe_hash'], gives: ['receiver'] },
    { on: ['params'], names: ['to_json', 'inspect'], gives: ['receiver'], lineEnds: 'none' },
    {
      on: ['request environment'],
      names: ['[]', 'fetch', 'dig'],
      source: ofEnvironment,
    },
    { on: ['request fields'], names: ['[]', 'fetch', 'dig'], source: oneField },
    {
      on: ['request environment', 'request fields'],
      names: wholes,
      gives: ['block'],
      source: { label: 'credential', named: 'whole', title: 'every field of the request', says: signsIn },
    },
  ],
  documentation: 'https://github.com/rack/rack/blob/main/SPEC.rdoc',
}

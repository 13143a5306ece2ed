import {
  always,
  answered,
  asks,
  minuteEach,
  named,
  positioned,
  verificationModes,
  verifiesWhenTrue,
} from '../http-options.ts'
import type { Model, OptionModel } from '../model.ts'

const verbs = ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'Propfind', 'Trace']
const requests = [...verbs.map((name) => `Net::HTTP::${name}`), 'Net::HTTPGenericRequest']

/** `http.name = value`, and `name: value` of `Net::HTTP.start`. */
const settings: readonly (readonly [string, OptionModel['option'], OptionModel['means']])[] = [
  ['use_ssl', 'tls', undefined],
  ['verify_mode', 'verification', verificationModes],
  ['verify_hostname', 'verification', verifiesWhenTrue],
  ['open_timeout', 'openTimeout', undefined],
  ['read_timeout', 'readTimeout', undefined],
  ['cert', 'clientCertificate', undefined],
  ['certificate', 'clientCertificate', undefined],
  ['key', 'clientKey', undefined],
  ['private_key', 'clientKey', undefined],
]

/** Ruby's own client, which waits a minute to connect and a minute for each read unless told otherwise. */
export const netHttp: Model = {
  id: 'net-http',
  title: 'Net::HTTP',
  calls: [
    {
      on: requests,
      names: ['new'],
      type: 'http request',
      sink: { kind: 'url', takes: { positions: [0] }, says: 'asked for as a URL' },
      options: [positioned('url', 0)],
      holds: { positions: [1] },
    },
    {
      on: ['http request'],
      names: ['basic_auth', 'proxy_basic_auth', 'set_form_data', 'set_form', 'add_field', 'body=', 'body_stream='],
      holds: 'all',
    },
    {
      on: ['http request'],
      names: ['initialize_http_header', 'content_type=', 'set_content_type'],
      holds: 'all',
    },
    {
      on: ['http request'],
      names: ['to_hash', 'each_header', 'each_capitalized', 'each', 'get_fields'],
      gives: ['entries'],
    },
    { on: ['http request'], names: ['body', 'path', 'uri', 'method', 'inspect', 'to_s'] },
    {
      on: ['Net::HTTP'],
      names: ['get', 'get_response', 'get_print'],
      type: 'http response',
      sink: [{ kind: 'url', takes: { positions: [0] }, says: 'asked for as a URL' }, asks],
      options: [positioned('url', 0)],
      defaults: minuteEach,
    },
    {
      on: ['Net::HTTP'],
      names: ['post', 'post_form', 'put'],
      type: 'http response',
      sink: [{ kind: 'url', takes: { positions: [0] }, says: 'asked for as a URL' }, asks],
      options: [positioned('url', 0)],
      defaults: minuteEach,
    },
    {
      on: ['Net::HTTP'],
      names: ['new'],
      type: 'http client',
      options: [positioned('host', 0), positioned('proxy', 2)],
      defaults: minuteEach,
    },
    {
      on: ['Net::HTTP'],
      names: ['start'],
      type: 'http client',
      gives: ['block'],
      blockTakes: ['http client'],
      options: [positioned('host', 0), ...settings.map(([name, option, means]) => named(option, name, means))],
      defaults: minuteEach,
    },
    ...settings.map(([name, option, means]) => ({
      on: ['http client', 'persistent client'],
      names: [`${name}=`],
      options: [positioned(option, 0, means)],
    })),
    {
      on: ['http client', 'persistent client'],
      names: ['verify_callback='],
    },
    { on: ['*'], names: ['verify_mode='], options: [positioned('verification', 0, verificationModes)] },
    {
      on: ['http client'],
      names: ['set_debug_output'],
      options: [always('debugOutput', true)],
    },
    { on: ['http client'], names: ['start'], gives: ['receiver', 'block'], blockTakes: ['receiver'] },
    {
      on: ['http client'],
      names: [
        ...['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request_get', 'request_post', 'request_put'],
        ...['request_head', 'get2', 'post2', 'head2', 'put2'],
      ],
      type: 'http response',
      sink: [{ kind: 'url', takes: { positions: [0] }, says: 'asked for as a URL' }, asks],
      options: [positioned('url', 0)],
    },
    {
      on: ['http client'],
      names: ['request', 'send_request'],
      type: 'http response',
      sink: asks,
      blockTakes: ['http response'],
    },
    { on: ['http client'], names: ['finish', 'started?', 'address', 'port', 'inspect', 'to_s'] },
    {
      on: ['http response'],
      names: [
        'body',
        'read_body',
        'to_s',
        'to_str',
        'parsed_response',
        'content',
        'response_body',
        'body_str',
        'parse',
      ],
      source: answered,
    },
    {
      on: ['http response'],
      names: ['headers', 'header', 'to_hash', 'each_header', 'to_h', 'to_json'],
      source: answered,
    },
    // One field, or one entry of what was parsed, is not the whole as it came.
    { on: ['http response'], names: ['[]', 'get_fields', 'fetch', 'dig'] },
    {
      on: ['http response'],
      names: ['code', 'status', 'message', 'inspect', 'value', 'success?', 'uri', 'effective_url', 'return_code'],
    },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/Net/HTTP.html',
}

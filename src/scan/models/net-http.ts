import type { Model } from '../model.ts'

const requests = ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options'].map((name) => `Net::HTTP::${name}`)
const url = { kind: 'url', takes: { positions: [0] }, says: 'asked for as a URL' } as const

export const netHttp: Model = {
  id: 'net-http',
  title: 'Net::HTTP',
  calls: [
    { on: requests, names: ['new'], type: 'http request', sink: url },
    {
      on: ['Net::HTTP'],
      names: ['get', 'get_response', 'post', 'post_form', 'put', 'get_print'],
      type: 'http response',
      sink: url,
    },
    { on: ['Net::HTTP'], names: ['new'], type: 'http client' },
    { on: ['Net::HTTP'], names: ['start'], gives: ['block'], blockTakes: ['http client'] },
    {
      on: ['http client'],
      names: ['get', 'post', 'put', 'patch', 'delete', 'head', 'request_get', 'request_post', 'get2'],
      type: 'http response',
      sink: url,
    },
    { on: ['http client'], names: ['request', 'start', 'finish'], type: 'http response' },
    {
      on: ['http request'],
      names: ['to_hash', 'each_header', 'each_capitalized', 'each', 'get_fields'],
      gives: ['entries'],
    },
    {
      on: ['http request'],
      names: ['basic_auth', 'set_form_data', 'body=', 'body', 'content_type=', 'path', 'inspect', 'to_s'],
    },
    {
      on: ['http response'],
      names: ['body', 'read_body', 'code', 'message', 'to_hash', '[]', 'to_s', 'inspect', 'value'],
    },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/Net/HTTP.html',
}

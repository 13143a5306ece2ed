import { asks, inUrl, positioned } from '../http-options.ts'
import type { Model } from '../model.ts'

/** No limit of time of its own: a task has one (`task.with_timeout`). */
export const asyncHttp: Model = {
  id: 'async-http',
  title: 'async-http',
  calls: [
    { on: ['Async::HTTP::Internet'], names: ['new', 'instance'], type: 'async internet' },
    {
      on: ['async internet', 'Async::HTTP::Internet'],
      names: ['get', 'post', 'put', 'patch', 'delete', 'head'],
      type: 'http response',
      sink: [inUrl({ positions: [0] }), asks],
      options: [positioned('url', 0)],
    },
    { on: ['Async::HTTP::Endpoint'], names: ['parse'], type: 'async endpoint', options: [positioned('baseUrl', 0)] },
    { on: ['Async::HTTP::Client'], names: ['new'], type: 'async client' },
    {
      on: ['async client'],
      names: ['get', 'post', 'put', 'patch', 'delete', 'head'],
      type: 'http response',
      sink: [inUrl({ positions: [0] }), asks],
    },
    { on: ['*'], names: ['with_timeout'], gives: ['block'], bounds: true },
  ],
  documentation: 'https://socketry.github.io/async-http/',
}

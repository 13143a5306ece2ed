import { asks, inUrl, minuteEach, positioned, verifiesWhenFalse } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Over Net::HTTP. */
export const hurley: Model = {
  id: 'hurley',
  title: 'Hurley',
  calls: [
    {
      on: ['Hurley::Client'],
      names: ['new'],
      type: 'hurley',
      options: [positioned('baseUrl', 0)],
      defaults: minuteEach,
    },
    { on: ['hurley'], names: ['header', 'headers'], part: true, type: 'http fields' },
    { on: ['hurley'], names: ['query'], type: 'query' },
    { on: ['hurley'], names: ['ssl_options'], part: true, type: 'hurley tls' },
    { on: ['hurley'], names: ['request_options'], part: true, type: 'hurley options' },
    { on: ['hurley tls'], names: ['skip_verification='], options: [positioned('verification', 0, verifiesWhenFalse)] },
    { on: ['hurley options'], names: ['timeout='], options: [positioned('totalTimeout', 0)] },
    {
      on: ['Hurley', 'hurley'],
      names: ['get', 'head', 'delete', 'post', 'put', 'patch'],
      type: 'http response',
      blockTakes: ['hurley request'],
      defaults: minuteEach,
      sink: [inUrl({ positions: [0] }), asks],
      options: [positioned('url', 0)],
    },
    { on: ['hurley request'], names: ['header', 'headers'], part: true, type: 'http fields' },
    { on: ['hurley request'], names: ['query'], type: 'query' },
  ],
  documentation: 'https://github.com/lostisland/hurley',
}

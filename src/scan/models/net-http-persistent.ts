import { always, asks, inUrl, minuteEach, named, positioned } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Connections of Net::HTTP that are kept, with the limits of Net::HTTP unless told others. */
export const netHttpPersistent: Model = {
  id: 'net-http-persistent',
  title: 'Net::HTTP::Persistent',
  calls: [
    {
      on: ['Net::HTTP::Persistent'],
      names: ['new'],
      type: 'persistent client',
      options: [named('proxy', 'proxy')],
      defaults: minuteEach,
    },
    { on: ['persistent client'], names: ['debug_output='], options: [always('debugOutput', true)] },
    { on: ['persistent client'], names: ['override_headers', 'headers'], part: true, type: 'http fields' },
    {
      on: ['persistent client'],
      names: ['request'],
      type: 'http response',
      sink: [inUrl({ positions: [0] }), asks],
      options: [positioned('url', 0)],
    },
  ],
  documentation: 'https://github.com/drbrain/net-http-persistent',
}

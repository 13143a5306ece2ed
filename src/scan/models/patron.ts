import { asks, inUrl, named, positioned, verifiesWhenFalse } from '../http-options.ts'
import type { Model } from '../model.ts'

/** libcurl with limits of its own: a second to connect, five for the whole. */
export const patron: Model = {
  id: 'patron',
  title: 'Patron',
  calls: [
    {
      on: ['Patron::Session'],
      names: ['new'],
      type: 'patron',
      blockTakes: ['patron'],
      holds: { named: ['headers', 'username', 'password'] },
      options: [
        named('baseUrl', 'base_url'),
        named('totalTimeout', 'timeout'),
        named('openTimeout', 'connect_timeout'),
        named('verification', 'insecure', verifiesWhenFalse),
      ],
      defaults: { openTimeout: 1, totalTimeout: 5 },
    },
    { on: ['patron'], names: ['headers'], part: true, type: 'http fields' },
    { on: ['patron'], names: ['headers=', 'username=', 'password='], holds: 'all' },
    { on: ['patron'], names: ['insecure='], options: [positioned('verification', 0, verifiesWhenFalse)] },
    { on: ['patron'], names: ['base_url='], options: [positioned('baseUrl', 0)] },
    { on: ['patron'], names: ['timeout='], options: [positioned('totalTimeout', 0)] },
    { on: ['patron'], names: ['enable_debug'], options: [{ option: 'debugOutput', from: { value: true } }] },
    {
      on: ['patron'],
      names: ['get', 'head', 'delete', 'post', 'put', 'patch', 'get_file'],
      type: 'http response',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['query'] }), asks],
      options: [positioned('url', 0)],
    },
  ],
  documentation: 'https://github.com/toland/patron',
}

import type { Model } from '../model.ts'

/** 1Password Connect, and its command-line tool. */
export const onePassword: Model = {
  id: 'one-password',
  title: '1Password',
  calls: [
    { on: ['OnePasswordConnect::Client', 'OpConnect::Client'], names: ['new'], type: 'one password' },
    {
      on: ['', 'Kernel', 'IO', 'Open3'],
      names: ['`', 'popen', 'capture2', 'capture2e', 'capture3'],
      source: {
        label: 'key',
        named: 'any argument',
        names: /^op read |^op:\/\//,
        says: 'is read from 1Password',
      },
    },
    { on: ['one password'], names: ['item', 'get_item', 'items'], type: 'one password item' },
    { on: ['one password item'], names: ['fields', 'first', 'find', 'last', '[]'], type: 'one password item' },
    {
      on: ['one password item'],
      names: ['value', 'password'],
      source: { label: 'key', named: 'call', names: 'any', says: 'is read from 1Password' },
    },
  ],
  documentation: 'https://github.com/partytray/op_connect',
}

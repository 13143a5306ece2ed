import type { Model, SourceModel } from '../model.ts'

const source: SourceModel = { label: 'key', named: 'call', names: 'any', says: 'is read from the keyring' }

/** Keyrings and .netrc. */
export const keyring: Model = {
  id: 'keyring',
  title: 'Keyring and Netrc',
  calls: [
    { on: ['Keyring'], names: ['new'], type: 'keyring' },
    { on: ['keyring'], names: ['get_password'], source },
    { on: ['Netrc'], names: ['read'], type: 'netrc' },
    { on: ['netrc'], names: ['[]'], type: 'netrc entry' },
    { on: ['netrc entry'], names: ['password'], source: { ...source, says: 'is read from .netrc' } },
    { on: ['netrc'], names: ['[]='] },
  ],
  documentation: 'https://github.com/jheitzeb/keyring',
}

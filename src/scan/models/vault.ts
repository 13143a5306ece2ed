import type { Model, SourceModel } from '../model.ts'
import { storedNames } from '../secret-name.ts'

const read = { label: 'key', named: 'argument', names: storedNames, says: 'is read from Vault' } as const
const whole: SourceModel = { label: 'settings', named: 'whole', title: 'a whole secret of Vault', says: 'is read' }

/** HashiCorp Vault. The token of a client is what it signs in with. */
export const vault: Model = {
  id: 'vault',
  title: 'Vault',
  values: { Vault: 'vault' },
  calls: [
    { on: ['vault'], names: ['logical', 'kv', 'auth_token', 'sys'], type: 'vault' },
    { on: ['Vault::Client'], names: ['new'], type: 'vault' },
    { on: ['vault'], names: ['with_retries'], gives: ['block'] },
    { on: ['vault'], names: ['read', 'read_metadata', 'write', 'unwrap'], type: 'vault secret' },
    { on: ['vault'], names: ['unwrap_token'], source: { ...read, named: 'call', names: 'any' } },
    { on: ['vault secret'], names: ['data'], type: 'vault data' },
    { on: ['vault secret'], names: ['auth'], type: 'vault auth' },
    { on: ['vault auth'], names: ['client_token'], source: { ...read, named: 'call', names: 'any' } },
    // With version 2 of the key-value engine the secret is the entry `data` of the data.
    { on: ['vault data'], names: ['[]', 'fetch'], type: 'vault data', source: read },
    { on: ['vault data'], names: ['dig'], source: { ...read, named: 'each argument' } },
    {
      on: ['vault data'],
      names: ['to_h', 'to_hash', 'transform_keys', 'symbolize_keys', 'with_indifferent_access', 'slice', 'dup'],
      type: 'vault data',
    },
    { on: ['vault data'], names: ['to_json', 'inspect', 'to_s', 'values', 'map', 'each', 'to_yaml'], source: whole },
    { on: ['Vault::Rails'], names: ['decrypt'], source: { ...read, named: 'call', names: 'any' } },
  ],
  documentation: 'https://github.com/hashicorp/vault-ruby',
}

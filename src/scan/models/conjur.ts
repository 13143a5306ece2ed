import type { Model, SourceModel } from '../model.ts'

const source: SourceModel = { label: 'key', named: 'call', names: 'any', says: 'is read from Conjur' }

export const conjur: Model = {
  id: 'conjur',
  title: 'Conjur',
  calls: [
    { on: ['Conjur::API'], names: ['new_from_key', 'new_from_token', 'new_from_token_file'], type: 'conjur' },
    { on: ['conjur'], names: ['resource', 'variable'], type: 'conjur variable' },
    { on: ['Conjur::API', 'conjur'], names: ['variable_values'], source },
    { on: ['conjur variable'], names: ['value'], source },
  ],
  documentation: 'https://github.com/cyberark/conjur-api-ruby',
}

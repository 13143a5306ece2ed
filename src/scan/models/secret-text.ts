import type { Model } from '../model.ts'
import { storedNames } from '../secret-name.ts'

/** Texts that a store of secrets has given: one secret, or several as JSON. */
export const secretText: Model = {
  id: 'secret-text',
  title: 'Secrets as JSON',
  wholes: { 'secret entries': { title: 'a whole secret of the store', label: 'settings' } },
  calls: [
    {
      on: ['JSON', 'Oj', 'MultiJson', 'YAML', 'Psych'],
      names: ['parse', 'load', 'parse!', 'safe_load'],
      typeBy: { 'secret text': 'secret entries' },
    },
    {
      on: ['secret entries', 'secret entry'],
      names: ['[]', 'fetch', 'dig'],
      type: 'secret entry',
      source: { label: 'key', named: 'argument', names: storedNames, says: 'is read from the store of secrets' },
    },
    {
      on: ['secret entries'],
      names: ['symbolize_keys', 'with_indifferent_access', 'transform_keys', 'to_h', 'slice', 'dup'],
      type: 'secret entries',
    },
    {
      on: ['secret entries'],
      names: ['to_json', 'inspect', 'to_s', 'values', 'map', 'each', 'to_yaml'],
      source: { label: 'settings', named: 'whole', title: 'a whole secret of the store', says: 'is read' },
    },
  ],
  documentation: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html',
}

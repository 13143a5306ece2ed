import type { Model, SourceModel } from '../model.ts'

const source: SourceModel = { label: 'key', named: 'call', says: 'is read from the settings' }

/** Config (`Settings.a.b`), Figaro, Chamber, Anyway, EasySettings, Global: an entry with a secret’s name is a secret. */
export const settingsGems: Model = {
  id: 'settings-gems',
  title: 'Config, Figaro, Chamber and Anyway Config',
  values: { Settings: 'settings object', EasySettings: 'settings object' },
  wholes: { 'settings object': { title: 'all settings', label: 'settings' } },
  calls: [
    // An entry that is no secret may hold one further down.
    {
      on: ['settings object', 'settings entry'],
      names: ['[]', 'fetch', 'dig', 'get'],
      type: 'settings entry',
      source: { ...source, named: 'argument' },
    },
    { on: ['settings object', 'settings entry'], names: ['*'], type: 'settings entry', source },
    {
      on: ['settings object'],
      names: ['to_h', 'to_hash', 'to_json', 'inspect', 'to_s', 'as_json'],
      source: { ...source, label: 'settings', named: 'whole', title: 'all settings' },
    },
    { on: ['Figaro'], names: ['env'], type: 'figaro' },
    { on: ['figaro'], names: ['*'], source: { ...source, says: 'is read from the environment' } },
    { on: ['ENVied'], names: ['*'], source: { ...source, says: 'is read from the environment' } },
    {
      on: ['Chamber'],
      names: ['[]', 'dig', 'dig!', 'env'],
      type: 'settings entry',
      source: { ...source, named: 'argument' },
    },
    { on: ['Anyway::Config'], names: ['new', 'instance'], type: 'settings object' },
    { on: ['Anyway::Config'], names: ['*'], source },
    {
      on: ['Anyway::Config'],
      names: ['to_h', 'to_hash', 'to_json', 'inspect', 'as_json', 'pretty_inspect'],
      source: { ...source, label: 'settings', named: 'whole', title: 'all settings' },
    },
  ],
  documentation: 'https://github.com/rubyconfig/config',
}

import type { CallModel, Model } from '../model.ts'

const whole = [
  ...['to_h', 'to_hash', 'to_json', 'as_json', 'inspect', 'to_s', 'config', 'read', 'each', 'map', 'values', 'to_a'],
  ...['each_pair', 'select', 'reject', 'except', 'merge', 'pretty_inspect', 'to_yaml', 'deep_symbolize_keys'],
]
const fromCredentials = 'is read from the credentials of the app'
const fromConfiguration = 'is read from the configuration of the app'

/** Where Rails keeps an app's keys: credentials, secrets, `config_for`, `config.x`. */
export const railsSettings: Model = {
  id: 'rails-settings',
  title: 'Credentials and configuration of Rails',
  calls: [
    { on: ['Rails'], names: ['application'], type: 'rails application' },
    { on: ['Rails'], names: ['configuration'], type: 'rails configuration' },
    { on: ['rails application'], names: ['config'], type: 'rails configuration' },
    { on: ['rails application'], names: ['credentials', 'secrets', 'encrypted'], type: 'rails credentials' },
    { on: ['rails application', 'Rails'], names: ['config_for'], type: 'rails configuration' },
    {
      on: ['rails application'],
      names: ['secret_key_base', 'secret_token'],
      source: { label: 'key', named: 'call', says: fromCredentials },
    },
    {
      on: ['rails credentials'],
      names: ['[]', 'fetch'],
      type: 'rails credentials',
      source: { label: 'key', named: 'argument', says: fromCredentials },
    },
    {
      on: ['rails credentials'],
      names: ['dig'],
      source: { label: 'key', named: 'each argument', says: fromCredentials },
    },
    {
      on: ['rails credentials'],
      names: whole,
      source: { label: 'settings', named: 'whole', title: 'all credentials of the app', says: 'are read' },
    },
    {
      on: ['rails credentials'],
      names: ['*'],
      type: 'rails credentials',
      source: { label: 'key', named: 'call', says: fromCredentials },
    },
    { on: ['rails configuration'], names: ['x'], type: 'rails own configuration' },
    {
      on: ['rails own configuration'],
      names: ['to_h', 'to_hash', 'values'],
      source: { label: 'settings', named: 'whole', title: 'the app’s own configuration', says: 'is read' },
    },
    ...['rails own configuration', 'rails configuration'].flatMap((type): CallModel[] => [
      {
        on: [type],
        names: ['[]', 'fetch'],
        type,
        source: { label: 'key', named: 'argument', says: fromConfiguration },
      },
      { on: [type], names: ['dig'], source: { label: 'key', named: 'each argument', says: fromConfiguration } },
      { on: [type], names: ['*'], type, source: { label: 'key', named: 'call', says: fromConfiguration } },
    ]),
  ],
  documentation: 'https://guides.rubyonrails.org/security.html#custom-credentials',
}

import type { Model } from '../model.ts'

const answered = 'answered to the client'

export const hanami: Model = {
  id: 'hanami',
  title: 'Hanami',
  framework: {
    bases: ['Hanami::Action'],
    requires: ['hanami', 'hanami/controller', 'hanami/action'],
    classic: false,
    routes: [],
    answersWithValue: false,
    actions: { names: ['handle'], takes: ['request', 'response'], answersWithValue: false, renders: false },
    filters: ['before', 'after'],
    failures: [],
    sets: [],
    enables: [],
    disables: [],
    switches: [],
    settings: [],
    configures: [],
    environmentTests: {},
    environmentUnset: 'development',
    uses: ['use'],
    environment: '',
    appNames: [],
  },
  calls: [
    { on: ['', 'Hanami::Action'], names: ['halt'], sink: { kind: 'response', takes: 'all', says: answered } },
    {
      on: ['response'],
      names: ['redirect_to'],
      sink: { kind: 'redirect', takes: { positions: [0] }, says: 'answered to the client in Location' },
    },
    {
      on: ['response'],
      names: ['render'],
      sink: { kind: 'template', takes: 'all', says: 'handed to the view of the answer' },
    },
    { on: ['response'], names: ['session', 'flash'], type: 'session' },
    { on: ['response'], names: ['cookies'], type: 'cookie jar' },
    { on: ['Hanami'], names: ['app'], type: 'hanami app' },
    { on: ['hanami app'], names: ['settings'], type: 'hanami settings' },
    { on: ['', 'Hanami::Action'], names: ['settings'], type: 'hanami settings' },
    {
      on: ['hanami settings'],
      names: ['*'],
      source: { label: 'key', named: 'call', says: 'is read from the settings of the app' },
    },
  ],
  entries: { 'hanami app': { settings: 'hanami settings' } },
  documentation: 'https://guides.hanamirb.org/v2.2/actions/overview/',
}

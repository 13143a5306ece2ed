import type { Model } from '../model.ts'

/** Cuba and Syro: small routers whose code writes to `res`. */
export const cuba: Model = {
  id: 'cuba',
  title: 'Cuba and Syro',
  framework: {
    bases: ['Cuba', 'Syro::Deck'],
    requires: ['cuba', 'syro'],
    classic: true,
    routes: [],
    answersWithValue: false,
    filters: [],
    failures: [],
    sets: [],
    enables: [],
    disables: [],
    switches: [],
    settings: ['settings'],
    configures: [],
    groups: ['define'],
    environmentTests: {},
    environmentUnset: 'development',
    uses: ['use'],
    environment: '',
    appNames: [],
  },
  calls: [
    { on: [''], names: ['res'], type: 'response' },
    { on: [''], names: ['req'], type: 'request' },
    { on: [''], names: ['session'], type: 'session' },
    { on: [''], names: ['env'], type: 'request environment' },
    {
      on: [''],
      names: ['render', 'view', 'partial'],
      renders: true,
      gives: ['arguments'],
      sink: { kind: 'template', takes: { positions: [1] }, says: 'handed to the template of the answer' },
    },
  ],
  documentation: 'https://github.com/soveran/cuba/blob/master/README.md',
}

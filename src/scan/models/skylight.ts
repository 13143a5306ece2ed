import type { Model } from '../model.ts'

export const skylight: Model = {
  id: 'skylight',
  title: 'Skylight',
  calls: [
    {
      on: ['Skylight'],
      names: ['instrument'],
      gives: ['block'],
      sink: { kind: 'telemetry', takes: { positions: [0] }, says: 'sent to Skylight' },
    },
  ],
  documentation: 'https://www.skylight.io/support/instrumenting-your-app',
}

import type { Model } from '../model.ts'
import { sinatraCalls, sinatraFramework } from './sinatra.ts'

/** Sinatra with controllers, and words of its own for templates and cookies. */
export const padrino: Model = {
  id: 'padrino',
  title: 'Padrino',
  framework: {
    ...sinatraFramework,
    bases: ['Padrino::Application'],
    requires: ['padrino', 'padrino-core'],
    classic: false,
    groups: ['controllers', 'controller'],
  },
  calls: sinatraCalls,
  documentation: 'https://padrinorb.com/guides/',
}

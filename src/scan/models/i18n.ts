import type { Model } from '../model.ts'

/** I18n: what fills the places of a translation is in it. */
export const i18n: Model = {
  id: 'i18n',
  title: 'I18n',
  calls: [{ on: ['', 'I18n'], names: ['t', 'translate', 't!', 'translate!', 'interpolate'], gives: ['arguments'] }],
  documentation: 'https://guides.rubyonrails.org/i18n.html',
}

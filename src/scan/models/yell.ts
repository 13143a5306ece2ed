import type { Model } from '../model.ts'

/** Its loggers have the words of Logger. */
export const yell: Model = {
  id: 'yell',
  title: 'Yell',
  calls: [{ on: ['Yell', 'Yell::Logger'], names: ['new', '[]', 'load!'], type: 'logger', blockTakes: ['plain'] }],
  documentation: 'https://github.com/rudionrails/yell',
}

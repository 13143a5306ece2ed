import { firstOf } from '../first-of.ts'
import type { Trace } from '../trace.ts'

const marks = [
  'enabled the <code>show_exceptions</code> setting.',
  '/__sinatra__/500.png',
  '/__sinatra__/404.png',
  // The apostrophe is three bytes in between.
  't know this ditty.</h2>',
]

/** Sinatra in development mode: the page of an error, and the page of an unknown path. */
export const sinatraDevelopmentPage: Trace = {
  id: 'sinatra-development-page',
  title: 'Sinatra development page',
  shows: 'debug page',
  needles: marks,
  find: (text) => firstOf(text, marks),
  examples: {
    shown: [
      '<p id="explanation">You\'re seeing this error because you have\nenabled the <code>show_exceptions</code> setting.</p>',
      "<img src='https://service.example/__sinatra__/404.png'>",
    ],
    clean: ['<h1>Not Found</h1>', 'Turn off <code>show_exceptions</code> in production.'],
  },
}

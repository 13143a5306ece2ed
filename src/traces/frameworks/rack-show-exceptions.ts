import { firstOf } from '../first-of.ts'
import type { Trace } from '../trace.ts'

const marks = [
  "You're seeing this error because you use <code>Rack::ShowExceptions</code>",
  '<h2>Traceback <span>(innermost first)</span></h2>',
  '<ul class="traceback">',
]

/** The page of Rack::ShowExceptions: message, source lines, the request's environment. */
export const rackShowExceptions: Trace = {
  id: 'rack-show-exceptions',
  title: 'Rack::ShowExceptions page',
  shows: 'debug page',
  needles: marks,
  find: (text) => firstOf(text, marks),
  examples: {
    shown: [
      '<p>You&#x27;re seeing this error because you use <code>Rack::ShowExceptions</code>.</p>',
      '<h2>Traceback <span>(innermost first)</span></h2><li class="frame"><code>apps&#x2F;app.rb</code>: in <code>call</code>',
    ],
    clean: ['<p>Install <code>Rack::ShowExceptions</code> in development only.</p>', '<h1>Internal Server Error</h1>'],
  },
}

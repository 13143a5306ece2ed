import type { Check } from '../check.ts'

export const debugPage: Check = {
  id: 'debug-page',
  title: 'The service shows a debug page',
  severity: 'high',
  cwe: 489,
  explanation: `The service answers with a page that is made for its developers: the exception with source lines around it,
the request's environment, parameters and cookies. Such pages depend on \`Accept\` and \`User-Agent\`, so each error is
provoked as curl and as a browser.

**Fix.** Set \`APP_ENV=production\` (or \`RACK_ENV\`), \`set :show_exceptions, false\`, and remove
\`use Rack::ShowExceptions\`. Hardening inside \`configure :production\` does nothing while the environment is unset.`,
  requests: [{ method: 'GET', target: '/__sinatra__/500.png' }],
  readAnswer(seen) {
    const pages = seen.traces
      .filter(({ trace }) => trace.shows === 'debug page')
      .map(({ trace, hit, text }) => ({
        message: `${trace.title} in the answer with status ${seen.answer.status}`,
        fix: 'set APP_ENV=production and show_exceptions to false, and remove Rack::ShowExceptions',
        evidence: [text.slice(hit.start, hit.end)],
        identity: trace.id,
        part: 'body',
      }))
    return isSinatraImage(seen) ? [...pages, sinatraImage] : pages
  },
}

const sinatraImage = {
  message: 'Sinatra serves the images of its development pages: the app runs, or was loaded, in development mode',
  fix: 'set APP_ENV=production before Sinatra is loaded',
  evidence: ['/__sinatra__/500.png is a PNG image'],
  identity: 'sinatra image',
  part: 'body',
}

function isSinatraImage({ request, answer }: Parameters<NonNullable<Check['readAnswer']>>[0]): boolean {
  const isAsked = request.target === '/__sinatra__/500.png' && answer.status === 200
  return isAsked && answer.body.subarray(1, 4).toString('latin1') === 'PNG'
}

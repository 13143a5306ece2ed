import { runsInProduction } from '../flow/environments.ts'
import { type Call, type Expression, walk } from '../form.ts'
import type { Framework } from '../model.ts'
import type { ProgramEvidence, Rule } from '../rule.ts'
import { ownerOf } from '../survey.ts'

export const showExceptionsInProduction: Rule = {
  id: 'show-exceptions-in-production',
  about: 'program',
  title: 'Debug page is on in production',
  severity: 'high',
  cwe: 489,
  explanation: `A middleware or a setting that answers errors with a debug page is on where the app is in production. The page shows the
exception's message, the backtrace with source lines, the request with its fields and cookies, and the Rack environment.

An \`error\` block hides the page only until that block raises itself, \`raise_errors\` is on, or a middleware raises.

**Fix.** Put it inside \`configure :development do … end\`; in production answer errors from an \`error\` block with a text of
your own.`,
  examples: {
    bad: [
      "require 'sinatra'\nconfigure :production do\n  use Rack::ShowExceptions\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  enable :show_exceptions\nend",
      {
        'config.ru': "require './app'\nuse Rack::ShowExceptions\nrun App\n",
        'app.rb': "require 'sinatra/base'\nclass App < Sinatra::Base\nend\n",
      },
      "require 'sinatra'\nset :show_exceptions, :after_handler",
      "require 'sinatra'\nset :environment, :development",
    ],
    good: [
      "require 'sinatra'\nconfigure :development do\n  use Rack::ShowExceptions\n  set :show_exceptions, true\nend",
      "require 'sinatra'\nset :show_exceptions, false",
      "require 'sinatra'\nuse Rack::ShowExceptions if development?",
      "require 'sinatra'\nuse BetterErrors::Middleware unless ENV['RACK_ENV'] == 'production'",
    ],
  },
  *check({ program, debugging }) {
    const words = program.frameworks.flatMap(({ uses, enables, sets }) => [...uses, ...enables, ...sets])
    for (const { source, form } of program.codeMentioning(words)) {
      const found: { readonly start: number; readonly end: number; readonly what: string }[] = []
      walk(form, (expression, enclosing) => {
        if (expression.kind !== 'call' || expression.receiver) return
        const framework = program.frameworkOf(ownerOf(enclosing))
        if (!framework) return
        const what = turnsOn(expression, framework, debugging)
        const { start, end } = expression
        if (what !== undefined && runsInProduction([...enclosing, expression], framework)) {
          found.push({ start, end, what })
        }
      })
      for (const { start, end, what } of found) {
        yield {
          file: source,
          start,
          end,
          message: `${what} answers errors with the exception, the backtrace and the request, in production too.`,
          fix: `Only in development: configure :development do ${source.quote(start, end)} end`,
          identity: [what],
        }
      }
    }
  },
}

/** What of the debug pages a call turns on. */
function turnsOn(call: Call, framework: Framework, debugging: ProgramEvidence['debugging']): string | undefined {
  const { name, args } = call
  const [first, second] = args
  if (framework.uses.includes(name)) {
    const middleware = first?.kind === 'read' ? first.variable.name : ''
    return debugging.middleware.includes(middleware) ? middleware : undefined
  }
  if (framework.enables.includes(name)) return args.flatMap(nameOf).find((each) => debugging.settings.includes(each))
  if (!framework.sets.includes(name) || !first || !second) return undefined
  const [setting = ''] = nameOf(first)
  if (setting === framework.environment && nameOf(second)[0] === 'development') return 'The development environment'
  return debugging.settings.includes(setting) && isOn(second) ? setting : undefined
}

/** A literal that is true, and not one that was meant as off: that is another rule's. */
function isOn(value: Expression): boolean {
  if (value.kind === 'text') return !/^(?:off|no|none|false|disabled?|never|nil)$/i.test(value.value)
  return value.kind === 'constant' && value.value === true
}

function nameOf(expression: Expression): string[] {
  return expression.kind === 'text' ? [expression.value] : []
}

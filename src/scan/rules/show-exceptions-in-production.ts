import { plainWords, runsInProduction } from '../flow/environments.ts'
import { type Call, type Expression, walk } from '../form.ts'
import type { Framework } from '../model.ts'
import type { ProgramEvidence, Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'
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
      "use Rack::ShowExceptions\nrun ->(env) { [200, {}, ['ok']] }",
      {
        'config/environments/production.rb':
          'Rails.application.configure do\n  config.consider_all_requests_local = true\nend\n',
        'app/controllers/a_controller.rb': 'class AController < ActionController::Base\nend\n',
      },
      "class Orders < Grape::API\n  rescue_from :card_error, backtrace: true do\n    error!('failed', 500)\n  end\nend",
      "require 'roda'\nclass App < Roda\n  plugin :exception_page\n  plugin :error_handler do |e|\n    next exception_page(e)\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nconfigure :development do\n  use Rack::ShowExceptions\n  set :show_exceptions, true\nend",
      "require 'sinatra'\nset :show_exceptions, false",
      "require 'sinatra'\nuse Rack::ShowExceptions if development?",
      "require 'sinatra'\nuse BetterErrors::Middleware unless ENV['RACK_ENV'] == 'production'",
      "use Rack::ShowExceptions if ENV['RACK_ENV'] == 'development'\nrun ->(env) { [200, {}, ['ok']] }",
      {
        'config/environments/production.rb':
          'Rails.application.configure do\n  config.consider_all_requests_local = false\n  config.action_dispatch.show_exceptions = true\nend\n',
        'config/environments/development.rb':
          'Rails.application.configure do\n  config.consider_all_requests_local = true\nend\n',
        'app/controllers/a_controller.rb': 'class AController < ActionController::Base\nend\n',
      },
      "require 'roda'\nclass App < Roda\n  plugin :exception_page\n  plugin :error_handler do |e|\n    next exception_page(e) if ENV['RACK_ENV'] == 'development'\n    'failed'\n  end\nend",
    ],
  },
  *check({ program, debugging }) {
    const words = program.frameworks.flatMap(({ uses, enables, sets, failures }) => [
      ...uses,
      ...enables,
      ...sets,
      ...failures,
    ])
    const assigned = debugging.assigned.map((name) => `${name}=`)
    const said = [...debugging.middleware, ...debugging.settings, ...debugging.options, 'development']
    const names = [...words, 'use', ...assigned, ...debugging.calls]
    for (const { source, form } of program.codeMentioning(names, [
      ...said,
      ...debugging.assigned,
      ...debugging.calls,
    ])) {
      if (isOfOtherEnvironment(source.path, program.frameworks)) continue
      const found: {
        readonly start: number
        readonly end: number
        readonly what: string
        readonly correction?: string
      }[] = []
      walk(form, (expression, enclosing) => {
        if (expression.kind !== 'call') return
        const framework = program.frameworkOf(ownerOf(enclosing)) ?? program.frameworks[0]
        const what = turnsOn(expression, framework, debugging)
        const { start, end } = expression
        if (what !== undefined && runsInProduction([...enclosing, expression], framework ?? plainWords)) {
          const correction = turnedOff(expression, source, framework)
          found.push({ start, end, what, ...(correction === undefined ? {} : { correction }) })
        }
      })
      for (const { start, end, what, correction } of found) {
        yield {
          file: source,
          start,
          end,
          ...(correction === undefined ? {} : { correction }),
          message: `${what} answers errors with the exception, the backtrace and the request, in production too.`,
          fix: `Only in development: ${source.quote(start, end)} belongs inside a test for it (configure :development in Sinatra, config/environments/development.rb in Rails).`,
          identity: [what],
        }
      }
    }
  },
}

/** The same call with what turns the page on turned off; undefined where it turns on more, or has no such word. */
function turnedOff(call: Call, source: SourceFile, framework: Framework | undefined): string | undefined {
  const { name, args, receiver, start, end } = call
  const [off] = framework?.disables ?? []
  if (!receiver && framework?.enables.includes(name) && off !== undefined)
    return args.length === 1 ? `${off}${source.quote(start + name.length, end)}` : undefined
  const value = args.at(-1)
  if (value?.kind !== 'constant' || value.value !== true) return undefined
  return `${source.quote(start, value.start)}false${source.quote(value.end, end)}`
}

/** Whether a file is read in an environment that is not production. */
function isOfOtherEnvironment(path: string, frameworks: readonly Framework[]): boolean {
  return frameworks.some(({ environmentFiles }) => {
    if (environmentFiles === undefined) return false
    const at = `/${path}`.indexOf(`/${environmentFiles}/`)
    return at !== -1 && !/^(?:production|staging)\b/.test(path.slice(at + environmentFiles.length + 1))
  })
}

/** What of the debug pages a call turns on. */
function turnsOn(
  call: Call,
  framework: Framework | undefined,
  debugging: ProgramEvidence['debugging'],
): string | undefined {
  const { name, args, receiver } = call
  const [first, second] = args
  if (receiver) {
    const setting = name.endsWith('=') ? name.slice(0, -1) : ''
    return first && debugging.assigned.includes(setting) && isOn(first) ? setting : undefined
  }
  if (framework ? framework.uses.includes(name) : name === 'use') {
    const middleware = first?.kind === 'read' ? first.variable.name : ''
    return debugging.middleware.includes(middleware) ? middleware : undefined
  }
  if (!framework) return undefined
  if (debugging.calls.includes(name) && first) return name
  if (framework.failures.includes(name)) return optionOn(args, debugging.options)
  if (framework.enables.includes(name)) return args.flatMap(nameOf).find((each) => debugging.settings.includes(each))
  if (!framework.sets.includes(name) || !first || !second) return undefined
  const [setting = ''] = nameOf(first)
  if (setting === framework.environment && nameOf(second)[0] === 'development') return 'The development environment'
  return debugging.settings.includes(setting) && isOn(second) ? setting : undefined
}

function optionOn(args: readonly Expression[], options: readonly string[]): string | undefined {
  for (const arg of args) {
    for (const { key, value } of arg.kind === 'table' ? arg.entries : []) {
      const name = key?.kind === 'text' ? key.value : ''
      if (options.includes(name) && isOn(value)) return `${name}: true`
    }
  }
  return undefined
}

/** A literal that is true, and not one that was meant as off: that is another rule's. */
function isOn(value: Expression): boolean {
  if (value.kind === 'text') return !/^(?:off|no|none|false|disabled?|never|nil)$/i.test(value.value)
  return value.kind === 'constant' && value.value === true
}

function nameOf(expression: Expression): string[] {
  return expression.kind === 'text' ? [expression.value] : []
}

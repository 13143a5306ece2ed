import { gateShutWhereUnset, runsInProduction } from '../flow/environments.ts'
import type { Program } from '../flow/program.ts'
import { type Call, type Expression, walk } from '../form.ts'
import type { Framework } from '../model.ts'
import type { Rule } from '../rule.ts'
import { namesProduction } from '../servers/names-production.ts'
import type { SourceFile } from '../source-file.ts'
import { ownerOf } from '../survey.ts'

export const hardeningOnlyInGate: Rule = {
  id: 'hardening-only-in-gate',
  about: 'program',
  title: 'Protection is on only where a variable says production',
  severity: 'medium',
  cwe: 1188,
  explanation: `What keeps errors from clients (an \`error\` block, \`show_exceptions\` turned off) stands inside a gate like
\`configure :production\`, nowhere else, and nothing in the repository sets the environment that opens the gate.

Sinatra is in **development** where neither \`APP_ENV\` nor \`RACK_ENV\` is set: started as it is, the service answers errors
with the debug page, its backtrace and the caller's fields, and nobody notices until something fails.

**Fix.** Turn protection on for everybody and off in development: \`configure :development do … end\` for what helps
there. Set \`APP_ENV=production\` where the service is started, too.`,
  examples: {
    bad: [
      "require 'sinatra'\nconfigure :production do\n  set :show_exceptions, false\n  set :dump_errors, false\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  configure :production do\n    error do\n      'internal error'\n    end\n  end\nend",
      "require 'sinatra'\nif ENV['RACK_ENV'] == 'production'\n  disable :show_exceptions\nend",
      {
        Dockerfile: 'FROM ruby:3.4\nWORKDIR /app\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
        'app.rb':
          "require 'sinatra'\nconfigure :production do\n  disable :show_exceptions, :dump_errors\nend\nget('/') { 'ok' }\n",
      },
    ],
    good: [
      "require 'sinatra'\nset :show_exceptions, false\nconfigure :production do\n  set :dump_errors, false\nend",
      "require 'sinatra'\nconfigure :development do\n  set :show_exceptions, true\nend",
      "require 'sinatra'\nset :environment, :production\nconfigure :production do\n  set :show_exceptions, false\nend",
      {
        Dockerfile: 'FROM ruby:3.4\nENV APP_ENV=production\nWORKDIR /app\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
        'app.rb': "require 'sinatra'\nconfigure :production do\n  disable :show_exceptions\nend\nget('/') { 'ok' }\n",
      },
    ],
  },
  *check({ program, deployment }) {
    if (namesProduction(deployment)) return
    const { gates, isSet } = readProtections(program)
    if (isSet) return
    for (const { file, gate, what } of gates) {
      yield {
        file,
        start: gate.start,
        end: endOfHead(gate),
        confidence: 'firm',
        message: `${what} protects only where a variable names the environment, and nothing here sets it: without it the app is in development and answers errors with the debug page.`,
        fix: `Move ${what} out of the gate, so that it holds everywhere; set APP_ENV=production where the service is started.`,
        identity: [what],
      }
    }
  },
}

interface Gate {
  readonly file: SourceFile
  readonly gate: Expression
  readonly what: string
}

/** One for each gate; `isSet`: the app says elsewhere what it does with errors, or which environment it is in. */
function readProtections(program: Program): { readonly gates: readonly Gate[]; readonly isSet: boolean } {
  const gates: Gate[] = []
  let isSet = false
  for (const { source, form } of codeOfProtections(program)) {
    const told = new Set<Expression>()
    walk(form, (expression, enclosing) => {
      if (expression.kind !== 'call') return
      isSet ||= writesEnvironment(expression)
      const framework = program.frameworkOf(ownerOf(enclosing))
      if (!framework?.errorPage || expression.receiver) return
      const around = [...enclosing, expression]
      const gate = gateShutWhereUnset(around, framework)
      if (!gate) isSet ||= setsErrors(expression, framework)
      const what = gate && runsInProduction(around, framework) ? protection(expression, framework) : undefined
      if (!gate || what === undefined || told.has(gate)) return
      told.add(gate)
      gates.push({ file: source, gate, what })
    })
  }
  return { gates, isSet }
}

/** What sets how errors are answered, what handles them inside of a gate, and what names the environment. */
function* codeOfProtections(program: Program): ReturnType<Program['codeMentioning']> {
  const frameworks = program.frameworks.filter(({ errorPage }) => errorPage !== undefined)
  const setting = frameworks.flatMap(({ sets, disables, enables }) => [...sets, ...disables, ...enables])
  const set = frameworks.flatMap(({ errorPage, environment }) => [errorPage ?? '', environment])
  const failures = frameworks.flatMap((framework) => framework.failures)
  const tests = frameworks.flatMap(({ environmentTests }) => Object.keys(environmentTests))
  const seen = new Set<string>()
  for (const [names, words] of [
    [setting, set.filter((word) => word !== '')],
    [failures, ['production', '_ENV', ...tests]],
    [['[]='], 'environment by name'],
  ] as const) {
    for (const code of program.codeMentioning(names, words)) {
      if (seen.has(code.source.path)) continue
      seen.add(code.source.path)
      yield code
    }
  }
}

/** Whether the call says, for everywhere, which environment the app is in or whether errors are shown. */
function setsErrors({ name, args }: Call, { sets, disables, errorPage, environment }: Framework): boolean {
  if (disables.includes(name)) return args.some((arg) => arg.kind === 'text' && arg.value === errorPage)
  if (!sets.includes(name)) return false
  const names = [...args.slice(0, 1), ...args.flatMap(keysOfTable)].flatMap((arg) =>
    arg.kind === 'text' ? arg.value : [],
  )
  return names.some((each) => each === errorPage || each === environment)
}

/** `ENV['RACK_ENV'] ||= 'production'`. */
function writesEnvironment({ name, args }: Call): boolean {
  const [variable] = args
  return name === '[]=' && variable?.kind === 'text' && /(?:^|_)ENV$/.test(variable.value)
}

/** What a call does to keep errors from clients. */
function protection({ name, args, block }: Call, framework: Framework): string | undefined {
  const { errorPage = '', failures, sets, disables } = framework
  if (failures.includes(name) && block && args.length === 0) return `the ${name} block`
  if (disables.includes(name))
    return args.some((arg) => arg.kind === 'text' && arg.value === errorPage) ? `${name} :${errorPage}` : undefined
  const [first, second] = args
  if (!sets.includes(name) || first?.kind !== 'text' || first.value !== errorPage) return undefined
  return second?.kind === 'constant' && second.value === false ? `${name} :${errorPage}, false` : undefined
}

function keysOfTable(arg: Expression): readonly Expression[] {
  return arg.kind === 'table' ? arg.entries.flatMap(({ key }) => key ?? []) : []
}

/** Of a block its first line, as far as the arguments. */
function endOfHead(gate: Expression): number {
  if (gate.kind === 'call') return gate.args.at(-1)?.end ?? gate.nameStart + gate.name.length
  return (gate.kind === 'branch' ? gate.tests[0]?.end : undefined) ?? gate.end
}

import { callsOf, constantOf } from '../flow/calls-of.ts'
import { runsInProduction } from '../flow/environments.ts'
import { flowsAt } from '../flow/flows-at.ts'
import type { Call, Expression, Table } from '../form.ts'
import type { Rule } from '../rule.ts'
import { sessionMiddleware } from '../session-secret.ts'
import type { SourceFile } from '../source-file.ts'
import { ownerOf } from '../survey.ts'

const setting = new Set(['set', 'use', 'set_cookie', '[]=', 'session_store'])
/** What makes every cookie one that is sent over TLS only. */
const forcing = ['force_ssl=', 'Rack::SSL', 'Rack::SslEnforcer', 'SecureHeaders']
/** Cookies that sign somebody in, by their names. */
const signingIn =
  /(?:^|[_.-])(?:session|sess|sid|auth|token|jwt|api_?key|remember(?:_me)?|login)(?:$|[_.-])|session_?id|access_?token/i

export const sessionCookieWithoutFlags: Rule = {
  id: 'session-cookie-without-flags',
  about: 'program',
  title: 'A cookie that signs in is sent in the clear, or can be read by scripts',
  severity: 'medium',
  cwe: 614,
  explanation: `The cookie of the session is told to be sent over plain HTTP (\`secure: false\`), to be readable by the page's scripts
(\`httponly: false\`), or to go with requests from every other site (\`same_site: :none\` without \`secure\`); or a cookie that somebody
signs in with is set without \`secure\` or without \`httponly\`, which a cookie that the app sets itself does not have by default.

Whoever sees one plain request, or has one script run in a page, acts in the caller's name.

Not told: a session whose options are left as they are (\`enable :sessions\`), which is \`httponly\`; give it \`secure: true\` too.

**Fix.** \`set :sessions, httponly: true, secure: true, same_site: :lax\`;
\`response.set_cookie('session_id', value: id, httponly: true, secure: true, same_site: :lax)\`.`,
  examples: {
    bad: [
      "require 'sinatra'\nset :sessions, httponly: false, secure: true",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  use Rack::Session::Cookie, key: 'app', secret: ENV.fetch('SESSION_SECRET'), secure: false\nend",
      "require 'sinatra'\npost '/login' do\n  response.set_cookie('session_id', value: start_session, path: '/')\n  'in'\nend",
      "require 'sinatra'\npost '/login' do\n  response.set_cookie('auth_token', start_session)\n  'in'\nend",
      'class SessionsController < ApplicationController\n  def create\n    cookies[:remember_token] = { value: issue, httponly: true, secure: false }\n    head :ok\n  end\nend',
      "require 'sinatra'\nset :sessions, same_site: :none",
    ],
    good: [
      "require 'sinatra'\nset :sessions, httponly: true, secure: true, same_site: :lax",
      "require 'sinatra'\nconfigure :development do\n  set :sessions, secure: false\nend",
      "require 'sinatra'\npost '/login' do\n  response.set_cookie('session_id', value: start_session, httponly: true, secure: settings.production?, same_site: :strict)\n  'in'\nend",
      "require 'sinatra'\npost '/logout' do\n  response.set_cookie('session_id', value: '', max_age: '0')\n  response.delete_cookie('auth_token')\n  response.set_cookie('theme', value: 'dark')\n  'out'\nend",
    ],
  },
  *check({ program, flows }) {
    const isForced = program.mentioning(forcing).length > 0
    for (const found of callsOf(program, setting, 'cookie')) {
      const { call, source, enclosing } = found
      const framework = program.frameworkOf(ownerOf(enclosing)) ?? program.frameworks[0]
      if (framework && !runsInProduction([...enclosing, call], framework)) continue
      const cookie = cookieOf(call, framework?.actions !== undefined)
      const wrong = cookie ? wrongOf(cookie, isForced) : []
      if (!cookie || wrong.length === 0) continue
      // A key of the service in a cookie is told as that.
      if (flowsAt(flows, source, call.start).some(({ sink }) => sink === 'cookie')) continue
      yield {
        file: source,
        start: call.start,
        end: call.end,
        message: `${cookie.name} ${wrong.map(({ says }) => says).join(', and ')}.`,
        fix: 'Set it with httponly: true, secure: true and same_site: :lax.',
        correction: corrected(source, call, cookie, wrong),
        identity: [cookie.name],
      }
    }
  },
}

interface Cookie {
  readonly name: string
  /** Whether what is not said is as good as said. */
  readonly hasDefaults: boolean
  readonly options: Table | undefined
  /** What is written where its options could be. */
  readonly value: Expression
}

function cookieOf(call: Call, isOfController: boolean): Cookie | undefined {
  const [first, second] = call.args
  const options = call.args.find((arg) => arg.kind === 'table')
  switch (call.name) {
    case 'set':
      return first?.kind === 'text' && first.value === 'sessions' && options
        ? { name: 'The cookie of the session', hasDefaults: true, options, value: options }
        : undefined
    case 'use':
      return sessionMiddleware.test(constantOf(first) ?? '') && options
        ? { name: 'The cookie of the session', hasDefaults: true, options, value: options }
        : undefined
    case 'session_store':
      return options && { name: 'The cookie of the session', hasDefaults: true, options, value: options }
    case 'set_cookie':
      return first?.kind === 'text' && second && call.receiver ? ownCookie(first.value, second) : undefined
    default:
      return first?.kind === 'text' && second && isJar(call.receiver) && (isOfController || second.kind === 'table')
        ? ownCookie(first.value, second)
        : undefined
  }
}

function ownCookie(written: string, value: Expression): Cookie | undefined {
  if (!signingIn.test(written) || isDeleted(value)) return undefined
  const name = `The cookie ${written}`
  if (value.kind === 'table') return { name, hasDefaults: false, options: value, value }
  // A variable or a call may give the options as well.
  const from = value.kind === 'read' ? value.variable.name : value.kind === 'call' ? value.name : ''
  const mayBeOptions = /cookie|option|opts|hash|attr|merge|to_h$/i.test(from)
  return mayBeOptions ? undefined : { name, hasDefaults: false, options: undefined, value }
}

function isJar(receiver: Expression | undefined): boolean {
  if (receiver?.kind !== 'call') return false
  return (
    receiver.name === 'cookies' || (/^(?:signed|permanent|encrypted)$/.test(receiver.name) && isJar(receiver.receiver))
  )
}

function isDeleted(value: Expression): boolean {
  if (value.kind === 'text') return value.value === ''
  if (value.kind === 'constant') return value.value === null
  if (value.kind !== 'table') return false
  const [kept, age] = [entryOf(value, 'value'), entryOf(value, 'max_age')]
  if (kept && isDeleted(kept)) return true
  return (age?.kind === 'text' && age.value === '0') || (age?.kind === 'constant' && age.value === 0)
}

interface Wrong {
  readonly flag: string
  readonly says: string
  /** Where it is written wrongly. */
  readonly at?: Expression
}

const told = { secure: 'is sent over plain HTTP too', httponly: 'can be read by the page’s scripts' }

function wrongOf({ options, hasDefaults }: Cookie, isForced: boolean): readonly Wrong[] {
  const wrong: Wrong[] = []
  // What a spread brings is not known.
  const isWhole = !options?.entries.some(({ key }) => key?.kind !== 'text')
  for (const flag of ['secure', 'httponly'] as const) {
    if (flag === 'secure' && isForced) continue
    const at = options && (entryOf(options, flag) ?? (flag === 'httponly' ? entryOf(options, 'http_only') : undefined))
    const isOff = at?.kind === 'constant' && (at.value === false || at.value === null)
    if (at && isOff) wrong.push({ flag, says: told[flag], at })
    else if (!at && !hasDefaults && isWhole) wrong.push({ flag, says: told[flag] })
  }
  const site = options && entryOf(options, 'same_site')
  const isOpen = site?.kind === 'text' && /^none$/i.test(site.value)
  if (
    isOpen &&
    isWhole &&
    options &&
    !entryOf(options, 'secure') &&
    !isForced &&
    !wrong.some(({ flag }) => flag === 'secure')
  )
    wrong.push({ flag: 'secure', says: 'goes with requests from every other site, also over plain HTTP' })
  return wrong
}

function entryOf({ entries }: Table, name: string): Expression | undefined {
  return entries.find(({ key }) => key?.kind === 'text' && key.value === name)?.value
}

function corrected(source: SourceFile, call: Call, { options, value }: Cookie, wrong: readonly Wrong[]): string {
  const added = wrong.flatMap(({ flag, at }) => (at ? [] : [`${flag}: true`]))
  const last = options?.entries.at(-1)?.value
  if (!options || !last) {
    const whole = [`value: ${source.quote(value.start, value.end)}`, ...added, 'same_site: :lax'].join(', ')
    const given = call.name === '[]=' ? `{ ${whole} }` : whole
    return `${source.quote(call.start, value.start)}${given}${source.quote(value.end, call.end)}`
  }
  let text = ''
  let from = call.start
  for (const { start, end } of wrong.flatMap(({ at }) => at ?? []).sort((a, b) => a.start - b.start)) {
    text += `${source.quote(from, start)}true`
    from = end
  }
  const tail = added.map((each) => `, ${each}`).join('')
  return from >= last.end
    ? `${text}${tail}${source.quote(from, call.end)}`
    : `${text}${source.quote(from, last.end)}${tail}${source.quote(last.end, call.end)}`
}

import { callsOf } from '../flow/calls-of.ts'
import type { Program } from '../flow/program.ts'
import { type Expression, type Text, walk } from '../form.ts'
import { fileSetting } from '../literals/file-setting.ts'
import { isMixed, worthOf } from '../literals/judge-value.ts'
import type { Rule } from '../rule.ts'
import { sessionSecretOf, sessionSettingCalls } from '../session-secret.ts'
import { lastName } from '../survey.ts'

export const sessionSecretWeak: Rule = {
  id: 'session-secret-weak',
  about: 'program',
  title: 'Session secret is written in the source, and can be found by trying',
  severity: 'high',
  cwe: 798,
  explanation: `What signs session cookies is a word, a sentence or a default that stands in the source. Whoever reads it, or tries a list of
such words against one cookie, makes a session of any user; where cookies hold objects, as Rack's before version 2 and Rails'
\`:marshal\` do, also runs code. Rack ≥ 3 refuses secrets of fewer than 64 bytes.

**Fix.** \`set :session_secret, ENV.fetch('SESSION_SECRET')\` with the result of \`openssl rand -hex 64\`, or
\`SecureRandom.hex(64)\` where sessions may end with the process.`,
  examples: {
    bad: [
      "require 'sinatra'\nenable :sessions\nset :session_secret, 'change_me'",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  use Rack::Session::Cookie, key: 'app', secret: 'super secret'\nend",
      "require 'sinatra'\nenable :sessions\nset :session_secret, ENV['SESSION_SECRET'] || 'development'",
      "require 'sinatra'\nset sessions: true, session_secret: 'my app'",
      "require 'sinatra'\nset :sessions, expire_after: 3600, secret: ENV['SESSION_SECRET'] || 'dev secret'",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  SECRET = 'change me'.freeze\n  use Rack::Session::Cookie, secret: SECRET\nend",
      "require 'sinatra'\nrequire 'digest'\nenable :sessions\nset :session_secret, Digest::SHA256.hexdigest('ledger')",
      "require 'sinatra'\nenable :sessions\nset(:session_secret) { 'x' * 64 }",
      "require 'sinatra'\nuse Rack::Session::Cookie, secrets: ['change me', 'old one']",
      "require 'rails'\nRails.application.config.secret_key_base = 'please change this'",
    ],
    good: [
      "require 'sinatra'\nrequire 'digest'\nenable :sessions\nset :session_secret, Digest::SHA256.hexdigest(ENV.fetch('MASTER'))",
      "require 'sinatra'\nenable :sessions\nset :session_secret, ENV.fetch('SESSION_SECRET')",
      "require 'sinatra'\nrequire 'securerandom'\nenable :sessions\nset :session_secret, ENV.fetch('SESSION_SECRET') { SecureRandom.hex(64) }",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  use Rack::Session::Cookie, key: 'app', secret: ENV.fetch('SESSION_SECRET')\nend",
      "require 'sinatra'\nenable :sessions\nconfigure :test do\n  set :session_secret, 'test'\nend",
      {
        'config/environments/test.rb':
          "Rails.application.configure do\n  config.secret_key_base = 'a secret for tests'\nend",
      },
    ],
  },
  *check({ program }) {
    for (const found of callsOf(program, sessionSettingCalls, ['secret', 'ession'])) {
      const value = sessionSecretOf(found)
      const text = writtenIn(value, program)
      const { call, source, enclosing } = found
      if (!value || !text || isForTests(enclosing) || fileSetting(source.path).isTest) continue
      // What has the look of a secret is told as a literal.
      if (isToldAsLiteral(text.value)) continue
      yield {
        file: source,
        start: value.start,
        end: value.end,
        ...(isAlways(value) ? {} : { confidence: 'firm' as const, holds: 'where the variable is not set' }),
        message: `Sessions are signed with a text of ${Buffer.byteLength(text.value)} bytes that is written in the source: anybody makes sessions of any user.`,
        fix: "Read it from the environment, and make it with openssl rand -hex 64: ENV.fetch('SESSION_SECRET').",
        correction: "ENV.fetch('SESSION_SECRET')",
        identity: [call.name, found.enclosing.length === 0 ? '' : 'inside'],
      }
    }
  },
}

function isToldAsLiteral(text: string): boolean {
  const worth = worthOf(text)
  return worth === 'strong' || worth === 'random' || (worth === 'weak' && isMixed(text))
}

/** Whether nothing else than what is written can be the value. */
function isAlways(value: Expression): boolean {
  return value.kind !== 'branch' && !(value.kind === 'call' && value.name === 'fetch')
}

/** Calls that give as little chance as what they are given: a text repeated, digested, put in other letters. */
const asGuessable = new Set([
  '*',
  'hexdigest',
  'digest',
  'base64digest',
  'freeze',
  'to_s',
  'dup',
  'b',
  'ljust',
  'rjust',
])

/** A text that the value is, is made from, or is where nothing else is given. */
function writtenIn(value: Expression | undefined, program: Program): Text | undefined {
  const of = (part: Expression | undefined) => writtenIn(part, program)
  switch (value?.kind) {
    case 'text':
      return value.symbol || value.value === '' ? undefined : value
    case 'list':
      return of(value.items[0])
    case 'sequence':
      return value.body.length === 1 ? of(value.body[0]) : undefined
    case 'branch':
      return value.tests.length === 0 ? value.arms.map(of).find((text) => text !== undefined) : undefined
    case 'read':
      return value.variable.scope === 'constant' ? writtenToConstant(value.variable.name, program) : undefined
    case 'call':
      if (value.name === 'fetch')
        return of(value.args[1] ?? (value.block?.kind === 'closure' ? value.block.body : undefined))
      if (!asGuessable.has(value.name)) return undefined
      return of(value.receiver?.kind === 'text' || value.args.length === 0 ? value.receiver : value.args[0])
    default:
      return undefined
  }
}

/** The text that a constant is given, where one place alone gives it one. */
function writtenToConstant(name: string, program: Program): Text | undefined {
  const last = lastName(name)
  const [file, ...others] = program.writing(last)
  const form = others.length === 0 ? file?.form() : undefined
  const found: Text[] = []
  if (form)
    walk(form, (expression) => {
      if (expression.kind !== 'write' || expression.variable.scope !== 'constant') return
      if (lastName(expression.variable.name) !== last) return
      const { value } = expression
      const text = value.kind === 'call' && value.name === 'freeze' ? value.receiver : value
      if (text?.kind === 'text') found.push(text)
    })
  return found.length === 1 ? found[0] : undefined
}

function isForTests(enclosing: readonly Expression[]): boolean {
  return enclosing.some(
    (around) =>
      around.kind === 'call' &&
      around.args.length > 0 &&
      around.args.every((arg) => arg.kind === 'text' && ['test', 'development'].includes(arg.value)),
  )
}

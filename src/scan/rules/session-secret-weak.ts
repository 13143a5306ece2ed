import { callsOf } from '../flow/calls-of.ts'
import type { Expression } from '../form.ts'
import { fileSetting } from '../literals/file-setting.ts'
import { worthOf } from '../literals/judge-value.ts'
import type { Rule } from '../rule.ts'
import { sessionSecretOf, sessionSettingCalls } from '../session-secret.ts'

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
      "require 'rails'\nRails.application.config.secret_key_base = 'please change this'",
    ],
    good: [
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
      const text = value && writtenIn(value)
      const { call, source, enclosing } = found
      if (!value || !text || isForTests(enclosing) || fileSetting(source.path).isTest) continue
      // What has the look of a secret is told by session-secret-literal.
      if (worthOf(text.value) !== 'none') continue
      yield {
        file: source,
        start: value.start,
        end: value.end,
        ...(value === text ? {} : { confidence: 'firm' as const, holds: 'where the variable is not set' }),
        message: `Sessions are signed with a text of ${Buffer.byteLength(text.value)} bytes that is written in the source: anybody makes sessions of any user.`,
        fix: "Read it from the environment, and make it with openssl rand -hex 64: ENV.fetch('SESSION_SECRET').",
        correction: "ENV.fetch('SESSION_SECRET')",
        identity: [call.name, found.enclosing.length === 0 ? '' : 'inside'],
      }
    }
  },
}

/** A text that the value is, or is where nothing else is given. */
function writtenIn(
  value: Expression,
): { readonly value: string; readonly start: number; readonly end: number } | undefined {
  if (value.kind === 'text') return value.symbol || value.value === '' ? undefined : value
  if (value.kind === 'branch' && value.tests.length === 0)
    return value.arms.map(writtenIn).find((text) => text !== undefined)
  if (value.kind === 'call' && value.name === 'fetch' && value.args[1]) return writtenIn(value.args[1])
  if (value.kind === 'call' && value.name === 'fetch' && value.block?.kind === 'closure')
    return writtenIn(value.block.body)
  return undefined
}

function isForTests(enclosing: readonly Expression[]): boolean {
  return enclosing.some(
    (around) =>
      around.kind === 'call' &&
      around.args.length > 0 &&
      around.args.every((arg) => arg.kind === 'text' && ['test', 'development'].includes(arg.value)),
  )
}

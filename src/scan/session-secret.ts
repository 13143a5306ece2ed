import { constantOf, type FoundCall, optionOf, pairsOf } from './flow/calls-of.ts'
import type { Expression } from './form.ts'

const secretNames = new Set(['session_secret', 'secret_key_base', 'secret_token', 'secret', 'secrets', 'old_secret'])

/** Calls that may be given what sessions are signed with. */
export const sessionSettingCalls: ReadonlySet<string> = new Set([
  'set',
  'use',
  'session_secret=',
  'secret_key_base=',
  'secret_token=',
  'plugin',
  'sessions',
])

export const sessionMiddleware =
  /^(?:Rack::Session(?:::\w+)*|Rack::Protection::EncryptedCookie|ActionDispatch::Session::CookieStore|Rack::Session)$/

/** What the call says that sessions are signed with. */
export function sessionSecretOf({ call }: Pick<FoundCall, 'call'>): Expression | undefined {
  const { name, receiver, args } = call
  if (name === 'set') return pairsOf(call).find(({ name: setting }) => setting === 'session_secret')?.value
  if (name === 'use')
    return sessionMiddleware.test(constantOf(args[0]) ?? '')
      ? (optionOf(call, 'secret') ?? optionOf(call, 'secrets'))
      : undefined
  if (name === 'plugin')
    return args[0]?.kind === 'text' && args[0].value === 'sessions' ? optionOf(call, 'secret') : undefined
  return receiver && secretNames.has(name.replace(/=$/, '')) ? args[0] : undefined
}

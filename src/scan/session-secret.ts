import { constantOf, type FoundCall, optionOf, pairsOf } from './flow/calls-of.ts'
import type { Expression, Table } from './form.ts'

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
  const { name, receiver, args, block } = call
  if (name === 'set') {
    const [first] = args
    if (block?.kind === 'closure' && first?.kind === 'text' && first.value === 'session_secret') return block.body
    const pairs = pairsOf(call)
    const sessions = pairs.find(({ name: setting }) => setting === 'sessions')?.value
    const own = pairs.find(({ name: setting }) => setting === 'session_secret')?.value
    return own ?? (sessions?.kind === 'table' ? entryOf(sessions, 'secret') : undefined)
  }
  if (name === 'use')
    return sessionMiddleware.test(constantOf(args[0]) ?? '')
      ? (optionOf(call, 'secret') ?? optionOf(call, 'secrets'))
      : undefined
  if (name === 'plugin')
    return args[0]?.kind === 'text' && args[0].value === 'sessions' ? optionOf(call, 'secret') : undefined
  return receiver && secretNames.has(name.replace(/=$/, '')) ? args[0] : undefined
}

function entryOf({ entries }: Table, name: string): Expression | undefined {
  return entries.find(({ key }) => key?.kind === 'text' && key.value === name)?.value
}

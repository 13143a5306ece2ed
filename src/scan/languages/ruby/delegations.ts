import { fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'
import { childrenOf } from './walk-tree.ts'

/** Functions that do nothing but call one of another object. */
export interface Delegation {
  /** A variable, a constant or a function that gives the object, as it is written: `@client`, `Client`, `client`. */
  readonly to: string
  readonly functions: readonly { readonly name: string; readonly calls: string; readonly node: number }[]
}

/**
 * `def_delegators :@client, :get`, `def_delegator :@client, :get, :fetch` and Rails' `delegate :get, to: :client`;
 * undefined where the names are not written out.
 */
export function delegationOf(node: number, name: string, tree: RubyTree): Delegation | undefined {
  const { words } = tree
  if (words[node + fields.Call.receiver] !== 0) return undefined
  const list = (words[node + fields.Call.arguments] ?? 0) >> 2
  const args = list === 0 ? [] : childrenOf(words, list + fields.Arguments.arguments)
  if (/delegate$/.test(name)) return delegated(args, tree)
  const [to, ...given] = args.map((arg) => textAt(arg, tree))
  if (to === undefined || given.length === 0 || given.includes(undefined)) return undefined
  const [calls = '', as = calls] = given
  const only = args[1]
  if (!name.endsWith('s'))
    return only === undefined ? undefined : { to, functions: [{ name: as ?? '', calls: calls ?? '', node: only }] }
  const functions = args.slice(1).flatMap((arg, index) => {
    const own = given[index]
    return own === undefined ? [] : [{ name: own, calls: own, node: arg }]
  })
  return { to, functions }
}

function delegated(args: readonly number[], tree: RubyTree): Delegation | undefined {
  const options = args.at(-1)
  const named = options === undefined ? undefined : optionsAt(options, tree)
  const to = named?.get('to')
  if (to === undefined) return undefined
  const prefix = named?.get('prefix')
  const before = prefix === undefined ? '' : `${prefix === 'true' ? to : prefix}_`
  const functions = args.slice(0, -1).flatMap((arg) => {
    const calls = textAt(arg, tree)
    return calls === undefined ? [] : [{ name: `${before}${calls}`, calls, node: arg }]
  })
  return functions.length === args.length - 1 && functions.length > 0 ? { to, functions } : undefined
}

/** Named arguments that are texts, or `true`. */
function optionsAt(node: number, tree: RubyTree): ReadonlyMap<string, string> | undefined {
  const { words } = tree
  if (typeAt(node, tree) !== types.KeywordHash) return undefined
  const options = new Map<string, string>()
  for (const element of childrenOf(words, node + fields.KeywordHash.elements)) {
    if (typeAt(element, tree) !== types.Assoc) continue
    const key = textAt((words[element + fields.Assoc.key] ?? 0) >> 2, tree)
    const value = (words[element + fields.Assoc.value] ?? 0) >> 2
    const text = typeAt(value, tree) === types.True ? 'true' : textAt(value, tree)
    if (key !== undefined && text !== undefined) options.set(key, text)
  }
  return options
}

function textAt(node: number, tree: RubyTree): string | undefined {
  const type = typeAt(node, tree)
  if (type === types.Symbol) return tree.text(node + fields.Symbol.unescaped)
  return type === types.String ? tree.text(node + fields.String.unescaped) : undefined
}

function typeAt(node: number, { words }: RubyTree): number {
  return node === 0 ? 0 : (words[node] ?? 0) & 0xffff
}

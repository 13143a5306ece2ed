import { limits } from '../../../limits.ts'
import type { ParseProblem } from '../../language.ts'
import { children, fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'

/** The nodes of a tree in an order, and what is only to be known from above. */
export interface Outline {
  /** Each node before its parts. The index of a node is written in its second word. */
  readonly order: Int32Array
  /** `super` without arguments → the function that it stands in. */
  readonly functions: ReadonlyMap<number, number>
  /** `alias` and `alias_method` → the function of the same scope that gets another name. */
  readonly aliased: ReadonlyMap<number, number>
  /** Functions that stand in no class or module. */
  readonly outside: ReadonlySet<number>
  /** An `elsif` is told together with its `if`. */
  readonly continued: ReadonlySet<number>
  readonly problems: readonly ParseProblem[]
}

/** The only part from which a chain (`a.b.c`, `a + b + c`, `elsif`) goes on: it does not count as a level. */
const chainWords = new Int32Array(children.length)
chainWords[types.Call] = fields.Call.receiver
chainWords[types.And] = fields.And.left
chainWords[types.Or] = fields.Or.left
chainWords[types.If] = fields.If.subsequent
chainWords[types.Rescue] = fields.Rescue.subsequent
chainWords[types.ConstantPath] = fields.ConstantPath.parent

const partWords = children.map((words) => Int32Array.from(words))

/**
 * The children of a node, last first, for a stack of nodes and their depths. What is nested deeper than
 * `rubyDepthMax` is made a node without parts: whoever walks the tree after that finds nothing below it.
 */
export function pushParts(
  words: Int32Array,
  node: number,
  depth: number,
  stack: number[],
  cut: (node: number) => void,
): void {
  const type = (words[node] ?? 0) & 0xffff
  const parts = partWords[type]
  if (!parts) throw new Error(`a node of a type that is not known: ${type}`)
  const chain = chainWords[type] ?? 0
  for (let index = parts.length - 1; index >= 0; index--) {
    const word = parts[index] ?? 0
    if (word > 0) {
      const part = (words[node + word] ?? 0) >> 2
      if (part !== 0) pushPart(words, part, word === chain ? depth : depth + 1, stack, cut)
      continue
    }
    const from = (words[node - word + 2] ?? 0) >> 2
    for (let item = (words[node - word] ?? 0) - 1; item >= 0; item--)
      pushPart(words, (words[from + item] ?? 0) >> 2, depth + 1, stack, cut)
  }
}

export function pushPart(
  words: Int32Array,
  part: number,
  depth: number,
  stack: number[],
  cut: (node: number) => void,
): void {
  if (depth > limits.rubyDepthMax) {
    clearParts(words, part)
    words[part] = types.Missing
    cut(part)
  }
  stack.push(part, depth)
}

/** Some nodes (a call's arguments, a body's statements) are read through by the node above, whatever their type. */
function clearParts(words: Int32Array, node: number): void {
  for (const word of partWords[(words[node] ?? 0) & 0xffff] ?? []) words[node + Math.abs(word)] = 0
}

export const tooDeep = `nested more than ${limits.rubyDepthMax} levels deep: what is in it is left out`

export function outlineOf(tree: RubyTree): Outline {
  const { words, root } = tree
  const order: number[] = []
  const functions = new Map<number, number>()
  const aliased = new Map<number, number>()
  const aliasMethod = numberOf('alias_method', tree)
  const outside = new Set<number>()
  const continued = new Set<number>()
  const problems: ParseProblem[] = []
  const cut = (node: number) => {
    if (problems.length === 0) problems.push({ start: tree.toOffset(words[node + 2] ?? 0), message: tooDeep })
  }

  /** Scopes and functions that are open, by the depth of the stack at which they end. */
  const scopes: { readonly end: number; readonly methods: Map<string, number> }[] = [{ end: -1, methods: new Map() }]
  const defs: { readonly end: number; readonly node: number }[] = []
  const stack: number[] = [root, 0]
  while (stack.length > 0) {
    while ((scopes.at(-1)?.end ?? -1) >= stack.length) scopes.pop()
    while ((defs.at(-1)?.end ?? -1) >= stack.length) defs.pop()
    const depth = stack.pop() ?? 0
    const node = stack.pop() ?? 0
    const type = (words[node] ?? 0) & 0xffff
    words[node + 1] = order.length
    order.push(node)
    switch (type) {
      case types.Class:
      case types.Module:
      case types.SingletonClass:
        scopes.push({ end: stack.length, methods: new Map() })
        break
      case types.Def:
        scopes.at(-1)?.methods.set(tree.name(words[node + fields.Def.name] ?? 0), node)
        if (scopes.length === 1) outside.add(node)
        defs.push({ end: stack.length, node })
        break
      case types.ForwardingSuper:
        functions.set(node, defs.at(-1)?.node ?? 0)
        break
      case types.AliasMethod:
      case types.Call: {
        if (type === types.Call && words[node + fields.Call.name] !== aliasMethod) break
        const old = aliasedName(node, tree)
        const method = old === undefined ? undefined : scopes.at(-1)?.methods.get(old)
        if (method !== undefined) aliased.set(node, method)
        break
      }
      case types.If: {
        const next = (words[node + fields.If.subsequent] ?? 0) >> 2
        if (next !== 0 && ((words[next] ?? 0) & 0xffff) === types.If) continued.add(next)
        break
      }
    }
    pushParts(words, node, depth, stack, cut)
  }
  return { order: Int32Array.from(order), functions, aliased, outside, continued, problems }
}

/** The number of a name; 0 where the text has no such name. */
function numberOf(name: string, tree: RubyTree): number {
  for (let number = 1; number <= tree.names; number++) if (tree.name(number) === name) return number
  return 0
}

/** `b` in `alias a b` and `alias_method :a, :b`. */
function aliasedName(node: number, tree: RubyTree): string | undefined {
  const { words } = tree
  let old: number | undefined
  if (((words[node] ?? 0) & 0xffff) === types.AliasMethod) old = (words[node + fields.AliasMethod.oldName] ?? 0) >> 2
  else {
    const list = (words[node + fields.Call.arguments] ?? 0) >> 2
    old = list === 0 ? undefined : childrenOf(words, list + fields.Arguments.arguments)[1]
  }
  const isSymbol = old !== undefined && ((words[old] ?? 0) & 0xffff) === types.Symbol
  return isSymbol ? tree.text((old ?? 0) + fields.Symbol.unescaped) : undefined
}

/** The nodes of a list field. */
export function childrenOf(words: Int32Array, word: number): number[] {
  const size = words[word] ?? 0
  const from = (words[word + 2] ?? 0) >> 2
  const list: number[] = []
  for (let index = 0; index < size; index++) list.push((words[from + index] ?? 0) >> 2)
  return list
}

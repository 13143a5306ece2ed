import type { Call, Constant, Expression, Read, Sequence, Variable, Write } from '../../form.ts'
import { fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'
import { childrenOf, type Outline } from './walk-tree.ts'

/** One sort of node in the common form; its parts are in that form already. */
export type Lower = (node: number, lowering: Lowering) => Expression

/** What the lowerings of all nodes share. Fields are given by their word, nodes by theirs. */
export interface Lowering {
  readonly tree: RubyTree
  readonly outline: Outline
  /** Places in the text, as a node has them. */
  start(node: number): number
  end(node: number): number
  type(node: number): number
  /** The node in a field; 0 for none. */
  child(word: number): number
  /** The nodes of a list field. */
  children(word: number): number[]
  name(word: number): string
  /** A node that has been lowered. */
  made(node: number): Expression
  /** The expression in a field, nil at the node's beginning where there is none. */
  one(word: number, node: number): Expression
  optional(word: number): Expression | undefined
  /** The expressions of a list field. */
  many(word: number): Expression[]
  /** The expression in a field from which a chain goes on (`a` in `a.b`): what stands before it goes along. */
  link(word: number, node: number): Expression | undefined
}

/** Links of a chain that hang in one another; longer ones are kept in a variable in between. */
const chainLinksMax = 100

/** `order`: the nodes, each before its parts; their index is in their second word. */
export function newLowering(tree: RubyTree, outline: Outline, made: readonly Expression[]): Lowering {
  const { words } = tree
  const links = new Uint8Array(outline.order.length)
  /** Of a node in a chain: what has to be done before it. */
  const before = new Map<number, Expression[]>()

  const child = (word: number) => (words[word] ?? 0) >> 2
  const indexOf = (node: number) => words[node + 1] ?? 0
  const rawOf = (node: number): Expression => {
    const expression = made[indexOf(node)]
    if (!expression) throw new Error('a part that comes after its whole')
    return expression
  }
  const madeOf = (node: number): Expression => {
    const expression = rawOf(node)
    const first = before.size > 0 ? before.get(indexOf(node)) : undefined
    if (!first) return expression
    return { kind: 'sequence', body: [...first, expression], start: expression.start, end: expression.end }
  }
  const start = (node: number) => tree.toOffset(words[node + 2] ?? 0)

  return {
    tree,
    outline,
    start,
    // What the parser puts in the place of something that is missing may end before it begins.
    end: (node) => Math.max(start(node), tree.toEnd(words[node + 3] ?? 0)),
    type: (node) => (words[node] ?? 0) & 0xffff,
    child,
    children: (word) => childrenOf(words, word),
    name: (word) => tree.name(words[word] ?? 0),
    made: madeOf,
    one(word, node) {
      const part = child(word)
      if (part !== 0) return madeOf(part)
      const at = start(node)
      return { kind: 'constant', value: null, start: at, end: at }
    },
    optional(word) {
      const part = child(word)
      return part === 0 ? undefined : madeOf(part)
    },
    many(word) {
      const size = words[word] ?? 0
      const from = (words[word + 2] ?? 0) >> 2
      const list: Expression[] = []
      for (let index = 0; index < size; index++) list.push(madeOf((words[from + index] ?? 0) >> 2))
      return list
    },
    link(word, node) {
      const part = child(word)
      if (part === 0) return undefined
      const index = indexOf(part)
      const expression = rawOf(part)
      const carried = before.size > 0 ? before.get(index) : undefined
      if (carried) {
        before.delete(index)
        before.set(indexOf(node), carried)
      }
      const length = (links[index] ?? 0) + 1
      if (length < chainLinksMax) {
        links[indexOf(node)] = length
        return expression
      }
      const kept = keep(expression)
      before.set(indexOf(node), [...(carried ?? []), kept.write])
      return kept.read
    },
  }
}

/** The nodes of an `ArgumentsNode` field. */
export function argumentsIn(word: number, lowering: Lowering): number[] {
  const list = lowering.child(word)
  return list === 0 ? [] : lowering.children(list + fields.Arguments.arguments)
}

/** A value in a variable of the form's own, so that it is had only once; a name with `%` is none of the program's. */
function keep(value: Expression): { readonly write: Write; readonly read: Read } {
  const { start, end } = value
  const variable: Variable = { scope: 'local', name: `%${start}` }
  return {
    write: { kind: 'write', variable, value, adds: false, start, end },
    read: { kind: 'read', variable, start, end },
  }
}

/** The same value for several readers: itself where to have it twice does nothing. */
export function shared(value: Expression): { readonly first: readonly Expression[]; readonly value: Expression } {
  if (value.kind === 'read' || value.kind === 'constant' || value.kind === 'text') return { first: [], value }
  const kept = keep(value)
  return { first: [kept.write], value: kept.read }
}

export function sequence(body: readonly Expression[], start: number, end: number): Expression {
  const [only] = body
  return body.length === 1 && only ? only : ({ kind: 'sequence', body, start, end } satisfies Sequence)
}

export function nil(start: number, end: number): Constant {
  return { kind: 'constant', value: null, start, end }
}

export function callOf(
  receiver: Expression | undefined,
  name: string,
  args: readonly Expression[],
  place: { readonly start: number; readonly end: number; readonly nameStart?: number },
): Call {
  const { start, end } = place
  const nameStart = place.nameStart ?? start
  return receiver
    ? { kind: 'call', receiver, name, args, nameStart, start, end }
    : { kind: 'call', name, args, nameStart, start, end }
}

/** `A::B` of a node that reads a constant by its name. */
export function constantName(node: number, lowering: Lowering): string | undefined {
  const type = node === 0 ? 0 : lowering.type(node)
  if (type !== types.ConstantRead && type !== types.ConstantPath) return undefined
  const made = lowering.made(node)
  return made.kind === 'read' && made.variable.scope === 'constant' ? made.variable.name : undefined
}

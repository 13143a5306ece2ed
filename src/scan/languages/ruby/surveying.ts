import type { ParseProblem, SurveyedMethod, SurveyedScope } from '../../language.ts'
import { joinName, lastName, mentionedByAll } from '../../survey.ts'
import { type LoadsFound, newLoads } from './loads.ts'
import { fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'
import { childrenOf, pushPart, tooDeep } from './walk-tree.ts'

/** A survey that is being made: what has been found, what is open, and what is still to be gone through. */
export interface Surveying {
  readonly tree: RubyTree
  readonly words: Int32Array
  /** Nodes to go through, each followed by its depth. */
  readonly stack: number[]
  readonly scopes: SurveyedScope[]
  readonly methods: SurveyedMethod[]
  /** Modules that are taken in, by the scope. */
  readonly mixins: Map<string, string[]>
  readonly mentions: Set<string>
  /** Variables that are written and not local; constants by their last name. */
  readonly writes: Set<string>
  /** Names that are called with a block outside of every class and module. */
  readonly topBlocks: Set<string>
  /** Texts that constants are asked for, by the constant. */
  readonly entries: Map<string, Set<string>>
  /** Constants that are mentioned for something else as well. */
  readonly open: Set<string>
  /** Constants in the place of what is asked for a text. */
  readonly asked: Set<number>
  /** Names that have been mentioned, by their numbers. */
  readonly seen: Uint8Array
  readonly loads: LoadsFound
  readonly problems: ParseProblem[]
  /** Classes and modules that are open, with the length of the stack at which they end; `isWritten` by `class` or `module`. */
  readonly owners: { readonly end: number; readonly name: string; readonly isWritten: boolean }[]
  /** Nodes whose definitions are the scope's own (`class << self`). */
  readonly onScope: Set<number>
  readonly cut: (node: number) => void
}

export function newSurveying(tree: RubyTree): Surveying {
  const problems: ParseProblem[] = []
  return {
    tree,
    words: tree.words,
    stack: [],
    scopes: [],
    methods: [],
    mixins: new Map(),
    mentions: new Set(mentionedByAll),
    writes: new Set(),
    topBlocks: new Set(),
    entries: new Map(),
    open: new Set(),
    asked: new Set(),
    seen: new Uint8Array(tree.names + 1),
    loads: newLoads(),
    problems,
    owners: [],
    onScope: new Set(),
    cut: (node) => {
      if (problems.length === 0) problems.push({ start: tree.toOffset(tree.words[node + 2] ?? 0), message: tooDeep })
    },
  }
}

export function typeOf(node: number, { words }: Surveying): number {
  return node === 0 ? 0 : (words[node] ?? 0) & 0xffff
}

export function nodeAt(word: number, { words }: Surveying): number {
  return (words[word] ?? 0) >> 2
}

/** The node, if there is one, is gone through before what has been pushed already. */
export function push(node: number, depth: number, s: Surveying): void {
  if (node !== 0) pushPart(s.words, node, depth, s.stack, s.cut)
}

export function pushAll(nodes: readonly number[], depth: number, s: Surveying): void {
  for (let index = nodes.length - 1; index >= 0; index--) push(nodes[index] ?? 0, depth, s)
}

export function mentionNumber(number: number, s: Surveying): void {
  if (s.seen[number] === 1) return
  s.seen[number] = 1
  s.mentions.add(s.tree.name(number))
}

export function mention(name: string, s: Surveying): void {
  s.mentions.add(name)
}

/** A variable that is written and not local. */
export function mentionWrite(name: string, s: Surveying): void {
  s.mentions.add(name)
  s.writes.add(lastName(name))
}

export function ownerOf({ owners }: Surveying): string {
  return owners[owners.length - 1]?.name ?? ''
}

export function openScope(name: string, parent: string | undefined, isWritten: boolean, s: Surveying): void {
  const whole = joinName(ownerOf(s), name)
  const mixins: string[] = []
  s.mixins.set(whole, mixins)
  s.scopes.push(parent === undefined ? { name: whole, mixins } : { name: whole, parent, mixins })
  if (parent !== undefined) s.mentions.add(parent)
  s.owners.push({ end: s.stack.length, name: whole, isWritten })
}

/** A function whose closure begins where `node` does. */
export function define(name: string, node: number, on: SurveyedMethod['on'], s: Surveying, params?: number): void {
  const start = s.tree.toOffset(s.words[node + 2] ?? 0)
  s.methods.push({ name, owner: ownerOf(s), on, start, ...(params === undefined ? {} : { params }) })
}

export function onOf(node: number, s: Surveying): SurveyedMethod['on'] {
  return s.onScope.has(node) ? 'scope' : 'instance'
}

/** Definitions among the parts are the scope's own where the node is itself among them. */
export function passOn(node: number, parts: readonly number[], s: Surveying): void {
  if (s.onScope.size > 0 && s.onScope.has(node)) for (const part of parts) if (part !== 0) s.onScope.add(part)
}

/** What stands in brackets that change nothing. */
export function bare(node: number, s: Surveying): number {
  for (let outer = node; ; ) {
    const inner = innerOf(outer, s)
    if (inner === 0) return outer
    outer = inner
  }
}

function innerOf(node: number, s: Surveying): number {
  switch (typeOf(node, s)) {
    case types.Parentheses:
      return nodeAt(node + fields.Parentheses.body, s)
    case types.Implicit:
      return nodeAt(node + fields.Implicit.value, s)
    case types.Statements:
      return s.words[node + fields.Statements.body] === 1
        ? (childrenOf(s.words, node + fields.Statements.body)[0] ?? 0)
        : 0
    case types.Begin: {
      const { statements, rescueClause, elseClause, ensureClause } = fields.Begin
      const isPlain = [rescueClause, elseClause, ensureClause].every((word) => s.words[node + word] === 0)
      return isPlain ? nodeAt(node + statements, s) : 0
    }
    default:
      return 0
  }
}

/** The arguments of a call; `*[a, b]` is a and b. */
export function argumentsIn(word: number, s: Surveying): number[] {
  const list = nodeAt(word, s)
  if (list === 0) return []
  return childrenOf(s.words, list + fields.Arguments.arguments).flatMap((arg) => {
    const inner = typeOf(arg, s) === types.Splat ? bare(nodeAt(arg + fields.Splat.expression, s), s) : 0
    return typeOf(inner, s) === types.Array ? childrenOf(s.words, inner + fields.Array.elements) : [arg]
  })
}

/** The text that a node is; undefined where it is none. */
export function textOf(node: number, s: Surveying): string | undefined {
  switch (typeOf(node, s)) {
    case types.String:
      return s.tree.text(node + fields.String.unescaped)
    case types.Symbol:
      return s.tree.text(node + fields.Symbol.unescaped)
    case types.SourceFile:
      return ''
    default:
      return undefined
  }
}

import type { Expression } from '../../form.ts'
import { assign, itemOf } from './lower-variables.ts'
import { callOf, type Lower, type Lowering, nil } from './lowering.ts'
import { fields, types } from './nodes/index.ts'

/** What a pattern does with a value: writes to the variables that it names, and expressions that it compares with. */
export interface Bindings {
  readonly writes: readonly Expression[]
  readonly parts: readonly Expression[]
}

/** `subject` is read as often as the pattern has variables: it is had without doing anything. */
export function bindings(pattern: number, subject: Expression, l: Lowering): Bindings {
  const writes: Expression[] = []
  const parts: Expression[] = []
  bind(pattern, subject, { writes, parts }, l)
  return { writes, parts }
}

interface Found {
  readonly writes: Expression[]
  readonly parts: Expression[]
}

/** As deep as the tree is, which has been cut. */
function bind(node: number, subject: Expression, found: Found, l: Lowering): void {
  if (node === 0) return
  switch (l.type(node)) {
    case types.LocalVariableTarget:
      found.writes.push(assign(node, subject, l))
      return
    case types.CapturePattern:
      bind(l.child(node + fields.CapturePattern.value), subject, found, l)
      bind(l.child(node + fields.CapturePattern.target), subject, found, l)
      return
    case types.AlternationPattern:
      bind(l.child(node + fields.AlternationPattern.left), subject, found, l)
      bind(l.child(node + fields.AlternationPattern.right), subject, found, l)
      return
    case types.Parentheses:
      bind(l.child(node + fields.Parentheses.body), subject, found, l)
      return
    case types.Statements:
      for (const inner of l.children(node + fields.Statements.body)) bind(inner, subject, found, l)
      return
    case types.Implicit:
      bind(l.child(node + fields.Implicit.value), subject, found, l)
      return
    case types.Splat:
      bind(l.child(node + fields.Splat.expression), subject, found, l)
      return
    case types.If:
      // `in pattern if test`.
      bind(l.child(node + fields.If.statements), subject, found, l)
      found.parts.push(l.one(node + fields.If.predicate, node))
      return
    case types.Unless:
      bind(l.child(node + fields.Unless.statements), subject, found, l)
      found.parts.push(l.one(node + fields.Unless.predicate, node))
      return
    case types.ArrayPattern:
      bindArray(node, subject, found, l)
      return
    case types.FindPattern:
      bindFound(node, subject, found, l)
      return
    case types.HashPattern:
      bindHash(node, subject, found, l)
      return
    default:
      found.parts.push(l.made(node))
  }
}

function bindArray(node: number, subject: Expression, found: Found, l: Lowering): void {
  const words = fields.ArrayPattern
  found.parts.push(...classOf(node + words.constant, l))
  const posts = l.children(node + words.posts)
  const items = takenApart(subject, 'deconstruct', classOf(node + words.constant, l))
  for (const [index, item] of l.children(node + words.requireds).entries()) bindItem(item, index, items, found, l)
  bind(l.child(node + words.rest), items, found, l)
  for (const [index, item] of posts.entries()) bindItem(item, index - posts.length, items, found, l)
}

/** What an object says of itself to a pattern; lists and dictionaries are what they are. */
function takenApart(
  subject: Expression,
  by: 'deconstruct' | 'deconstruct_keys',
  asked: readonly Expression[] = [],
): Expression {
  return callOf(subject, by, [...asked], { start: subject.start, end: subject.end })
}

/** `Name(…)`. */
function classOf(word: number, l: Lowering): Expression[] {
  const name = l.optional(word)
  return name ? [name] : []
}

function bindItem(node: number, index: number, subject: Expression, found: Found, l: Lowering): void {
  bind(node, itemOf(subject, index, l.start(node), l.end(node)), found, l)
}

/** `[*, x, *]`: x is any item. */
function bindFound(node: number, subject: Expression, found: Found, l: Lowering): void {
  const words = fields.FindPattern
  const items = takenApart(subject, 'deconstruct')
  found.parts.push(...classOf(node + words.constant, l))
  bind(l.child(node + words.left), items, found, l)
  for (const item of l.children(node + words.requireds)) bind(item, anyOf(items, item, l), found, l)
  bind(l.child(node + words.right), items, found, l)
}

function anyOf(subject: Expression, node: number, l: Lowering): Expression {
  const [start, end] = [l.start(node), l.end(node)]
  return callOf(subject, '[]', [{ kind: 'other', parts: [], start, end }], { start, end })
}

function bindHash(node: number, subject: Expression, found: Found, l: Lowering): void {
  const words = fields.HashPattern
  const entries = takenApart(subject, 'deconstruct_keys')
  found.parts.push(...classOf(node + words.constant, l))
  for (const element of l.children(node + words.elements)) {
    if (l.type(element) !== types.Assoc) continue
    const [start, end] = [l.start(element), l.end(element)]
    const key = l.one(element + fields.Assoc.key, element)
    bind(l.child(element + fields.Assoc.value), callOf(entries, '[]', [key], { start, end }), found, l)
  }
  const rest = l.child(node + words.rest)
  if (rest !== 0 && l.type(rest) === types.AssocSplat) bind(l.child(rest + fields.AssocSplat.value), entries, found, l)
}

/** A pattern is told by whoever matches it. */
const pattern: Lower = (node, l) => nil(l.start(node), l.end(node))

export const patterns: ReadonlyMap<number, Lower> = new Map<number, Lower>([
  [types.ArrayPattern, pattern],
  [types.FindPattern, pattern],
  [types.HashPattern, pattern],
  [types.CapturePattern, pattern],
  [types.AlternationPattern, pattern],
  [types.PinnedVariable, (node, l) => l.one(node + fields.PinnedVariable.variable, node)],
  [types.PinnedExpression, (node, l) => l.one(node + fields.PinnedExpression.expression, node)],
])

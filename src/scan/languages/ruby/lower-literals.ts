import type { Entry, Expression } from '../../form.ts'
import { callOf, type Lower, type Lowering } from './lowering.ts'
import { fields, types } from './nodes/index.ts'

/** A call of this name runs its argument as a command. */
const command = '`'

const text =
  (word: number, symbol: boolean): Lower =>
  (node, l) => ({
    kind: 'text',
    value: l.tree.text(node + word),
    symbol,
    start: l.start(node),
    end: l.end(node),
  })

const constant =
  (value: number | boolean | null | 'pattern'): Lower =>
  (node, l) => ({ kind: 'constant', value, start: l.start(node), end: l.end(node) })

const join =
  (word: number): Lower =>
  (node, l) => ({ kind: 'join', parts: l.many(node + word), start: l.start(node), end: l.end(node) })

const run =
  (inner: Lower): Lower =>
  (node, l) => {
    const argument = inner(node, l)
    return callOf(undefined, command, [argument], argument)
  }

const table =
  (word: number): Lower =>
  (node, l) => ({ kind: 'table', entries: entriesIn(node + word, l), start: l.start(node), end: l.end(node) })

/** Only its parts matter. */
const parts =
  (...words: readonly number[]): Lower =>
  (node, l) => ({
    kind: 'other',
    parts: words.flatMap((word) => (word < 0 ? l.many(node - word) : (l.optional(node + word) ?? []))),
    start: l.start(node),
    end: l.end(node),
  })

export const literals: ReadonlyMap<number, Lower> = new Map<number, Lower>([
  [types.String, text(fields.String.unescaped, false)],
  [types.Symbol, text(fields.Symbol.unescaped, true)],
  [types.XString, run(text(fields.XString.unescaped, false))],
  [types.InterpolatedString, join(fields.InterpolatedString.parts)],
  [types.InterpolatedSymbol, join(fields.InterpolatedSymbol.parts)],
  [types.InterpolatedXString, run(join(fields.InterpolatedXString.parts))],
  [types.InterpolatedRegularExpression, parts(-fields.InterpolatedRegularExpression.parts)],
  [types.InterpolatedMatchLastLine, parts(-fields.InterpolatedMatchLastLine.parts)],
  [types.RegularExpression, constant('pattern')],
  [types.MatchLastLine, constant('pattern')],
  [types.Nil, constant(null)],
  [types.True, constant(true)],
  [types.False, constant(false)],
  // The name of the file and its encoding hold nothing that is followed.
  [types.SourceFile, (node, l) => ({ kind: 'text', value: '', symbol: false, start: l.start(node), end: l.end(node) })],
  [types.SourceEncoding, constant(null)],
  [types.SourceLine, constant(null)],
  [types.Integer, (node, l) => constant(integerAt(node + fields.Integer.value, l))(node, l)],
  [types.Float, (node, l) => constant(doubleAt(node + fields.Float.value, l))(node, l)],
  [
    types.Rational,
    (node, l) => {
      const { numerator, denominator } = fields.Rational
      return constant(integerAt(node + numerator, l) / integerAt(node + denominator, l))(node, l)
    },
  ],
  [types.Imaginary, (node, l) => l.one(node + fields.Imaginary.numeric, node)],
  [types.Range, parts(fields.Range.left, fields.Range.right)],
  [types.FlipFlop, parts(fields.FlipFlop.left, fields.FlipFlop.right)],
  [
    types.Array,
    (node, l) => ({
      kind: 'list',
      items: itemsIn(node + fields.Array.elements, l),
      start: l.start(node),
      end: l.end(node),
    }),
  ],
  [types.Hash, table(fields.Hash.elements)],
  [types.KeywordHash, table(fields.KeywordHash.elements)],
  [types.EmbeddedStatements, (node, l) => l.one(node + fields.EmbeddedStatements.statements, node)],
  [types.EmbeddedVariable, (node, l) => l.one(node + fields.EmbeddedVariable.variable, node)],
  [types.Implicit, (node, l) => l.one(node + fields.Implicit.value, node)],
])

/** Expressions of a list of elements or arguments; `*[a, b]` is a and b. */
export function itemsIn(word: number, l: Lowering): Expression[] {
  const made = l.many(word)
  const nodes = l.children(word)
  if (!nodes.some((node) => l.type(node) === types.Splat)) return made
  return made.flatMap((item, index): readonly Expression[] => {
    if (l.type(nodes[index] ?? 0) !== types.Splat) return [item]
    return item.kind === 'list' ? item.items : [spread(item)]
  })
}

export function spread(value: Expression): Expression {
  return { kind: 'spread', value, start: value.start, end: value.end }
}

/** Entries of a dictionary, or of the named arguments of a call. */
function entriesIn(word: number, l: Lowering): Entry[] {
  return l.children(word).flatMap((element): Entry[] => {
    const type = l.type(element)
    if (type === types.Assoc) {
      const { key, value } = fields.Assoc
      return [{ key: l.one(element + key, element), value: l.one(element + value, element) }]
    }
    if (type === types.AssocSplat) {
      const value = l.optional(element + fields.AssocSplat.value)
      return [{ value: value ?? forwarded('**', element, l) }]
    }
    return [{ value: l.made(element) }]
  })
}

/** What a function was given and passes on without a name: `*`, `**`, `&`. */
export function forwarded(name: '*' | '**' | '&', node: number, l: Lowering): Expression {
  return { kind: 'read', variable: { scope: 'local', name }, start: l.start(node), end: l.end(node) }
}

/** Of any size: what no number can hold is infinite. */
function integerAt(word: number, { tree: { words } }: Lowering): number {
  const size = words[word] ?? 0
  const from = (words[word + 1] ?? 0) >> 2
  let value = (words[word + 2] ?? 0) >>> 0
  // 2^1024 is more than a number can hold.
  if (size > 32) value = Number.POSITIVE_INFINITY
  else if (size > 0) {
    value = 0
    for (let index = size - 1; index >= 0; index--) value = value * 2 ** 32 + ((words[from + index] ?? 0) >>> 0)
  }
  return ((words[word + 3] ?? 0) & 0xff) === 0 ? value : -value
}

function doubleAt(word: number, { tree: { words } }: Lowering): number {
  return new DataView(words.buffer).getFloat64(word * 4, true)
}

import type { Expression, Rescue } from '../../form.ts'
import { itemsIn } from './lower-literals.ts'
import { bindings } from './lower-patterns.ts'
import { assign, targetVariable } from './lower-variables.ts'
import { callOf, constantName, type Lower, type Lowering, nil, sequence, shared } from './lowering.ts'
import { fields, types } from './nodes/index.ts'

const inner =
  (word: number): Lower =>
  (node, l) =>
    l.one(node + word, node)

const statements: Lower = (node, l) => sequence(l.many(node + fields.Statements.body), l.start(node), l.end(node))

/** `if`, `elsif`, `else`: one branch with an arm for each. */
const ifs: Lower = (node, l) => {
  // Told by the `if` that it goes on.
  if (l.outline.continued.has(node)) return nil(l.start(node), l.end(node))
  const words = fields.If
  const tests: Expression[] = []
  const arms: Expression[] = []
  for (let clause = node; ; ) {
    tests.push(l.one(clause + words.predicate, clause))
    arms.push(l.one(clause + words.statements, clause))
    const next = l.child(clause + words.subsequent)
    if (next !== 0 && l.type(next) === types.If) {
      clause = next
      continue
    }
    arms.push(l.one(clause + words.subsequent, clause))
    return { kind: 'branch', tests, arms, start: l.start(node), end: l.end(node) }
  }
}

/** `unless x` is a test of its own, so that whoever reads a test for what it says is not misled. */
const unless: Lower = (node, l) => {
  const words = fields.Unless
  const [start, end] = [l.start(node), l.end(node)]
  const test = callOf(l.one(node + words.predicate, node), '!', [], { start, end })
  const arms = [l.one(node + words.statements, node), l.one(node + words.elseClause, node)]
  return { kind: 'branch', tests: [test], arms, start, end }
}

/** Each `when` is a test, `===`, of what is asked about, which is had once; without a subject each is a test by itself. */
const cases: Lower = (node, l) => {
  const words = fields.Case
  const given = l.optional(node + words.predicate)
  const subject = given && shared(given)
  const [start, end] = [l.start(node), l.end(node)]
  const tests: Expression[] = []
  const arms: Expression[] = []
  for (const clause of l.children(node + words.conditions)) {
    const parts = l
      .many(clause + fields.When.conditions)
      .map((part) => (subject ? callOf(part, '===', [subject.value], part) : part))
    tests.push({ kind: 'other', parts, start: l.start(clause), end: l.end(clause) })
    arms.push(l.one(clause + fields.When.statements, clause))
  }
  const first = subject ? (subject.first.length > 0 ? subject.first : [subject.value]) : []
  const rest = l.one(node + words.elseClause, node)
  if (tests.length === 0) return sequence([...first, rest], start, end)
  return sequence([...first, { kind: 'branch', tests, arms: [...arms, rest], start, end }], start, end)
}

/** Each `in` binds what its pattern names in its own arm. */
const matches: Lower = (node, l) => {
  const words = fields.CaseMatch
  const [start, end] = [l.start(node), l.end(node)]
  const subject = shared(l.one(node + words.predicate, node))
  const tests: Expression[] = []
  const arms: Expression[] = []
  for (const clause of l.children(node + words.conditions)) {
    const { writes, parts } = bindings(l.child(clause + fields.In.pattern), subject.value, l)
    const [from, to] = [l.start(clause), l.end(clause)]
    const asked = tests.length === 0 ? [subject.value] : []
    tests.push({ kind: 'other', parts: [...asked, ...parts], start: from, end: to })
    arms.push(sequence([...writes, l.one(clause + fields.In.statements, clause)], from, to))
  }
  const branch: Expression = {
    kind: 'branch',
    tests,
    arms: [...arms, l.one(node + words.elseClause, node)],
    start,
    end,
  }
  return sequence([...subject.first, branch], start, end)
}

/** `value => pattern` and `value in pattern`. */
const match =
  (words: { readonly value: number; readonly pattern: number }): Lower =>
  (node, l) => {
    const [start, end] = [l.start(node), l.end(node)]
    const subject = shared(l.one(node + words.value, node))
    const { writes, parts } = bindings(l.child(node + words.pattern), subject.value, l)
    const test: Expression = { kind: 'other', parts: [subject.value, ...parts], start, end }
    return sequence([...subject.first, ...writes, test], start, end)
  }

const and: Lower = (node, l) => ({
  kind: 'branch',
  tests: [l.link(node + fields.And.left, node) ?? nil(l.start(node), l.start(node))],
  arms: [l.one(node + fields.And.right, node)],
  start: l.start(node),
  end: l.end(node),
})

const or: Lower = (node, l) => ({
  kind: 'branch',
  tests: [],
  arms: [l.link(node + fields.Or.left, node) ?? nil(l.start(node), l.start(node)), l.one(node + fields.Or.right, node)],
  start: l.start(node),
  end: l.end(node),
})

const loop =
  (words: { readonly predicate: number; readonly statements: number }): Lower =>
  (node, l) => ({
    kind: 'loop',
    test: l.one(node + words.predicate, node),
    body: l.one(node + words.statements, node),
    start: l.start(node),
    end: l.end(node),
  })

/** The variable is each item of what is gone through, whichever that is. */
const forLoop: Lower = (node, l) => {
  const words = fields.For
  const [start, end] = [l.start(node), l.end(node)]
  const any: Expression = { kind: 'other', parts: [], start, end }
  const item = callOf(l.one(node + words.collection, node), '[]', [any], { start, end })
  return {
    kind: 'loop',
    test: assign(l.child(node + words.index), item, l),
    body: l.one(node + words.statements, node),
    start,
    end,
  }
}

const begin: Lower = (node, l) => {
  const words = fields.Begin
  const [start, end] = [l.start(node), l.end(node)]
  const otherwise = l.child(node + words.elseClause)
  const tried = l.one(node + words.statements, node)
  const body: Expression = otherwise === 0 ? tried : { kind: 'sequence', body: [tried, l.made(otherwise)], start, end }
  const clause = l.child(node + words.rescueClause)
  const ensured = l.child(node + words.ensureClause)
  if (clause === 0 && ensured === 0) return body
  const last = ensured === 0 ? undefined : l.optional(ensured + fields.Ensure.statements)
  return { kind: 'attempt', body, rescues: rescuesFrom(clause, l), after: last ? [last] : [], start, end }
}

function rescuesFrom(first: number, l: Lowering): Rescue[] {
  const words = fields.Rescue
  const list: Rescue[] = []
  for (let clause = first; clause !== 0; clause = l.child(clause + words.subsequent)) {
    if (l.type(clause) !== types.Rescue) break
    const reference = l.child(clause + words.reference)
    const variable = reference === 0 ? undefined : targetVariable(reference, l)
    const body = l.one(clause + words.statements, clause)
    const catches = caughtBy(clause, l)
    const [start, end] = [l.start(clause), l.end(clause)]
    list.push(variable ? { catches, variable, body, start, end } : { catches, body, start, end })
  }
  return list
}

/** Names of what a clause catches; none where it catches what every program raises. */
function caughtBy(clause: number, l: Lowering): string[] {
  const names = l.children(clause + fields.Rescue.exceptions).map((exception) => constantName(exception, l))
  const isWide = names.some((name) => name === undefined || /^(?:::)?(?:StandardError|Exception)$/.test(name))
  return isWide ? [] : names.filter((name) => name !== undefined)
}

const rescueModifier: Lower = (node, l) => {
  const words = fields.RescueModifier
  const [start, end] = [l.start(node), l.end(node)]
  const rescued: Rescue = { catches: [], body: l.one(node + words.rescueExpression, node), start, end }
  return { kind: 'attempt', body: l.one(node + words.expression, node), rescues: [rescued], after: [], start, end }
}

const leave =
  (from: 'function' | 'block' | 'loop', word: number): Lower =>
  (node, l) => {
    const [start, end] = [l.start(node), l.end(node)]
    const list = l.child(node + word)
    const items = list === 0 ? [] : itemsIn(list + fields.Arguments.arguments, l)
    const value: Expression | undefined = items.length > 1 ? { kind: 'list', items, start, end } : items[0]
    return value ? { kind: 'leave', from, value, start, end } : { kind: 'leave', from, start, end }
  }

/** Nothing is had from it, and nothing flows. */
const nothing: Lower = (node, l) => ({ kind: 'other', parts: [], start: l.start(node), end: l.end(node) })

/** Told by the node that it is a part of. */
const part: Lower = (node, l) => nil(l.start(node), l.end(node))

export const control: ReadonlyMap<number, Lower> = new Map<number, Lower>([
  [types.Program, inner(fields.Program.statements)],
  [types.Statements, statements],
  [types.Parentheses, inner(fields.Parentheses.body)],
  [types.Else, inner(fields.Else.statements)],
  [types.PreExecution, inner(fields.PreExecution.statements)],
  [types.PostExecution, inner(fields.PostExecution.statements)],
  [types.If, ifs],
  [types.Unless, unless],
  [types.Case, cases],
  [types.CaseMatch, matches],
  [types.MatchRequired, match(fields.MatchRequired)],
  [types.MatchPredicate, match(fields.MatchPredicate)],
  [types.And, and],
  [types.Or, or],
  [types.While, loop(fields.While)],
  [types.Until, loop(fields.Until)],
  [types.For, forLoop],
  [types.Begin, begin],
  [types.RescueModifier, rescueModifier],
  [types.Return, leave('function', fields.Return.arguments)],
  [types.Next, leave('block', fields.Next.arguments)],
  [types.Break, leave('loop', fields.Break.arguments)],
  [types.Redo, nothing],
  [types.Retry, nothing],
  [types.Undef, nothing],
  // Asks about an expression and does not run it.
  [types.Defined, nothing],
  // Where the parser went on after a mistake, and where the tree was cut.
  [types.Missing, nothing],
  [types.When, part],
  [types.In, part],
  [types.Rescue, part],
  [types.Ensure, part],
  [types.Arguments, part],
  [types.BlockArgument, part],
  [types.ForwardingArguments, part],
  [types.Assoc, part],
  [types.AssocSplat, part],
  [types.ImplicitRest, part],
])

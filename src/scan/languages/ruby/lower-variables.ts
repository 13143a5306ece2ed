import type { Call, Expression, Variable } from '../../form.ts'
import { callOf, constantName, type Lower, type Lowering, nil, sequence, shared } from './lowering.ts'
import { fields, types } from './nodes/index.ts'

type Scope = Variable['scope']

const read =
  (scope: Scope, word: number): Lower =>
  (node, l) => ({
    kind: 'read',
    variable: { scope, name: l.name(node + word) },
    start: l.start(node),
    end: l.end(node),
  })

const readLocal =
  (name: string): Lower =>
  (node, l) => ({ kind: 'read', variable: { scope: 'local', name }, start: l.start(node), end: l.end(node) })

const write =
  (scope: Scope, { name, value }: { readonly name: number; readonly value: number }, adds = false): Lower =>
  (node, l) => ({
    kind: 'write',
    variable: { scope, name: l.name(node + name) },
    value: l.one(node + value, node),
    adds,
    start: l.start(node),
    end: l.end(node),
  })

/** `a &&= b`: where a is something, b takes its place; else it is nothing as before. */
const andWrite =
  (scope: Scope, words: { readonly name: number; readonly value: number }): Lower =>
  (node, l) => {
    const [start, end] = [l.start(node), l.end(node)]
    const variable = { scope, name: l.name(node + words.name) }
    const test: Expression = { kind: 'read', variable, start, end }
    const value: Expression = { kind: 'branch', tests: [test], arms: [l.one(node + words.value, node)], start, end }
    return { kind: 'write', variable, value, adds: false, start, end }
  }

interface OperatorFields {
  readonly name: number
  readonly value: number
  readonly binaryOperator: number
  readonly binaryOperatorLoc: number
}

/** `a += b`: what `a + b` gives. */
const operatorWrite =
  (scope: Scope, words: OperatorFields): Lower =>
  (node, l) =>
    operated({ scope, name: l.name(node + words.name) }, node, words, l)

function operated(variable: Variable, node: number, words: Omit<OperatorFields, 'name'>, l: Lowering): Expression {
  const [start, end] = [l.start(node), l.end(node)]
  const before: Expression = { kind: 'read', variable, start, end }
  const value = operation(before, node, words, l)
  return { kind: 'write', variable, value, adds: true, start, end }
}

export function operation(before: Expression, node: number, words: Omit<OperatorFields, 'name'>, l: Lowering): Call {
  return callOf(before, l.name(node + words.binaryOperator), [l.one(node + words.value, node)], {
    start: l.start(node),
    end: l.end(node),
    nameStart: l.tree.toOffset(l.tree.words[node + words.binaryOperatorLoc] ?? 0),
  })
}

const pathWrite =
  ({ target, value }: { readonly target: number; readonly value: number }, adds: boolean): Lower =>
  (node, l) => {
    const written = l.one(node + value, node)
    const name = constantName(l.child(node + target), l)
    const [start, end] = [l.start(node), l.end(node)]
    return name === undefined
      ? { kind: 'other', parts: [l.one(node + target, node), written], start, end }
      : { kind: 'write', variable: { scope: 'constant', name }, value: written, adds, start, end }
  }

/** `A::B`, `::B`, and `self::B`; where the module is computed, what computes it and nothing more. */
const path: Lower = (node, l) => {
  const { parent, name } = fields.ConstantPath
  const [start, end] = [l.start(node), l.end(node)]
  const own = l.name(node + name)
  const module = l.child(node + parent)
  if (module === 0 || l.type(module) === types.Self)
    return { kind: 'read', variable: { scope: 'constant', name: own }, start, end }
  const prefix = constantName(module, l)
  if (prefix === undefined || own === '') return { kind: 'other', parts: [l.made(module)], start, end }
  return { kind: 'read', variable: { scope: 'constant', name: `${prefix}::${own}` }, start, end }
}

/**
 * What the last match found, of which `$1` and its like are parts: a variable of the function and not, as its sign
 * says, of the program.
 */
export const lastMatch: Variable = { scope: 'local', name: '$~' }

const readMatch: Lower = (node, l) => ({ kind: 'read', variable: lastMatch, start: l.start(node), end: l.end(node) })

const readGlobal: Lower = (node, l) =>
  l.name(node + fields.GlobalVariableRead.name) === lastMatch.name
    ? readMatch(node, l)
    : read('global', fields.GlobalVariableRead.name)(node, l)

const multiWrite: Lower = (node, l) => {
  const { value } = fields.MultiWrite
  const written = l.one(node + value, node)
  // `a, b = *list` is `a, b = list`.
  const whole =
    written.kind === 'list' && isSplatOnly(l.child(node + value), l) ? itself(written.items[0] ?? written) : written
  return takeApart(targetsOf(node, fields.MultiWrite, l), whole, l.start(node), l.end(node), l)
}

function isSplatOnly(list: number, l: Lowering): boolean {
  const [first, ...others] = l.type(list) === types.Array ? l.children(list + fields.Array.elements) : []
  return first !== undefined && others.length === 0 && l.type(first) === types.Splat
}

function itself(item: Expression): Expression {
  return item.kind === 'spread' ? item.value : item
}

interface Targets {
  readonly lefts: number
  readonly rest: number
  readonly rights: number
}

interface Target {
  readonly node: number
  /** Its item's place, counted from the end where negative; none for what takes all that is left. */
  readonly index: number | undefined
}

function targetsOf(node: number, words: Targets, l: Lowering): Target[] {
  const rights = l.children(node + words.rights)
  const rest = l.child(node + words.rest)
  return [
    ...l.children(node + words.lefts).map((target, index) => ({ node: target, index })),
    ...(rest === 0 ? [] : [{ node: rest, index: undefined }]),
    ...rights.map((target, index) => ({ node: target, index: index - rights.length })),
  ]
}

/** `a, *b = list`: each target gets its item where the list is written out, else what `[]` gives. */
function takeApart(targets: readonly Target[], value: Expression, start: number, end: number, l: Lowering): Expression {
  const whole = value.kind === 'list' ? { first: [], value } : shared(value)
  const taken = targets.filter(({ index }) => index !== undefined && index >= 0).length
  const left = targets.filter(({ index }) => index !== undefined && index < 0).length
  const body = targets.map(({ node, index }): Expression => {
    const list = whole.value
    if (list.kind !== 'list' || list.items.some(({ kind }) => kind === 'spread'))
      return assign(node, itemOf(list, index, start, end), l)
    if (index === undefined) {
      const items = list.items.slice(taken, Math.max(taken, list.items.length - left))
      return assign(node, { kind: 'list', items, start, end }, l)
    }
    return assign(node, list.items.at(index) ?? nil(start, end), l)
  })
  return { kind: 'sequence', body: [...whole.first, ...body, whole.value], start, end }
}

/** The item of a list; any where its place is not known. */
export function itemOf(list: Expression, index: number | undefined, start: number, end: number): Expression {
  if (index === undefined) return list
  return callOf(list, '[]', [{ kind: 'constant', value: index, start, end }], { start, end })
}

const variableScopes = new Map<number, Scope>([
  [types.LocalVariableTarget, 'local'],
  [types.InstanceVariableTarget, 'instance'],
  [types.ClassVariableTarget, 'class'],
  [types.GlobalVariableTarget, 'global'],
  [types.ConstantTarget, 'constant'],
])
/** All of them have their name first. */
const targetName = fields.LocalVariableTarget.name

export function targetVariable(node: number, l: Lowering): Variable | undefined {
  const scope = variableScopes.get(l.type(node))
  return scope && { scope, name: l.name(node + targetName) }
}

/** Writes `value` to the target of a multiple assignment, a rescue, a loop or a pattern. */
export function assign(node: number, value: Expression, l: Lowering): Expression {
  const [start, end] = [l.start(node), l.end(node)]
  const variable = targetVariable(node, l)
  if (variable) return { kind: 'write', variable, value, adds: false, start, end }
  switch (l.type(node)) {
    case types.IndexTarget: {
      const { receiver, arguments: keys } = fields.IndexTarget
      const list = l.child(node + keys)
      const args = list === 0 ? [] : l.many(list + fields.Arguments.arguments)
      return callOf(l.one(node + receiver, node), '[]=', [...args, value], { start, end })
    }
    case types.CallTarget: {
      const { receiver, name } = fields.CallTarget
      return callOf(l.one(node + receiver, node), l.name(node + name), [value], { start, end })
    }
    case types.ConstantPathTarget: {
      const { parent, name } = fields.ConstantPathTarget
      const prefix = constantName(l.child(node + parent), l)
      const whole = prefix === undefined ? l.name(node + name) : `${prefix}::${l.name(node + name)}`
      return { kind: 'write', variable: { scope: 'constant', name: whole }, value, adds: false, start, end }
    }
    case types.MultiTarget:
      return takeApart(targetsOf(node, fields.MultiTarget, l), value, start, end, l)
    case types.Splat: {
      const target = l.child(node + fields.Splat.expression)
      return target === 0 ? value : assign(target, value, l)
    }
    // Parameters that are taken apart.
    case types.RequiredParameter:
      return {
        kind: 'write',
        variable: { scope: 'local', name: l.name(node + fields.RequiredParameter.name) },
        value,
        adds: false,
        start,
        end,
      }
    default:
      return value
  }
}

/** A target stands for nothing by itself: whoever writes to it says what. */
const target: Lower = (node, l) => nil(l.start(node), l.end(node))

/** `/(?<name>…)/ =~ text`: each name is a part of the text. */
const matchWrite: Lower = (node, l) => {
  const { call, targets } = fields.MatchWrite
  const matched = l.one(node + call, node)
  const [start, end] = [l.start(node), l.end(node)]
  const read: Expression = { kind: 'read', variable: lastMatch, start, end }
  return sequence([matched, ...l.children(node + targets).map((name) => assign(name, read, l))], start, end)
}

const aliasGlobal: Lower = (node, l) => {
  const { newName, oldName } = fields.AliasGlobalVariable
  const [start, end] = [l.start(node), l.end(node)]
  const made = l.one(node + newName, node)
  if (made.kind !== 'read') return nil(start, end)
  return { kind: 'write', variable: made.variable, value: l.one(node + oldName, node), adds: true, start, end }
}

export const variables: ReadonlyMap<number, Lower> = new Map<number, Lower>([
  [types.Self, readLocal('self')],
  [types.ItLocalVariableRead, readLocal('it')],
  [types.LocalVariableRead, read('local', fields.LocalVariableRead.name)],
  [types.InstanceVariableRead, read('instance', fields.InstanceVariableRead.name)],
  [types.ClassVariableRead, read('class', fields.ClassVariableRead.name)],
  [types.GlobalVariableRead, readGlobal],
  [types.ConstantRead, read('constant', fields.ConstantRead.name)],
  [types.ConstantPath, path],
  [types.BackReferenceRead, readMatch],
  [types.NumberedReferenceRead, readMatch],
  [types.LocalVariableWrite, write('local', fields.LocalVariableWrite)],
  [types.InstanceVariableWrite, write('instance', fields.InstanceVariableWrite)],
  [types.ClassVariableWrite, write('class', fields.ClassVariableWrite)],
  [types.GlobalVariableWrite, write('global', fields.GlobalVariableWrite)],
  [types.ConstantWrite, write('constant', fields.ConstantWrite)],
  [types.LocalVariableOrWrite, write('local', fields.LocalVariableOrWrite, true)],
  [types.LocalVariableAndWrite, andWrite('local', fields.LocalVariableAndWrite)],
  [types.InstanceVariableOrWrite, write('instance', fields.InstanceVariableOrWrite, true)],
  [types.InstanceVariableAndWrite, andWrite('instance', fields.InstanceVariableAndWrite)],
  [types.ClassVariableOrWrite, write('class', fields.ClassVariableOrWrite, true)],
  [types.ClassVariableAndWrite, andWrite('class', fields.ClassVariableAndWrite)],
  [types.GlobalVariableOrWrite, write('global', fields.GlobalVariableOrWrite, true)],
  [types.GlobalVariableAndWrite, andWrite('global', fields.GlobalVariableAndWrite)],
  [types.ConstantOrWrite, write('constant', fields.ConstantOrWrite, true)],
  [types.ConstantAndWrite, andWrite('constant', fields.ConstantAndWrite)],
  [types.LocalVariableOperatorWrite, operatorWrite('local', fields.LocalVariableOperatorWrite)],
  [types.InstanceVariableOperatorWrite, operatorWrite('instance', fields.InstanceVariableOperatorWrite)],
  [types.ClassVariableOperatorWrite, operatorWrite('class', fields.ClassVariableOperatorWrite)],
  [types.GlobalVariableOperatorWrite, operatorWrite('global', fields.GlobalVariableOperatorWrite)],
  [types.ConstantOperatorWrite, operatorWrite('constant', fields.ConstantOperatorWrite)],
  [types.ConstantPathWrite, pathWrite(fields.ConstantPathWrite, false)],
  [types.ConstantPathOrWrite, pathWrite(fields.ConstantPathOrWrite, true)],
  [types.ConstantPathAndWrite, pathWrite(fields.ConstantPathAndWrite, true)],
  [
    types.ConstantPathOperatorWrite,
    (node, l) => {
      const words = fields.ConstantPathOperatorWrite
      const name = constantName(l.child(node + words.target), l)
      if (name === undefined) return pathWrite(words, true)(node, l)
      return operated({ scope: 'constant', name }, node, words, l)
    },
  ],
  [types.ShareableConstant, (node, l) => l.one(node + fields.ShareableConstant.write, node)],
  [types.MultiWrite, multiWrite],
  [types.MatchWrite, matchWrite],
  [types.AliasGlobalVariable, aliasGlobal],
  [types.LocalVariableTarget, target],
  [types.InstanceVariableTarget, target],
  [types.ClassVariableTarget, target],
  [types.GlobalVariableTarget, target],
  [types.ConstantTarget, target],
  [types.ConstantPathTarget, target],
  [types.CallTarget, target],
  [types.IndexTarget, target],
  [types.MultiTarget, target],
  [types.Splat, (node, l) => l.optional(node + fields.Splat.expression) ?? forwardedRest(node, l)],
])

function forwardedRest(node: number, l: Lowering): Expression {
  return { kind: 'read', variable: { scope: 'local', name: '*' }, start: l.start(node), end: l.end(node) }
}

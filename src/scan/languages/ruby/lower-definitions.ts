import type { Call, Closure, Define, Entry, Expression, Parameter, Read, Scope, Variable } from '../../form.ts'
import { type ClassMaker, classMaker } from './class-maker.ts'
import { computedParent } from './constant-names.ts'
import { delegationOf } from './delegations.ts'
import { spread } from './lower-literals.ts'
import { assign, variables } from './lower-variables.ts'
import { argumentsIn, callOf, constantName, type Lower, type Lowering, nil, sequence } from './lowering.ts'
import { fields, types } from './nodes/index.ts'

interface Place {
  readonly start: number
  readonly end: number
}

const closure =
  (words: { readonly parameters: number; readonly body: number }): Lower =>
  (node, l) =>
    closureOf(node, words, l)

function closureOf(node: number, words: { readonly parameters: number; readonly body: number }, l: Lowering): Closure {
  const taken: Expression[] = []
  const params = parametersOf(l.child(node + words.parameters), taken, l)
  const [start, end] = [l.start(node), l.end(node)]
  const body = l.one(node + words.body, node)
  return { kind: 'closure', params, body: sequence([...taken, body], start, end), start, end }
}

/**
 * `taken` gets what takes apart the parameters that are patterns; without it only their names are told, for whoever
 * asks before their parts have been lowered.
 */
function parametersOf(node: number, taken: Expression[] | undefined, l: Lowering): Parameter[] {
  if (node === 0) return []
  const { words } = l.tree
  switch (l.type(node)) {
    case types.BlockParameters:
      return [
        ...parametersOf(l.child(node + fields.BlockParameters.parameters), taken, l),
        ...l
          .children(node + fields.BlockParameters.locals)
          .map((local): Parameter => ({ name: l.name(local + fields.BlockLocalVariable.name), taken: 'nothing' })),
      ]
    case types.NumberedParameters: {
      const count = (words[node + fields.NumberedParameters.maximum] ?? 0) & 0xff
      return Array.from({ length: count }, (_, index) => ({ name: `_${index + 1}`, taken: 'position' }))
    }
    case types.ItParameters:
      return [{ name: 'it', taken: 'position' }]
    case types.Parameters:
      return ownParameters(node, taken, l)
    default:
      return []
  }
}

function ownParameters(node: number, taken: Expression[] | undefined, l: Lowering): Parameter[] {
  const words = fields.Parameters
  const all = [
    ...l.children(node + words.requireds),
    ...l.children(node + words.optionals),
    l.child(node + words.rest),
    ...l.children(node + words.posts),
    ...l.children(node + words.keywords),
    l.child(node + words.keywordRest),
    l.child(node + words.block),
  ]
  return all.flatMap((parameter) => (parameter === 0 ? [] : parameterOf(parameter, taken, l)))
}

function parameterOf(node: number, taken: Expression[] | undefined, l: Lowering): Parameter[] {
  const named = (word: number, otherwise: string) => l.name(node + word) || otherwise
  switch (l.type(node)) {
    case types.RequiredParameter:
      return [{ name: named(fields.RequiredParameter.name, ''), taken: 'position' }]
    case types.OptionalParameter:
      return [
        {
          name: named(fields.OptionalParameter.name, ''),
          taken: 'position',
          ...(taken ? { fallback: l.one(node + fields.OptionalParameter.value, node) } : {}),
        },
      ]
    case types.RequiredKeywordParameter:
      return [{ name: named(fields.RequiredKeywordParameter.name, ''), taken: 'name' }]
    case types.OptionalKeywordParameter:
      return [
        {
          name: named(fields.OptionalKeywordParameter.name, ''),
          taken: 'name',
          ...(taken ? { fallback: l.one(node + fields.OptionalKeywordParameter.value, node) } : {}),
        },
      ]
    case types.RestParameter:
      return [{ name: named(fields.RestParameter.name, '*'), taken: 'rest' }]
    case types.KeywordRestParameter:
      return [{ name: named(fields.KeywordRestParameter.name, '**'), taken: 'named rest' }]
    case types.BlockParameter:
      return [{ name: named(fields.BlockParameter.name, '&'), taken: 'block' }]
    case types.ForwardingParameter:
      return [
        { name: '*', taken: 'rest' },
        { name: '**', taken: 'named rest' },
        { name: '&', taken: 'block' },
      ]
    case types.MultiTarget: {
      // `|(a, b), c|`: the whole under a name of the form's own, then its parts.
      const [start, end] = [l.start(node), l.end(node)]
      const variable: Variable = { scope: 'local', name: `%${start}` }
      taken?.push(assign(node, { kind: 'read', variable, start, end }, l))
      return [{ name: variable.name, taken: 'position' }]
    }
    default:
      return []
  }
}

/** What a function was given, as arguments for another. */
export function forwardedArguments(
  parameters: number,
  start: number,
  end: number,
  l: Lowering,
): { readonly args: readonly Expression[]; readonly block?: Expression } {
  return passedOn(parametersOf(parameters, undefined, l), { start, end })
}

function passedOn(
  params: readonly Parameter[],
  { start, end }: Place,
): { readonly args: readonly Expression[]; readonly block?: Expression } {
  const read = (name: string): Read => ({ kind: 'read', variable: { scope: 'local', name }, start, end })
  const args: Expression[] = []
  const entries: Entry[] = []
  let block: Expression | undefined
  for (const { name, taken } of params) {
    if (taken === 'position' || taken === 'either') args.push(read(name))
    else if (taken === 'rest') args.push(spread(read(name)))
    else if (taken === 'name')
      entries.push({ key: { kind: 'text', value: name, symbol: true, start, end }, value: read(name) })
    else if (taken === 'named rest') entries.push({ value: read(name) })
    else if (taken === 'block') block = read(name)
  }
  if (entries.length > 0) args.push({ kind: 'table', entries, start, end })
  return block ? { args, block } : { args }
}

const def: Lower = (node, l) => {
  const name = l.name(node + fields.Def.name)
  const receiver = l.child(node + fields.Def.receiver)
  const [start, end] = [l.start(node), l.end(node)]
  const made: Define = {
    kind: 'define',
    name: inForm(name),
    on: receiver === 0 ? 'instance' : 'scope',
    closure: closureOf(node, fields.Def, l),
    start,
    end,
  }
  // `def Key.read` where no class is open is a part of Key.
  const owner = l.outline.outside.has(node) ? constantName(receiver, l) : undefined
  return owner === undefined ? made : { kind: 'scope', name: owner, body: made, start, end }
}

/** Where an object that stands for another keeps it. */
export const delegate = '@delegate_sd_obj'

/** `SimpleDelegator`, `DelegateClass(Parent)`. */
export function isDelegator(parent: string | undefined): boolean {
  return parent === 'SimpleDelegator' || parent === 'DelegateClass'
}

/** What makes an instance is called `new` in the common form. */
export function inForm(name: string): string {
  return name === 'initialize' ? 'new' : name
}

/** `attr_accessor :key` as the two methods that it makes. */
export function accessors(name: string, args: readonly Expression[], start: number, end: number): Expression {
  const body = args.flatMap((arg): Expression[] => {
    if (arg.kind !== 'text') return [arg]
    const made: Expression[] = []
    if (name !== 'attr_writer') made.push(readerOf(arg.value, arg))
    if (name === 'attr_writer' || name === 'attr_accessor') made.push(writerOf(arg.value, arg))
    return made
  })
  return { kind: 'sequence', body, start, end }
}

function readerOf(name: string, { start, end }: Place): Define {
  const variable: Variable = { scope: 'instance', name: `@${name}` }
  const body: Expression = { kind: 'read', variable, start, end }
  const reader: Closure = { kind: 'closure', params: [], body, start, end }
  return { kind: 'define', name, on: 'instance', closure: reader, start, end }
}

function writerOf(name: string, place: Place): Define {
  const { start, end } = place
  const writer: Closure = {
    kind: 'closure',
    params: [{ name: 'value', taken: 'position' }],
    body: kept(name, 'value', place),
    start,
    end,
  }
  return { kind: 'define', name: `${name}=`, on: 'instance', closure: writer, start, end }
}

function kept(name: string, from: string, { start, end }: Place): Expression {
  const value: Expression = { kind: 'read', variable: { scope: 'local', name: from }, start, end }
  return { kind: 'write', variable: { scope: 'instance', name: `@${name}` }, value, adds: false, start, end }
}

/** `alias a b` and `alias_method :a, :b`: a function that passes all on to the other. */
export function aliasOf(node: number, l: Lowering): Expression {
  const names =
    l.type(node) === types.AliasMethod
      ? [l.child(node + fields.AliasMethod.newName), l.child(node + fields.AliasMethod.oldName)]
      : argumentsIn(node + fields.Call.arguments, l)
  const [name, old] = names.map((named) => l.made(named))
  const [start, end] = [l.start(node), l.end(node)]
  if (name?.kind !== 'text' || old?.kind !== 'text') return nil(start, end)
  const around = l.outline.aliased.get(node)
  const params: readonly Parameter[] =
    around === undefined
      ? [
          { name: '*', taken: 'rest' },
          { name: '&', taken: 'block' },
        ]
      : parametersOf(l.child(around + fields.Def.parameters), undefined, l)
  const { args, block } = passedOn(params, { start, end })
  const passing = callOf(undefined, inForm(old.value), args, { start, end })
  const body: Call = block ? { ...passing, block } : passing
  return {
    kind: 'define',
    name: inForm(name.value),
    on: 'instance',
    closure: { kind: 'closure', params, body, start, end },
    start,
    end,
  }
}

/** Functions that pass all on to one of another object. */
export function delegators(node: number, name: string, l: Lowering): Expression {
  const delegation = delegationOf(node, name, l.tree)
  const [start, end] = [l.start(node), l.end(node)]
  if (!delegation) return nil(start, end)
  const params: readonly Parameter[] = [
    { name: '*', taken: 'rest' },
    { name: '&', taken: 'block' },
  ]
  const body = delegation.functions.map((made): Define => {
    const place = { start: l.start(made.node), end: l.end(made.node) }
    const { args, block } = passedOn(params, place)
    const passing = callOf(delegateOf(delegation.to, place), made.calls, args, place)
    const called: Call = block ? { ...passing, block } : passing
    return {
      kind: 'define',
      name: inForm(made.name),
      on: 'instance',
      closure: { kind: 'closure', params, body: called, ...place },
      ...place,
    }
  })
  return { kind: 'sequence', body, start, end }
}

/** `@client`, `Client`, `self`, or a function that gives it. */
function delegateOf(name: string, place: Place): Expression {
  const scope = name.startsWith('@@')
    ? 'class'
    : name.startsWith('@')
      ? 'instance'
      : name.startsWith('$')
        ? 'global'
        : /^[A-Z]/.test(name)
          ? 'constant'
          : undefined
  if (scope) return { kind: 'read', variable: { scope, name }, ...place }
  return callOf(undefined, name, [], place)
}

const classScope: Lower = (node, l) => {
  const words = fields.Class
  const superclass = l.child(node + words.superclass)
  const parent = constantName(superclass, l) ?? computedParent(superclass, l.tree)
  const body = l.one(node + words.body, node)
  const [start, end] = [l.start(node), l.end(node)]
  const maker = classMaker(superclass, l.tree)
  const record =
    maker && maker.entries.length > 0
      ? recordParts(maker, { start: l.start(superclass), end: l.end(superclass) }, l)
      : []
  const before = isDelegator(parent) ? delegatorParts({ start: l.start(superclass), end: l.end(superclass) }) : record
  const whole = before.length > 0 ? sequence([...before, body], start, end) : body
  const name = constantName(l.child(node + words.constantPath), l) ?? l.name(node + words.name)
  return scopeOf(name, parent, whole, { start, end })
}

export function scopeOf(name: string, parent: string | undefined, body: Expression, { start, end }: Place): Scope {
  return parent === undefined
    ? { kind: 'scope', name, body, start, end }
    : { kind: 'scope', name, parent, body, start, end }
}

/** What `class << self` defines is defined on the scope. */
const singletonClass: Lower = (node, l) => onScope(l.one(node + fields.SingletonClass.body, node))

export function onScope(body: Expression): Expression {
  if (body.kind === 'define') return { ...body, on: 'scope' }
  if (body.kind === 'sequence') return { ...body, body: body.body.map(onScope) }
  // `private def …`.
  if (body.kind === 'call' && !body.receiver && body.args.length > 0) return { ...body, args: body.args.map(onScope) }
  return body
}

/** Functions of a class of records: what makes one, and what reads and writes its entries. */
function recordParts({ makes, entries, byName }: ClassMaker, { start, end }: Place, l: Lowering): Expression[] {
  const names = entries.map((entry) => ({
    value: l.tree.text(entry + fields.Symbol.unescaped),
    start: l.start(entry),
    end: l.end(entry),
  }))
  const params = names.map(({ value }): Parameter => ({ name: value, taken: byName ? 'name' : 'either' }))
  const body = sequence(
    names.map((name) => kept(name.value, name.value, name)),
    start,
    end,
  )
  const closure: Closure = { kind: 'closure', params, body, start, end }
  return [
    { kind: 'define', name: 'new', on: 'instance', closure, start, end },
    ...names.map((name) => readerOf(name.value, name)),
    ...(makes === 'struct' ? names.map((name) => writerOf(name.value, name)) : []),
    ...wholeParts(names, { start, end }),
  ]
}

interface EntryName extends Place {
  readonly value: string
}

/** What gives all that a record holds, or an entry of it by its name: in a dictionary, a list, or a text. */
function wholeParts(names: readonly EntryName[], place: Place): Define[] {
  const read = ({ value, start, end }: EntryName): Expression => ({
    kind: 'read',
    variable: { scope: 'instance', name: `@${value}` },
    start,
    end,
  })
  const entries = names.map((name): Entry => ({ key: { kind: 'text', symbol: true, ...name }, value: read(name) }))
  const table: Expression = { kind: 'table', entries, ...place }
  const list: Expression = { kind: 'list', items: names.map(read), ...place }
  const text: Expression = { kind: 'join', parts: names.map(read), ...place }
  const name: Expression = { kind: 'read', variable: { scope: 'local', name: 'name' }, ...place }
  const entry = callOf(table, '[]', [name], place)
  const bodies: readonly Expression[] = [table, list, list, text, text, entry]
  return wholeNames.map((made, index) => {
    const params: readonly Parameter[] = made === '[]' ? [{ name: 'name', taken: 'position' }] : []
    const body = bodies[index] ?? table
    return {
      kind: 'define',
      name: made,
      on: 'instance',
      closure: { kind: 'closure', params, body, ...place },
      ...place,
    }
  })
}

/** The functions that every record has, in the order in which they are told. */
export const wholeNames = ['to_h', 'to_a', 'deconstruct', 'to_s', 'inspect', '[]'] as const

/** Names, read and written on the class and on its objects, that `class_attribute` and its like make. */
export function classAccessors(
  args: readonly Expression[],
  fallback: Expression | undefined,
  place: Place,
): Expression {
  const { start, end } = place
  const body = args.flatMap((arg): Expression[] => {
    if (arg.kind !== 'text') return []
    const variable: Variable = { scope: 'class', name: `@@${arg.value}` }
    const at = { start: arg.start, end: arg.end }
    const reader: Closure = { kind: 'closure', params: [], body: { kind: 'read', variable, ...at }, ...at }
    const given: Expression = { kind: 'read', variable: { scope: 'local', name: 'value' }, ...at }
    const writer: Closure = {
      kind: 'closure',
      params: [{ name: 'value', taken: 'position' }],
      body: { kind: 'write', variable, value: given, adds: false, ...at },
      ...at,
    }
    const made = (['instance', 'scope'] as const).flatMap((on): Expression[] => [
      { kind: 'define', name: arg.value, on, closure: reader, ...at },
      { kind: 'define', name: `${arg.value}=`, on, closure: writer, ...at },
    ])
    return fallback ? [...made, { kind: 'write', variable, value: fallback, adds: false, ...at }] : made
  })
  return { kind: 'sequence', body, start, end }
}

/** Functions of a class whose objects stand for another object: what makes one, and what answers to every other name. */
function delegatorParts(place: Place): Expression[] {
  const object: Expression = { kind: 'read', variable: { scope: 'instance', name: delegate }, ...place }
  const passed = passedOn(
    [
      { name: 'name', taken: 'position' },
      { name: '*', taken: 'rest' },
      { name: '&', taken: 'block' },
    ],
    place,
  )
  const called: Call = {
    ...callOf(object, 'public_send', passed.args, place),
    ...(passed.block ? { block: passed.block } : {}),
  }
  const closure = (params: readonly Parameter[], body: Expression): Closure => ({
    kind: 'closure',
    params,
    body,
    ...place,
  })
  const given: Parameter = { name: 'object', taken: 'position' }
  const kept: Expression = {
    kind: 'write',
    variable: { scope: 'instance', name: delegate },
    value: { kind: 'read', variable: { scope: 'local', name: 'object' }, ...place },
    adds: false,
    ...place,
  }
  const missing: readonly Parameter[] = [
    { name: 'name', taken: 'position' },
    { name: '*', taken: 'rest' },
  ]
  return [
    { kind: 'define', name: 'new', on: 'instance', closure: closure([given], kept), ...place },
    { kind: 'define', name: '__getobj__', on: 'instance', closure: closure([], object), ...place },
    { kind: 'define', name: 'method_missing', on: 'instance', closure: closure(missing, called), ...place },
  ]
}

/** `Name = Class.new(Parent) do … end` opens a class as `class` does; `Struct.new(…) do … end` too. */
const constantWrite =
  (written: Lower, value: number): Lower =>
  (node, l) => {
    const made = written(node, l)
    const call = l.child(node + value)
    const maker = classMaker(call, l.tree)
    if (made.kind !== 'write' || !maker || maker.block === 0) return made
    const body = l.one(maker.block + fields.Block.body, maker.block)
    const { name } = made.variable
    if (maker.makes === 'class') return scopeOf(name, constantName(maker.args[0] ?? 0, l), body, made)
    if (maker.makes === 'module') return scopeOf(name, undefined, body, made)
    const place = { start: l.start(call), end: l.end(call) }
    return scopeOf(name, undefined, sequence([...recordParts(maker, place, l), body], made.start, made.end), made)
  }

/** A part of a definition, told by the whole. */
const part: Lower = (node, l) => nil(l.start(node), l.end(node))

function written(type: number): Lower {
  return variables.get(type) ?? part
}

export const definitions: ReadonlyMap<number, Lower> = new Map<number, Lower>([
  [types.Block, closure(fields.Block)],
  [types.Lambda, closure(fields.Lambda)],
  [types.Def, def],
  [types.AliasMethod, aliasOf],
  [types.Class, classScope],
  [
    types.Module,
    (node, l) => {
      const words = fields.Module
      const name = constantName(l.child(node + words.constantPath), l) ?? l.name(node + words.name)
      return scopeOf(name, undefined, l.one(node + words.body, node), { start: l.start(node), end: l.end(node) })
    },
  ],
  [types.SingletonClass, singletonClass],
  [types.ConstantWrite, constantWrite(written(types.ConstantWrite), fields.ConstantWrite.value)],
  [types.ConstantPathWrite, constantWrite(written(types.ConstantPathWrite), fields.ConstantPathWrite.value)],
  [types.Parameters, part],
  [types.BlockParameters, part],
  [types.NumberedParameters, part],
  [types.ItParameters, part],
  [types.RequiredParameter, part],
  [types.OptionalParameter, part],
  [types.RequiredKeywordParameter, part],
  [types.OptionalKeywordParameter, part],
  [types.RestParameter, part],
  [types.KeywordRestParameter, part],
  [types.BlockParameter, part],
  [types.BlockLocalVariable, part],
  [types.ForwardingParameter, part],
  [types.NoKeywordsParameter, part],
])

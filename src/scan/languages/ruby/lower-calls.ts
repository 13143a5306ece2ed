import type { Call, Closure, Expression } from '../../form.ts'
import { callSort } from './call-sort.ts'
import {
  accessors,
  aliasOf,
  classAccessors,
  delegators,
  forwardedArguments,
  onScope,
  scopeOf,
} from './lower-definitions.ts'
import { forwarded, itemsIn, spread } from './lower-literals.ts'
import { lastMatch, operation } from './lower-variables.ts'
import { argumentsIn, callOf, constantName, type Lower, type Lowering, nil, sequence, shared } from './lowering.ts'
import { fields, types } from './nodes/index.ts'

const call: Lower = (node, l) => {
  const name = l.name(node + fields.Call.name)
  const sort = callSort(node, name, l.tree)
  switch (sort) {
    case 'raise':
      return raise(node, l)
    case 'closure':
      return l.one(node + fields.Call.block, node)
    case 'accessors':
      return accessors(name, argumentsOf(node + fields.Call.arguments, l), l.start(node), l.end(node))
    case 'class accessors': {
      const given = argumentsOf(node + fields.Call.arguments, l)
      const options = given.at(-1)
      const named = options?.kind === 'table' ? options.entries : []
      const fallback = named.find(({ key }) => key?.kind === 'text' && key.value === 'default')?.value
      return classAccessors(given, fallback, { start: l.start(node), end: l.end(node) })
    }
    case 'on class':
      return onScope(l.one(l.child(node + fields.Call.block) + fields.Block.body, node))
    case 'refine': {
      const [refined = 0] = argumentsIn(node + fields.Call.arguments, l)
      const body = l.one(l.child(node + fields.Call.block) + fields.Block.body, node)
      const place = { start: l.start(node), end: l.end(node) }
      return scopeOf(`::${constantName(refined, l) ?? ''}`, undefined, body, place)
    }
    case 'alias':
      return aliasOf(node, l)
    case 'define':
      return definedByCall(node, name, l)
    case 'delegate':
      return delegators(node, name, l)
    case 'match':
      return match(node, name, l)
    case 'output':
      return callOf(undefined, 'output', argumentsOf(node + fields.Call.arguments, l), {
        start: l.start(node),
        end: l.end(node),
      })
    default:
      return plainCall(node, name, l)
  }
}

function plainCall(node: number, name: string, l: Lowering): Call {
  const { words } = l.tree
  const receiver = l.link(node + fields.Call.receiver, node)
  const list = l.child(node + fields.Call.arguments)
  const block = blockOf(node + fields.Call.block, l) ?? forwardedBlock(list, l)
  const start = l.start(node)
  const place = words[node + fields.Call.messageLoc] ?? 0
  const args = argumentsOf(node + fields.Call.arguments, l)
  const nameStart = place === 0 ? start : l.tree.toOffset(place)
  const end = l.end(node)
  if (receiver)
    return block
      ? { kind: 'call', receiver, name, args, block, nameStart, start, end }
      : { kind: 'call', receiver, name, args, nameStart, start, end }
  return block
    ? { kind: 'call', name, args, block, nameStart, start, end }
    : { kind: 'call', name, args, nameStart, start, end }
}

/** The arguments of a call; `...` passes on all that the function was given. */
function argumentsOf(word: number, l: Lowering): Expression[] {
  const list = l.child(word)
  if (list === 0) return []
  const items = itemsIn(list + fields.Arguments.arguments, l)
  const last = forwardingIn(list, l)
  if (last === undefined) return items
  const [start, end] = [l.start(last), l.end(last)]
  return [
    ...items.slice(0, -1),
    spread(forwarded('*', last, l)),
    { kind: 'table', entries: [{ value: forwarded('**', last, l) }], start, end },
  ]
}

function forwardedBlock(list: number, l: Lowering): Expression | undefined {
  const last = list === 0 ? undefined : forwardingIn(list, l)
  return last === undefined ? undefined : forwarded('&', last, l)
}

function forwardingIn(list: number, l: Lowering): number | undefined {
  const last = l.children(list + fields.Arguments.arguments).at(-1)
  return last !== undefined && l.type(last) === types.ForwardingArguments ? last : undefined
}

/** A closure that is written at the call, or what `&` gives: `&:name` and `&method(:name)` are closures too. */
function blockOf(word: number, l: Lowering): Expression | undefined {
  const block = l.child(word)
  if (block === 0) return undefined
  if (l.type(block) !== types.BlockArgument) return l.made(block)
  const given = l.child(block + fields.BlockArgument.expression)
  if (given === 0) return forwarded('&', block, l)
  const made = l.made(given)
  const place = { start: made.start, end: made.end }
  const item: Expression = { kind: 'read', variable: { scope: 'local', name: '%item' }, ...place }
  if (made.kind === 'text' && made.symbol) return closureOn(callOf(item, made.value, [], place))
  if (made.kind !== 'call' || made.name !== 'method' || made.block) return made
  const [name, ...others] = made.args
  if (name?.kind !== 'text' || others.length > 0) return made
  return closureOn(callOf(made.receiver, name.value, [item], place))
}

function closureOn(body: Call): Closure {
  return { kind: 'closure', params: [{ name: '%item', taken: 'position' }], body, start: body.start, end: body.end }
}

/** `raise Error, message` and `raise Error.new(message)`; the error's class where it is written. */
function raise(node: number, l: Lowering): Expression {
  const [start, end] = [l.start(node), l.end(node)]
  const given = argumentsIn(node + fields.Call.arguments, l)
  const args = given.map((arg) => l.made(arg))
  const [first] = given
  if (first === undefined) return { kind: 'throw', values: [], start, end }
  const made = l.made(first)
  const isMade = made.kind === 'call' && made.name === 'new' && l.type(first) !== types.Splat
  const isText = l.type(first) === types.String || l.type(first) === types.InterpolatedString
  const named = isMade ? l.child(first + fields.Call.receiver) : first
  const error = constantName(named, l) ?? (isText ? 'RuntimeError' : undefined)
  const values = isMade ? made.args : error !== undefined && !isText ? [] : args.slice(0, 1)
  const others = args.slice(1).filter(({ kind }) => kind !== 'table')
  const all = [...values, ...others]
  return error === undefined
    ? { kind: 'throw', values: all, start, end }
    : { kind: 'throw', error, values: all, start, end }
}

/** `define_method(:name) { … }`. */
function definedByCall(node: number, name: string, l: Lowering): Expression {
  const [named] = argumentsOf(node + fields.Call.arguments, l)
  const closure = l.one(node + fields.Call.block, node)
  if (named?.kind !== 'text' || closure.kind !== 'closure') return plainCall(node, name, l)
  return {
    kind: 'define',
    name: named.value === 'initialize' ? 'new' : named.value,
    on: name === 'define_method' ? 'instance' : 'scope',
    closure,
    start: l.start(node),
    end: l.end(node),
  }
}

/** `text =~ /…/` and `text.match(/…/)`: what was matched is in `$~`. */
function match(node: number, name: string, l: Lowering): Expression {
  const made = plainCall(node, name, l)
  const { receiver, args } = made
  if (!receiver) return made
  const { start, end } = made
  const isTurned = isPattern(l.child(node + fields.Call.receiver), l)
  const text = shared((isTurned ? args[0] : receiver) ?? nil(start, end))
  const matched: Call = isTurned ? { ...made, args: [text.value, ...args.slice(1)] } : { ...made, receiver: text.value }
  const write: Expression = { kind: 'write', variable: lastMatch, value: text.value, adds: false, start, end }
  return sequence([...text.first, write, matched], start, end)
}

function isPattern(node: number, l: Lowering): boolean {
  const type = node === 0 ? 0 : l.type(node)
  return type === types.RegularExpression || type === types.InterpolatedRegularExpression
}

interface CallWriteFields {
  readonly receiver: number
  readonly readName: number
  readonly writeName: number
  readonly value: number
}

/** `a.b ||= c`: what `b` gives, or c, which is then written; `a.b += c`. */
const callWrite =
  (words: CallWriteFields, lowerValue: (read: Call, node: number, l: Lowering) => Expression): Lower =>
  (node, l) => {
    const [start, end] = [l.start(node), l.end(node)]
    const receiver = l.optional(node + words.receiver)
    const target = receiver && shared(receiver)
    const read = callOf(target?.value, l.name(node + words.readName), [], { start, end })
    const value = lowerValue(read, node, l)
    const write = callOf(target?.value, l.name(node + words.writeName), [value], { start, end })
    return sequence(
      [...(target?.first ?? []), value.kind === 'call' && value.receiver === read ? write : either(read, write)],
      start,
      end,
    )
  }

interface IndexWriteFields {
  readonly receiver: number
  readonly arguments: number
  readonly value: number
}

/** `a[k] ||= c`, `a[k] += c`. */
const indexWrite =
  (words: IndexWriteFields, lowerValue: (read: Call, node: number, l: Lowering) => Expression): Lower =>
  (node, l) => {
    const [start, end] = [l.start(node), l.end(node)]
    const target = shared(l.one(node + words.receiver, node))
    const keys = argumentsOf(node + words.arguments, l).map(shared)
    const args = keys.map(({ value }) => value)
    const read = callOf(target.value, '[]', args, { start, end })
    const value = lowerValue(read, node, l)
    const write = callOf(target.value, '[]=', [...args, value], { start, end })
    const first = [...target.first, ...keys.flatMap((key) => key.first)]
    return sequence(
      [...first, value.kind === 'call' && value.receiver === read ? write : either(read, write)],
      start,
      end,
    )
  }

function either(read: Expression, write: Expression): Expression {
  return { kind: 'branch', tests: [], arms: [read, write], start: read.start, end: read.end }
}

const valueOnly =
  (word: number) =>
  (_read: Call, node: number, l: Lowering): Expression =>
    l.one(node + word, node)

const superCall: Lower = (node, l) => {
  const words = fields.Super
  const list = l.child(node + words.arguments)
  const block = blockOf(node + words.block, l) ?? forwardedBlock(list, l)
  const made = callOf(undefined, 'super', argumentsOf(node + words.arguments, l), {
    start: l.start(node),
    end: l.end(node),
  })
  return block ? { ...made, block } : made
}

/** `super` alone passes on what the function that it stands in was given. */
const forwardingSuper: Lower = (node, l) => {
  const [start, end] = [l.start(node), l.end(node)]
  const around = l.outline.functions.get(node) ?? 0
  const given = around === 0 ? undefined : forwardedArguments(l.child(around + fields.Def.parameters), start, end, l)
  const own = l.optional(node + fields.ForwardingSuper.block)
  const block = own ?? given?.block
  const made = callOf(undefined, 'super', given?.args ?? [], { start, end })
  return block ? { ...made, block } : made
}

export const calls: ReadonlyMap<number, Lower> = new Map<number, Lower>([
  [types.Call, call],
  [types.CallOrWrite, callWrite(fields.CallOrWrite, valueOnly(fields.CallOrWrite.value))],
  [types.CallAndWrite, callWrite(fields.CallAndWrite, valueOnly(fields.CallAndWrite.value))],
  [
    types.CallOperatorWrite,
    callWrite(fields.CallOperatorWrite, (read, node, l) => operation(read, node, fields.CallOperatorWrite, l)),
  ],
  [types.IndexOrWrite, indexWrite(fields.IndexOrWrite, valueOnly(fields.IndexOrWrite.value))],
  [types.IndexAndWrite, indexWrite(fields.IndexAndWrite, valueOnly(fields.IndexAndWrite.value))],
  [
    types.IndexOperatorWrite,
    indexWrite(fields.IndexOperatorWrite, (read, node, l) => operation(read, node, fields.IndexOperatorWrite, l)),
  ],
  [types.Super, superCall],
  [types.ForwardingSuper, forwardingSuper],
  [
    types.Yield,
    (node, l) =>
      callOf(undefined, 'yield', argumentsOf(node + fields.Yield.arguments, l), {
        start: l.start(node),
        end: l.end(node),
      }),
  ],
])

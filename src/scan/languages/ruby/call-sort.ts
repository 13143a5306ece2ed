import { delegationOf } from './delegations.ts'
import { fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'
import { outputSetter } from './templates/template-writer.ts'
import { childrenOf } from './walk-tree.ts'

/** Calls that are more than calls in the common form. */
export type CallSort =
  | 'raise'
  | 'closure'
  | 'accessors'
  | 'class accessors'
  | 'alias'
  | 'define'
  | 'delegate'
  | 'match'
  | 'output'
  | 'on class'
  | 'refine'
  | 'call'

/** Which sort a call of this name may be, if it is written in the way that the sort is. */
const byName: ReadonlyMap<string, CallSort> = new Map<string, CallSort>([
  ['raise', 'raise'],
  ['fail', 'raise'],
  ['lambda', 'closure'],
  ['proc', 'closure'],
  ['new', 'closure'],
  ['attr_reader', 'accessors'],
  ['attr_writer', 'accessors'],
  ['attr_accessor', 'accessors'],
  ['attr', 'accessors'],
  ['class_attribute', 'class accessors'],
  ['cattr_accessor', 'class accessors'],
  ['mattr_accessor', 'class accessors'],
  ['class_methods', 'on class'],
  ['refine', 'refine'],
  ['alias_method', 'alias'],
  ['define_method', 'define'],
  ['define_singleton_method', 'define'],
  ['delegate', 'delegate'],
  ['def_delegator', 'delegate'],
  ['def_delegators', 'delegate'],
  ['def_instance_delegator', 'delegate'],
  ['def_instance_delegators', 'delegate'],
  ['=~', 'match'],
  ['match', 'match'],
  [outputSetter, 'output'],
])

export function callSort(node: number, name: string, tree: RubyTree): CallSort {
  const sort = byName.get(name)
  return sort !== undefined && isWrittenSo(sort, node, name, tree) ? sort : 'call'
}

function isWrittenSo(sort: CallSort, node: number, name: string, tree: RubyTree): boolean {
  const { words, name: nameOf } = tree
  const receiver = (words[node + fields.Call.receiver] ?? 0) >> 2
  const block = (words[node + fields.Call.block] ?? 0) >> 2
  const hasBlock = block !== 0 && typeOf(words, block) === types.Block
  const list = (words[node + fields.Call.arguments] ?? 0) >> 2
  const args = list === 0 ? [] : childrenOf(words, list + fields.Arguments.arguments)
  const first = args[0] === undefined ? 0 : typeOf(words, args[0])
  const isProc = (constant: number) =>
    constant !== 0 &&
    typeOf(words, constant) === types.ConstantRead &&
    nameOf(words[constant + fields.ConstantRead.name] ?? 0) === 'Proc'
  switch (sort) {
    case 'raise':
      return receiver === 0
    case 'closure':
      return hasBlock && (name === 'new' ? isProc(receiver) : receiver === 0)
    case 'accessors':
      return receiver === 0
    case 'class accessors':
      return receiver === 0 && isName(first)
    case 'on class':
      return receiver === 0 && hasBlock && args.length === 0
    case 'refine':
      return receiver === 0 && hasBlock && args.length === 1 && isConstant(first)
    case 'alias':
      return receiver === 0 && args.length === 2 && args.every((arg) => isName(typeOf(words, arg)))
    case 'define':
      return receiver === 0 && hasBlock && args.length === 1 && isName(first)
    case 'delegate':
      return delegationOf(node, name, tree) !== undefined
    case 'match':
      return receiver !== 0 && (isPattern(first) || isPattern(typeOf(words, receiver)))
    default:
      return true
  }
}

function typeOf(words: Int32Array, node: number): number {
  return (words[node] ?? 0) & 0xffff
}

function isName(type: number): boolean {
  return type === types.Symbol || type === types.String
}

function isConstant(type: number): boolean {
  return type === types.ConstantRead || type === types.ConstantPath
}

function isPattern(type: number): boolean {
  return type === types.RegularExpression || type === types.InterpolatedRegularExpression
}

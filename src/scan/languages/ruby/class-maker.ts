import { fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'
import { childrenOf } from './walk-tree.ts'

/** A call that makes a class: `Class.new(Parent) do`, `Struct.new(:a, :b)`. */
export interface ClassMaker {
  readonly makes: 'class' | 'module' | 'struct' | 'data'
  readonly args: readonly number[]
  /** The block that is the body; 0 for none. */
  readonly block: number
  /** Nodes of the names of a record's entries, and whether they are given by name only. */
  readonly entries: readonly number[]
  readonly byName: boolean
}

const makers: Readonly<Record<string, ClassMaker['makes']>> = {
  'Class.new': 'class',
  'Module.new': 'module',
  'Struct.new': 'struct',
  'Data.define': 'data',
}

/** What a node makes; undefined where it makes no class. */
export function classMaker(node: number, tree: RubyTree): ClassMaker | undefined {
  const { words } = tree
  const type = (at: number) => (words[at] ?? 0) & 0xffff
  if (node === 0 || type(node) !== types.Call) return undefined
  const receiver = (words[node + fields.Call.receiver] ?? 0) >> 2
  const name = receiver === 0 ? undefined : bareConstant(receiver, tree)
  if (name === undefined) return undefined
  const makes = makers[`${name}.${tree.name(words[node + fields.Call.name] ?? 0)}`]
  if (!makes) return undefined
  const list = (words[node + fields.Call.arguments] ?? 0) >> 2
  const args = list === 0 ? [] : childrenOf(words, list + fields.Arguments.arguments)
  const block = (words[node + fields.Call.block] ?? 0) >> 2
  const isRecord = makes === 'struct' || makes === 'data'
  return {
    makes,
    args,
    block: block !== 0 && type(block) === types.Block ? block : 0,
    entries: isRecord ? args.filter((arg) => type(arg) === types.Symbol) : [],
    byName: args.some((arg) => takesNames(arg, tree)),
  }
}

/** `Struct`, `::Struct`. */
function bareConstant(node: number, { words, name }: RubyTree): string | undefined {
  const type = (words[node] ?? 0) & 0xffff
  if (type === types.ConstantRead) return name(words[node + fields.ConstantRead.name] ?? 0)
  if (type !== types.ConstantPath || words[node + fields.ConstantPath.parent] !== 0) return undefined
  return name(words[node + fields.ConstantPath.name] ?? 0)
}

/** `keyword_init: true`. */
function takesNames(arg: number, { words, text }: RubyTree): boolean {
  if (((words[arg] ?? 0) & 0xffff) !== types.KeywordHash) return false
  return childrenOf(words, arg + fields.KeywordHash.elements).some((element) => {
    if (((words[element] ?? 0) & 0xffff) !== types.Assoc) return false
    const key = (words[element + fields.Assoc.key] ?? 0) >> 2
    const value = (words[element + fields.Assoc.value] ?? 0) >> 2
    return (
      ((words[key] ?? 0) & 0xffff) === types.Symbol &&
      text(key + fields.Symbol.unescaped) === 'keyword_init' &&
      ((words[value] ?? 0) & 0xffff) === types.True
    )
  })
}

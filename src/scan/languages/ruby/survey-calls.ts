import { addEntry, asksForText, mixinCalls, namingCalls } from '../../survey.ts'
import { callSort } from './call-sort.ts'
import { constantNameOf } from './constant-names.ts'
import { delegationOf } from './delegations.ts'
import { isLoader } from './loads.ts'
import { inForm } from './lower-definitions.ts'
import { fields, types } from './nodes/index.ts'
import {
  argumentsIn,
  bare,
  define,
  mention,
  mentionNumber,
  mentionWrite,
  nodeAt,
  onOf,
  openScope,
  ownerOf,
  passOn,
  push,
  pushAll,
  type Surveying,
  textOf,
  typeOf,
} from './surveying.ts'
import { childrenOf } from './walk-tree.ts'

/** What lower-calls.ts makes of a call, told without making it. */
export function surveyCall(node: number, depth: number, s: Surveying): false {
  const number = s.words[node + fields.Call.name] ?? 0
  const name = s.tree.name(number)
  const block = nodeAt(node + fields.Call.block, s)
  switch (callSort(node, name, s.tree)) {
    case 'raise':
      surveyRaise(node, depth, s)
      return false
    case 'closure':
      push(block, depth + 1, s)
      return false
    case 'accessors':
      surveyAccessors(node, name, depth, s)
      return false
    case 'class accessors':
      surveyClassAccessors(node, depth, s)
      return false
    case 'on class': {
      const body = nodeAt(block + fields.Block.body, s)
      if (body !== 0) s.onScope.add(body)
      push(body, depth + 1, s)
      return false
    }
    case 'refine': {
      const [refined = 0] = argumentsIn(node + fields.Call.arguments, s)
      openScope(`::${constantNameOf(refined, s.tree).name ?? ''}`, undefined, true, s)
      push(nodeAt(block + fields.Block.body, s), depth + 1, s)
      return false
    }
    case 'alias': {
      const [made = 0, old = 0] = argumentsIn(node + fields.Call.arguments, s)
      surveyAlias(node, made, old, s)
      return false
    }
    case 'define': {
      const [named = 0] = argumentsIn(node + fields.Call.arguments, s)
      define(inForm(textOf(named, s) ?? ''), block, name === 'define_method' ? onOf(node, s) : 'scope', s)
      push(block, depth + 1, s)
      return false
    }
    case 'delegate':
      surveyDelegation(node, name, s)
      return false
    case 'output':
      mention('output', s)
      push(nodeAt(node + fields.Call.arguments, s), depth + 1, s)
      return false
  }
  mentionNumber(number, s)
  surveyPlainCall(node, name, depth, s)
  return false
}

function surveyPlainCall(node: number, name: string, depth: number, s: Surveying): void {
  const receiver = nodeAt(node + fields.Call.receiver, s)
  const args = nodeAt(node + fields.Call.arguments, s)
  if (namingCalls.has(name)) mentionNamed(node, s)
  if (receiver !== 0 && args !== 0 && asksForText(name)) surveyEntry(receiver, args, s)
  if (receiver === 0) {
    if (s.words[node + fields.Call.block] !== 0 && ownerOf(s) === '') s.topBlocks.add(name)
    if (args !== 0) passOn(node, childrenOf(s.words, args + fields.Arguments.arguments), s)
    if (mixinCalls.has(name)) mixIn(node, s)
    if (isLoader(name)) load(node, name, s)
  } else if (mixinCalls.has(name) && isLocal(receiver, s)) mixIn(node, s)
  surveyBlock(nodeAt(node + fields.Call.block, s), depth + 1, s)
  push(args, depth + 1, s)
  push(receiver, depth, s)
}

/** `ENV['PORT']`, `ENV.values_at('PORT', 'HOST')`. */
function surveyEntry(receiver: number, args: number, s: Surveying): void {
  const inner = bare(receiver, s)
  const given = childrenOf(s.words, args + fields.Arguments.arguments)
  const texts = given.map((arg) => textOf(bare(arg, s), s))
  if (texts[0] === undefined || given.some((arg) => typeOf(arg, s) === types.Splat)) return
  const { name } = constantNameOf(inner, s.tree)
  if (name === undefined) return
  s.asked.add(inner)
  for (const text of texts) if (text !== undefined) addEntry(s.entries, name, text)
}

/** `base.extend(Functions)` in what is run when a module is taken in. */
function isLocal(node: number, s: Surveying): boolean {
  return typeOf(bare(node, s), s) === types.LocalVariableRead
}

function mentionNamed(node: number, s: Surveying): void {
  const [first] = argumentsIn(node + fields.Call.arguments, s)
  const named = first === undefined ? undefined : textOf(bare(first, s), s)
  if (named !== undefined) mention(named, s)
}

function mixIn(node: number, s: Surveying): void {
  const own = s.mixins.get(ownerOf(s))
  if (!own) return
  for (const arg of argumentsIn(node + fields.Call.arguments, s)) {
    const given = typeOf(arg, s) === types.Splat ? nodeAt(arg + fields.Splat.expression, s) : arg
    const { name } = constantNameOf(bare(given, s), s.tree)
    if (name !== undefined) own.push(name)
  }
}

function load(node: number, loader: string, s: Surveying): void {
  const last = argumentsIn(node + fields.Call.arguments, s).at(-1)
  if (last !== undefined) s.loads.add(loader, textOf(bare(last, s), s))
}

/** The class that is written out is no part of the form, nor is a dictionary of options. */
function surveyRaise(node: number, depth: number, s: Surveying): void {
  const list = nodeAt(node + fields.Call.arguments, s)
  const [first, ...others] = list === 0 ? [] : childrenOf(s.words, list + fields.Arguments.arguments)
  pushAll(
    others.filter((arg) => !isTable(bare(arg, s), s)),
    depth + 2,
    s,
  )
  if (first === undefined) return
  const inner = bare(first, s)
  if (isMade(inner, s)) push(nodeAt(inner + fields.Call.arguments, s), depth + 2, s)
  else if (constantNameOf(first, s.tree).name === undefined) push(first, depth + 2, s)
}

function isTable(node: number, s: Surveying): boolean {
  return typeOf(node, s) === types.KeywordHash || typeOf(node, s) === types.Hash
}

/** `Error.new(message)`. */
function isMade(node: number, s: Surveying): boolean {
  if (typeOf(node, s) !== types.Call) return false
  const name = s.tree.name(s.words[node + fields.Call.name] ?? 0)
  return name === 'new' && callSort(node, name, s.tree) === 'call'
}

function surveyAccessors(node: number, name: string, depth: number, s: Surveying): void {
  const isWritten = name === 'attr_writer' || name === 'attr_accessor'
  for (const arg of argumentsIn(node + fields.Call.arguments, s)) {
    const named = bare(arg, s)
    const entry = textOf(named, s)
    if (entry === undefined) {
      push(arg, depth + 2, s)
      continue
    }
    if (isWritten) mentionWrite(`@${entry}`, s)
    else mention(`@${entry}`, s)
    if (name !== 'attr_writer') define(entry, named, onOf(node, s), s)
    if (isWritten) define(`${entry}=`, named, onOf(node, s), s)
  }
}

function surveyClassAccessors(node: number, depth: number, s: Surveying): void {
  const args = argumentsIn(node + fields.Call.arguments, s)
  const last = args.at(-1)
  const fallback = last === undefined ? 0 : entryAt(bare(last, s), 'default', s)
  for (const arg of args) {
    const named = bare(arg, s)
    const entry = textOf(named, s)
    if (entry === undefined) continue
    mentionWrite(`@@${entry}`, s)
    for (const on of ['instance', 'scope'] as const) for (const name of [entry, `${entry}=`]) define(name, named, on, s)
  }
  push(fallback, depth + 1, s)
}

/** The value of a named argument; 0 for none. */
function entryAt(table: number, name: string, s: Surveying): number {
  if (typeOf(table, s) !== types.KeywordHash) return 0
  for (const element of childrenOf(s.words, table + fields.KeywordHash.elements)) {
    if (typeOf(element, s) !== types.Assoc) continue
    if (textOf(nodeAt(element + fields.Assoc.key, s), s) === name) return nodeAt(element + fields.Assoc.value, s)
  }
  return 0
}

export function surveyAlias(node: number, made: number, old: number, s: Surveying): void {
  const [name, of] = [textOf(made, s), textOf(old, s)]
  if (name === undefined || of === undefined) return
  define(inForm(name), node, onOf(node, s), s)
  mention(inForm(of), s)
  // The block of the one is handed to the other.
  if (ownerOf(s) === '' && of !== 'super') s.topBlocks.add(inForm(of))
}

function surveyDelegation(node: number, name: string, s: Surveying): void {
  const delegation = delegationOf(node, name, s.tree)
  if (!delegation) return
  for (const made of delegation.functions) {
    define(inForm(made.name), made.node, onOf(node, s), s)
    mention(made.calls, s)
  }
  mention(delegation.to, s)
}

/** `&:name` and `&method(:name)` are closures that call it. */
export function surveyBlock(block: number, depth: number, s: Surveying): void {
  if (typeOf(block, s) !== types.BlockArgument) {
    push(block, depth, s)
    return
  }
  const given = nodeAt(block + fields.BlockArgument.expression, s)
  const inner = bare(given, s)
  if (typeOf(inner, s) === types.Symbol) {
    mention(textOf(inner, s) ?? '', s)
    return
  }
  const method = methodNamed(inner, s)
  if (method === undefined) push(given, depth + 1, s)
  else {
    mention(method, s)
    const receiver = nodeAt(inner + fields.Call.receiver, s)
    if (receiver === 0 && isLoader(method)) s.loads.add(method, undefined)
    push(receiver, depth + 1, s)
  }
}

/** The name in `method(:name)`. */
function methodNamed(node: number, s: Surveying): string | undefined {
  if (typeOf(node, s) !== types.Call || s.words[node + fields.Call.block] !== 0) return undefined
  if (s.tree.name(s.words[node + fields.Call.name] ?? 0) !== 'method') return undefined
  const [named, ...others] = argumentsIn(node + fields.Call.arguments, s)
  return named === undefined || others.length > 0 ? undefined : textOf(bare(named, s), s)
}

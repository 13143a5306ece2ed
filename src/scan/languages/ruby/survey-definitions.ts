import { type ClassMaker, classMaker } from './class-maker.ts'
import { computedParent, constantNameOf } from './constant-names.ts'
import { delegate, inForm, isDelegator, wholeNames } from './lower-definitions.ts'
import { fields, types } from './nodes/index.ts'
import {
  define,
  mention,
  mentionWrite,
  nodeAt,
  onOf,
  openScope,
  ownerOf,
  push,
  type Surveying,
  textOf,
  typeOf,
} from './surveying.ts'

/** What lower-definitions.ts makes of classes, modules and functions, told without making it. */
export function surveyClass(node: number, depth: number, s: Surveying): false {
  const superclass = nodeAt(node + fields.Class.superclass, s)
  const parent =
    superclass === 0 ? undefined : (constantNameOf(superclass, s.tree).name ?? computedParent(superclass, s.tree))
  openScope(nameOf(node, fields.Class, s), parent, true, s)
  const maker = classMaker(superclass, s.tree)
  if (maker && maker.entries.length > 0) surveyRecord(maker, superclass, s)
  if (isDelegator(parent)) {
    mentionWrite(delegate, s)
    mention('public_send', s)
    for (const name of ['new', '__getobj__', 'method_missing']) define(name, superclass, 'instance', s)
  }
  push(nodeAt(node + fields.Class.body, s), depth + 1, s)
  return false
}

export function surveyModule(node: number, depth: number, s: Surveying): false {
  openScope(nameOf(node, fields.Module, s), undefined, true, s)
  push(nodeAt(node + fields.Module.body, s), depth + 1, s)
  return false
}

function nameOf(node: number, words: { readonly constantPath: number; readonly name: number }, s: Surveying): string {
  const path = constantNameOf(nodeAt(node + words.constantPath, s), s.tree)
  return path.name ?? s.tree.name(s.words[node + words.name] ?? 0)
}

export function surveySingletonClass(node: number, depth: number, s: Surveying): false {
  const body = nodeAt(node + fields.SingletonClass.body, s)
  // Whatever is defined in it stands in a class, if in none of another name.
  s.owners.push({ end: s.stack.length, name: ownerOf(s), isWritten: true })
  if (body !== 0) s.onScope.add(body)
  push(body, depth + 1, s)
  return false
}

export function surveyDef(node: number, depth: number, s: Surveying): false {
  const receiver = nodeAt(node + fields.Def.receiver, s)
  const isOutside = receiver !== 0 && !s.owners.some(({ isWritten }) => isWritten)
  const of = isOutside ? constantNameOf(receiver, s.tree).name : undefined
  if (of !== undefined) openScope(of, undefined, false, s)
  const name = inForm(s.tree.name(s.words[node + fields.Def.name] ?? 0))
  const params = countParameters(nodeAt(node + fields.Def.parameters, s), s)
  define(name, node, receiver === 0 ? onOf(node, s) : 'scope', s, params)
  push(nodeAt(node + fields.Def.body, s), depth + 1, s)
  push(nodeAt(node + fields.Def.parameters, s), depth + 1, s)
  return false
}

function countParameters(node: number, s: Surveying): number {
  if (node === 0) return 0
  const { requireds, optionals, posts, keywords, rest, keywordRest, block } = fields.Parameters
  let count = 0
  for (const word of [requireds, optionals, posts, keywords]) count += s.words[node + word] ?? 0
  for (const word of [rest, keywordRest, block]) {
    const parameter = nodeAt(node + word, s)
    // `...` is the others, the named ones and the block.
    if (parameter !== 0) count += typeOf(parameter, s) === types.ForwardingParameter ? 3 : 1
  }
  return count
}

/** `Name = value`, which may open a class; `name` is undefined where it is computed. */
export function surveyConstantWrite(name: string | undefined, value: number, depth: number, s: Surveying): boolean {
  if (name === undefined) return true
  const maker = classMaker(value, s.tree)
  if (!maker || maker.block === 0) {
    mentionWrite(name, s)
    push(value, depth + 1, s)
    return false
  }
  const [parent] = maker.args
  const isClass = maker.makes === 'class' && parent !== undefined
  openScope(name, isClass ? constantNameOf(parent, s.tree).name : undefined, false, s)
  if (maker.makes === 'struct' || maker.makes === 'data') surveyRecord(maker, value, s)
  push(nodeAt(maker.block + fields.Block.body, s), depth + 3, s)
  return false
}

function surveyRecord({ makes, entries }: ClassMaker, call: number, s: Surveying): void {
  define('new', call, 'instance', s)
  for (const entry of entries) {
    mentionWrite(`@${textOf(entry, s)}`, s)
    define(textOf(entry, s) ?? '', entry, 'instance', s)
  }
  if (makes === 'struct') for (const entry of entries) define(`${textOf(entry, s)}=`, entry, 'instance', s)
  for (const name of wholeNames) define(name, call, 'instance', s)
}

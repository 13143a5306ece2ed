import { limits } from '../../limits.ts'
import type { Closure } from '../form.ts'
import type { LabelKind, LineEnds, Option, OptionValue } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import type { Where } from './environments.ts'
import type { Variables } from './variables.ts'

/** One step of a path; the steps before it hang on it. */
export interface Trace {
  readonly id: number
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  readonly says: string
  readonly before?: Trace
  readonly length: number
}

/** Something that a value may hold, and how it got there. */
export interface Label {
  readonly what: LabelKind
  /** The variable that the key is read from; the classes whose message it is. */
  readonly name: string
  readonly trace: Trace
  /** Environments in which it is read. */
  readonly where: Where
  /** Set once the key has been part of an exception's message; the error's class where it is known. */
  readonly via?: { readonly error: string | undefined }
  /** Set once what holds it has been reported: a URL where it is built, a template where it puts it out. */
  readonly told?: 'url' | 'template'
  /** Of an input: set once something stands before it, so that it cannot choose the host of a URL or the root of a path. */
  readonly within?: true
  /** Of an input in a path: it has been made absolute, without `..`; it cannot leave its folder; it came without `..`. */
  readonly cleared?: 'resolved' | 'path' | 'parents'
  /** Of an input: whether it can hold the end of a line, where it is not any text. */
  readonly lineEnds?: LineEnds
  /** Other ways to the same place; only in flows. */
  readonly others?: readonly Trace[]
}

/** What is known of a value: an over-approximation of what it may hold. */
export interface Value {
  readonly labels: readonly Label[]
  readonly type?: string
  /** The text, where it is a constant; `*` stands for parts that are not. */
  readonly text?: string
  /** The texts that it may be, where it is any entry of a dictionary or a list of a few texts. */
  readonly texts?: readonly string[]
  /** The text is the name of the one entry that a block is being run on; or the truth value is known of that one. */
  readonly isName?: true
  /** The number or truth value, where it is a constant. */
  readonly literal?: number | boolean | null
  /** Entries by key, items by index; `*` where the key is not known. Changed in place by writes to the object. */
  readonly fields?: Map<string, Value>
  /** What an object was told. Changed in place by writes to the object. */
  readonly options?: Map<Option, OptionValue>
  readonly closure?: BoundClosure
  /** Other functions that it may be. */
  readonly otherClosures?: readonly BoundClosure[]
  /** The follower's cells that it was read from before anything was known to write them. */
  readonly unknown?: readonly object[]
  /** Of an exception: what its message may hold, and what its rescue catches. */
  readonly thrown?: readonly Label[]
}

/** A function with the variables that it sees. */
export interface BoundClosure {
  readonly closure: Closure
  /** Of the code that it stands in; the follower's own. */
  readonly frame: unknown
  readonly variables: Variables
  readonly where: Where
  /** It does nothing but call this with what it is given. */
  readonly calls?: { readonly name: string; readonly receiver?: Value }
  /** Whether it came upon a secret when it was tried. */
  isTouched?: boolean
}

export const nothing: Value = { labels: [] }

/** Enough for every real case; a bound because labels multiply. */
const labelsMax = 24
const fieldDepthMax = 4
/** Of what is further down in a value it only counts whether there is something to follow. */
const keyDepthMax = 3

export function joinLabels(a: readonly Label[], b: readonly Label[]): readonly Label[] {
  if (a.length === 0 || a === b) return b
  if (b.length === 0) return a
  let joined: Label[] | undefined
  for (const label of b) {
    const list: readonly Label[] = joined ?? a
    const at = list.findIndex((other) => sameLabel(other, label))
    const present = list[at]
    if (!present) {
      if (list.length >= labelsMax) continue
      joined ??= [...a]
      joined.push(label)
    } else if ((present.where | label.where) !== present.where) {
      joined ??= [...a]
      joined[at] = { ...present, where: present.where | label.where }
    }
  }
  return joined ?? a
}

export function sameLabel(a: Label, b: Label): boolean {
  return (
    a.what === b.what &&
    a.name === b.name &&
    (a.via === undefined) === (b.via === undefined) &&
    a.told === b.told &&
    a.within === b.within &&
    a.lineEnds === b.lineEnds &&
    a.cleared === b.cleared
  )
}

/** The labels of what stands inside of a text that begins otherwise. */
export function withinText(labels: readonly Label[]): readonly Label[] {
  if (!labels.some(({ what, within }) => what === 'input' && !within)) return labels
  return labels.map((label) => (label.what === 'input' && !label.within ? { ...label, within: true } : label))
}

/** A text that was put together, its middle left out where it is long: so that sums of sums stay small. */
export function boundedText(text: string): string {
  const { scanBuiltTextMax: most } = limits
  return text.length > most ? `${text.slice(0, most / 2)}*${text.slice(-most / 2)}` : text
}

/** A value that may be either. */
export function joinValues(a: Value, b: Value, depth = 0): Value {
  // An object may hold itself.
  if (a === b || b === nothing || depth > fieldDepthMax) return a
  if (a === nothing) return b
  const type = a.type ?? b.type
  const closure = a.closure ?? b.closure
  const otherClosures = a.closure && b.closure ? closuresBeside(a.closure, a, b) : (a.otherClosures ?? b.otherClosures)
  const fields = a.fields && b.fields ? joinFields(a.fields, b.fields, depth + 1) : (a.fields ?? b.fields)
  const options = a.options && b.options ? joinOptions(a.options, b.options) : (a.options ?? b.options)
  const unknown = a.unknown ?? b.unknown
  const texts = a.texts ?? b.texts
  const thrown = a.thrown || b.thrown ? joinLabels(a.thrown ?? [], b.thrown ?? []) : undefined
  return {
    labels: joinLabels(a.labels, b.labels),
    ...(type === undefined ? {} : { type }),
    ...(a.text !== undefined && a.text === b.text ? { text: a.text } : {}),
    ...(a.literal !== undefined && a.literal === b.literal ? { literal: a.literal } : {}),
    ...(a.isName && b.isName && (a.text ?? a.literal) === (b.text ?? b.literal) ? { isName: true } : {}),
    ...(fields ? { fields } : {}),
    ...(options ? { options } : {}),
    ...(closure ? { closure } : {}),
    ...(otherClosures && otherClosures.length > 0 ? { otherClosures } : {}),
    ...(unknown ? { unknown } : {}),
    ...(texts ? { texts } : {}),
    ...(thrown ? { thrown } : {}),
  }
}

const otherClosuresMax = 7

function closuresBeside(first: BoundClosure, a: Value, b: Value): readonly BoundClosure[] {
  const known = new Set([first.closure])
  const others: BoundClosure[] = []
  for (const bound of [...(a.otherClosures ?? []), ...(b.closure ? [b.closure] : []), ...(b.otherClosures ?? [])]) {
    if (known.has(bound.closure) || others.length >= otherClosuresMax) continue
    known.add(bound.closure)
    others.push(bound)
  }
  return others
}

function joinFields(a: Map<string, Value>, b: Map<string, Value>, depth: number): Map<string, Value> {
  if (a === b) return a
  const fields = new Map(a)
  for (const [key, value] of b) {
    const present = fields.get(key)
    fields.set(key, present && present !== value ? joinValues(present, value, depth) : value)
  }
  return fields
}

/** What both were told; what only one was told is not known. */
function joinOptions(a: Map<Option, OptionValue>, b: Map<Option, OptionValue>): Map<Option, OptionValue> {
  if (a === b) return a
  const options = new Map<Option, OptionValue>()
  for (const option of new Set([...a.keys(), ...b.keys()])) {
    const value = a.get(option)
    options.set(option, value !== undefined && value === b.get(option) ? value : '*')
  }
  return options
}

/** The same value, and holding these labels. */
export function withLabels(value: Value, labels: readonly Label[]): Value {
  return labels === value.labels ? value : { ...value, labels }
}

/** Everything that shows when the value is written out: its own labels and those of its entries. */
export function shownLabels(value: Value, depth = 0): readonly Label[] {
  const { labels, fields, type } = value
  if (!fields || fields.size === 0 || depth >= fieldDepthMax || isOpaque(type)) return labels
  let shown = labels
  for (const field of fields.values()) {
    if (field !== nothing) shown = joinLabels(shown, shownLabels(field, depth + 1))
  }
  return shown
}

/** Objects that do not show what they hold. */
function isOpaque(type: string | undefined): boolean {
  return type !== undefined && type !== 'plain' && type !== 'table' && type !== 'list'
}

/**
 * The entry of `key`; every entry where the key is not known. `lessen` takes out of what may be in any entry what is not in
 * this one.
 */
export function fieldOf(
  value: Value,
  key: string | undefined,
  lessen: (labels: readonly Label[]) => readonly Label[] = (labels) => labels,
): Value {
  const own = ownOf(value.labels, key, lessen)
  if (!value.fields) return own === nothing ? unknownPart(value) : own
  if (key !== undefined) {
    const found = value.fields.get(key)
    const any = value.fields.get('*')
    return joinValues(own, joinValues(found ?? nothing, any ? withLabels(any, lessen(any.labels)) : nothing))
  }
  let all = own
  for (const field of value.fields.values()) all = joinValues(all, field)
  return all
}

/** What is had from a value of which nothing is known yet. */
export function unknownPart({ unknown }: Value): Value {
  return unknown ? { labels: [], unknown } : nothing
}

/** Whether nothing is known of it that anybody could be told. */
export function isEmpty(value: Value): boolean {
  if (value === nothing) return true
  const { labels, type, text, literal, fields, options, closure, thrown } = value
  const hasLabels = labels.length > 0 || thrown !== undefined
  return !hasLabels && (type ?? text ?? literal ?? fields ?? options ?? closure) === undefined
}

const wholes: ReadonlySet<LabelKind> = new Set(['settings', 'upstream'])

/** One entry of a whole is not the whole; what an upstream answered is no longer passed on as it came. */
function ownOf(
  labels: readonly Label[],
  key: string | undefined,
  lessen: (labels: readonly Label[]) => readonly Label[],
): Value {
  const kept = ofEntries(
    key === undefined || labels.length === 0 ? labels : lessen(labels.filter(({ what }) => !wholes.has(what))),
  )
  return kept.length > 0 ? { labels: kept } : nothing
}

/** An entry is any text, however the text of the whole quotes it. */
function ofEntries(labels: readonly Label[]): readonly Label[] {
  if (!labels.some(({ lineEnds }) => lineEnds === 'in entries')) return labels
  return labels.map((label) => {
    if (label.lineEnds !== 'in entries') return label
    const { lineEnds: _quoted, ...entry } = label
    return entry
  })
}

/** The labels of what stands quoted in a text, as lists and dictionaries quote their entries there. */
export function withLineEnds(labels: readonly Label[], lineEnds: LineEnds): readonly Label[] {
  if (!labels.some((label) => label.what === 'input' && label.lineEnds !== 'none')) return labels
  return labels.map((label) => (label.what === 'input' && label.lineEnds !== 'none' ? { ...label, lineEnds } : label))
}

/**
 * Whether a secret is in the value or its entries: what is chased from function to function. Messages and inputs matter
 * in code that answers requests, which is run anyway.
 */
export function holdsSecret(value: Value, depth = 0): boolean {
  if (value.labels.some(isSecret) || value.thrown?.some(isSecret)) return true
  if (!value.fields || depth >= fieldDepthMax) return false
  for (const field of value.fields.values()) if (field !== nothing && holdsSecret(field, depth + 1)) return true
  return false
}

/** Whether a secret is in it, or is read from it or its entries. */
export function leadsToSecrets(value: Value, isLeading: (type: string) => boolean, depth = 0): boolean {
  const { labels, thrown, type, fields, closure } = value
  if (closure?.isTouched) return true
  if (labels.some(isSecret) || thrown?.some(isSecret) || (type !== undefined && isLeading(type))) return true
  if (!fields || depth >= fieldDepthMax) return false
  for (const field of fields.values()) if (field !== nothing && leadsToSecrets(field, isLeading, depth + 1)) return true
  return false
}

export function isSecret({ what }: Pick<Label, 'what'>): boolean {
  return what === 'key' || what === 'settings' || what === 'credential'
}

/** Whether anything that is followed is in the value or its entries. */
export function holdsLabels(value: Value, depth = 0): boolean {
  if (value.labels.length > 0 || (value.thrown !== undefined && value.thrown.length > 0)) return true
  if (!value.fields || depth >= fieldDepthMax) return false
  for (const field of value.fields.values()) if (field !== nothing && holdsLabels(field, depth + 1)) return true
  return false
}

/** Everything in the entries of an object that does not show them itself. */
export function entryLabels(value: Value): readonly Label[] {
  let labels = value.labels
  for (const field of value.fields?.values() ?? []) labels = joinLabels(labels, shownLabels(field))
  return labels
}

export function addField(fields: Map<string, Value>, key: string, value: Value): void {
  const present = fields.get(key)
  fields.set(key, present && key === '*' ? joinValues(present, value) : value)
}

/** Whether joining `added` to `present` would teach nothing, apart from other ways to the same. */
export function teachesNothing(present: Value, added: Value, depth = 0): boolean {
  if (present === added || added === nothing || depth > fieldDepthMax) return true
  // Of two types the first is kept.
  if ((added.type !== undefined && present.type === undefined) || (added.closure && !present.closure)) return false
  if (present.text !== undefined && present.text !== added.text) return false
  if (!hasAll(present.labels, added.labels) || !hasAll(present.thrown ?? [], added.thrown ?? [])) return false
  if (added.options && !present.options) return false
  if (!added.fields) return true
  if (!present.fields) return false
  for (const [key, field] of added.fields) {
    const known = present.fields.get(key)
    if (!known || !teachesNothing(known, field, depth + 1)) return false
  }
  return true
}

function hasAll(present: readonly Label[], added: readonly Label[]): boolean {
  if (present.length >= labelsMax) return true
  return added.every((label) =>
    present.some((other) => sameLabel(other, label) && (other.where | label.where) === other.where),
  )
}

/** A shorter one, for functions that are called in very many ways: apart from the ways and the texts. */
export function coarseKey(value: Value, depth = 0): string {
  let key = value.type ?? ''
  for (const { what, name, via, cleared } of value.labels) key += `,${what}${name}${via ? 'v' : ''}${cleared ?? ''}`
  if (value.closure) key += `(${value.closure.closure.start}`
  if (value.fields && depth < 1)
    for (const [name, field] of value.fields) key += `{${name}:${coarseKey(field, depth + 1)}`
  return key
}

/** A text that two values share exactly when they behave the same; for remembering results. */
export function valueKey(value: Value, depth = 0): string {
  if (value === nothing) return '-'
  let key = value.type ?? ''
  if (value.text !== undefined) key += `${value.isName ? "'" : ''}"${value.text.slice(0, 60)}`
  if (value.literal !== undefined) key += `=${value.literal}`
  for (const { what, name, trace, via, within, cleared, lineEnds, where } of value.labels) {
    const marks = `${via ? 'v' : ''}${within ? 'w' : ''}${cleared ?? ''}${lineEnds ?? ''}`
    key += `,${what}${name}${trace.id}${marks}${where === 31 ? '' : where}`
  }
  if (value.thrown) for (const { what, name, trace } of value.thrown) key += `!${what}${name}${trace.id}`
  if (value.closure) key += `(${value.closure.closure.start}`
  if (value.options) for (const [option, told] of value.options) key += `#${option}${told}`
  if (value.fields && depth >= keyDepthMax) return holdsLabels(value, depth) ? `${key}{+}` : key
  if (value.fields) {
    key += '{'
    for (const [name, field] of value.fields) key += `${name}:${valueKey(field, depth + 1)};`
    key += '}'
  }
  return key
}

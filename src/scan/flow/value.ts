import type { Closure } from '../form.ts'
import type { SourceFile } from '../source-file.ts'

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
  /** `message` and `backtrace`: of an exception; `input`: chosen by whoever sends the request. */
  readonly what: 'key' | 'message' | 'backtrace' | 'input'
  /** The variable that the key is read from; the classes whose message it is. */
  readonly name: string
  readonly trace: Trace
  /** Set once the key has been part of an exception's message; the error's class where it is known. */
  readonly via?: { readonly error: string | undefined }
  /** Set once a URL that holds the key has been reported. */
  readonly inUrl?: boolean
}

/** What is known of a value: an over-approximation of what it may hold. */
export interface Value {
  readonly labels: readonly Label[]
  readonly type?: string
  /** The text, where it is a constant. */
  readonly text?: string
  /** Entries by key, items by index; `*` where the key is not known. Changed in place by writes to the object. */
  readonly fields?: Map<string, Value>
  readonly closure?: BoundClosure
  /** Of an exception: what its message may hold, and what its rescue catches. */
  readonly thrown?: readonly Label[]
}

/** A function with the variables that it sees. */
export interface BoundClosure {
  readonly closure: Closure
  readonly frame: unknown
}

export const nothing: Value = { labels: [] }

/** Enough for every real case; a bound because labels multiply. */
const labelsMax = 24
const fieldDepthMax = 4

export function joinLabels(a: readonly Label[], b: readonly Label[]): readonly Label[] {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const joined = [...a]
  for (const label of b) {
    if (joined.length >= labelsMax) break
    if (!joined.some((other) => sameLabel(other, label))) joined.push(label)
  }
  return joined.length === a.length ? a : joined
}

function sameLabel(a: Label, b: Label): boolean {
  return a.what === b.what && a.name === b.name && (a.via === undefined) === (b.via === undefined)
}

/** A value that may be either. */
export function joinValues(a: Value, b: Value, depth = 0): Value {
  // An object may hold itself.
  if (a === b || b === nothing || depth > fieldDepthMax) return a
  if (a === nothing) return b
  const type = a.type ?? b.type
  const closure = a.closure ?? b.closure
  const fields = a.fields && b.fields ? joinFields(a.fields, b.fields, depth + 1) : (a.fields ?? b.fields)
  const thrown = a.thrown || b.thrown ? joinLabels(a.thrown ?? [], b.thrown ?? []) : undefined
  return {
    labels: joinLabels(a.labels, b.labels),
    ...(type === undefined ? {} : { type }),
    ...(a.text !== undefined && a.text === b.text ? { text: a.text } : {}),
    ...(fields ? { fields } : {}),
    ...(closure ? { closure } : {}),
    ...(thrown ? { thrown } : {}),
  }
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

/** Everything that shows when the value is written out: its own labels and those of its entries. */
export function shownLabels(value: Value, depth = 0): readonly Label[] {
  let labels = value.labels
  if (!value.fields || depth >= fieldDepthMax || isOpaque(value.type)) return labels
  for (const field of value.fields.values()) labels = joinLabels(labels, shownLabels(field, depth + 1))
  return labels
}

/** Objects that do not show what they hold. */
function isOpaque(type: string | undefined): boolean {
  return type !== undefined && type !== 'plain' && type !== 'table' && type !== 'list'
}

/** The entry of `key`; every entry where the key is not known. */
export function fieldOf(value: Value, key: string | undefined): Value {
  const own: Value = value.labels.length > 0 ? { labels: value.labels } : nothing
  if (!value.fields) return own
  if (key !== undefined) {
    const found = value.fields.get(key)
    const any = value.fields.get('*')
    return joinValues(own, joinValues(found ?? nothing, any ?? nothing))
  }
  let all = own
  for (const field of value.fields.values()) all = joinValues(all, field)
  return all
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

/** What a cell holds, apart from the way it got there. */
export function shapeOf(value: Value): string {
  const labels = shownLabels(value).map(({ what, name, via }) => `${what} ${name} ${via ? 'v' : ''}`)
  return `${labels.join(',')}|${value.type ?? ''}|${value.text ?? ''}|${value.fields?.size ?? 0}|${value.thrown?.length ?? 0}`
}

/** A text that two values share exactly when they behave the same; for remembering results. */
export function valueKey(value: Value, depth = 0): string {
  if (value === nothing) return '-'
  const labels = value.labels
    .map(({ what, name, trace, via }) => `${what}${name}${trace.id}${via ? 'v' : ''}`)
    .join(',')
  const thrown = value.thrown?.map(({ what, name, trace }) => `${what}${name}${trace.id}`).join(',') ?? ''
  const fields =
    value.fields && depth < fieldDepthMax
      ? [...value.fields].map(([key, field]) => `${key}:${valueKey(field, depth + 1)}`).join(';')
      : ''
  const closure = value.closure ? `${value.closure.closure.start}` : ''
  return `${value.type ?? ''}|${value.text?.slice(0, 60) ?? ''}|${labels}|${thrown}|${fields}|${closure}`
}

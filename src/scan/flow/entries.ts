import type { Call } from '../form.ts'
import type { CallModel } from '../model.ts'
import type { SecretNames } from '../secret-name.ts'
import type { Frame } from './frame.ts'
import { keyText } from './records.ts'
import { addField, fieldOf, joinValues, type Value } from './value.ts'
import type { Variables } from './variables.ts'

/** The item at the end of a list whose items are known; undefined for another value. */
export function itemAtEnd({ end }: CallModel, { args }: Call, { type, fields }: Value): Value | undefined {
  if (!end || args.length > 0 || type !== 'list' || !fields || fields.size === 0 || fields.has('*')) return undefined
  return fields.get(end === 'first' ? '0' : String(fields.size - 1))
}

/** Names of secrets that are URLs and hold more than the secret. */
const urlName = /(?:^|_)(?:URL|URI|DSN|CONNECTION_STRING)$/i

/** Entries of such a URL, taken apart, that hold its secret, or the whole of it; others say where to and how. */
const secretEntry = /pass|secret|token|key|auth|user_?info|cred|ur[il]|dsn|connection/i

/** The entry of a name: of what is in entries of any name only as much as one of this name may hold. */
export function namedEntry(value: Value, key: string | undefined, isSecretName: SecretNames): Value {
  if (key === undefined) return fieldOf(value, key)
  return fieldOf(value, key, (labels) =>
    labels.filter(({ what, name }) => {
      if (what === 'settings') return isSecretName(key)
      return what !== 'key' || !urlName.test(name) || secretEntry.test(key) || /^\d+$/.test(key)
    }),
  )
}

/** What a call gives that picks entries of a dictionary by their names, or puts others over them; undefined for another. */
export function pickedEntries(
  { picks, overlays }: CallModel,
  call: Call,
  target: Value,
  args: readonly Value[],
  frame: Frame,
): Value | undefined {
  if (target.type !== 'table' || !target.fields) return undefined
  if (overlays) return overlaid(overlays, target, args, frame)
  if (!picks || args.length === 0) return undefined
  const names = args.map((arg, index) => call.args[index] && keyText(call.args[index], arg))
  if (picks === 'taken out') {
    const [name] = names
    const taken = fieldOf(target, name)
    if (name !== undefined && runsAlways(frame)) target.fields.delete(name)
    return taken
  }
  if (names.includes(undefined)) return undefined
  if (picks === 'values') {
    const values = names.map((name, index) => [String(index), fieldOf(target, name)] as const)
    return { labels: target.labels, type: 'list', fields: new Map(values) }
  }
  const isKept = (name: string) => name === '*' || names.includes(name) === (picks === 'named')
  return { ...target, fields: new Map([...target.fields].filter(([name]) => isKept(name))) }
}

function overlaid(
  overlays: NonNullable<CallModel['overlays']>,
  target: Value,
  args: readonly Value[],
  frame: Frame,
): Value | undefined {
  if (!args.every(({ type, fields }) => type === 'table' && fields)) return undefined
  const isCopy = overlays === 'a copy'
  const fields = isCopy ? new Map(target.fields) : (target.fields ?? new Map<string, Value>())
  let { labels } = target
  for (const arg of args) {
    for (const [name, value] of arg.fields ?? []) writeEntry(fields, name, value, isCopy || runsAlways(frame))
    labels = joinValues({ labels }, { labels: arg.labels }).labels
  }
  return isCopy ? { ...target, labels, fields } : target
}

/** Writes an entry of an object; the old one may remain where the code may not be run. */
export function writeEntry(fields: Map<string, Value>, name: string, value: Value, isCertain: boolean): void {
  const present = isCertain ? undefined : fields.get(name)
  addField(fields, name, present ? joinValues(present, value) : value)
}

/** Whether the code is in no arm of a branch. */
export function runsAlways({ variables }: Frame): boolean {
  for (let level: Variables | undefined = variables; level; level = level.outer) if (level.isArm) return false
  return true
}

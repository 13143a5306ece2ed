import type { Call } from '../form.ts'
import type { CallModel } from '../model.ts'
import { type Label, shownLabels, type Value } from './value.ts'

/** Keys that `'https://…?key=' + key` and `format('…?key=%s', key)` put in a URL. */
export function keysPutInUrl(model: CallModel, call: Call, target: Value, args: readonly Value[]): readonly Label[] {
  if (model.appends) return target.text !== undefined && readsAsUrl(target.text) ? args.flatMap(shownKeys) : []
  if (!model.fills) return []
  const isReceiver = args.length > 0 && target.text !== undefined && call.receiver !== undefined
  const pattern = isReceiver ? target.text : args[0]?.text
  const before = pattern?.replace(/%(?:[-\d]*s|\{\w+\}|<\w+>s).*$/s, '')
  return before !== undefined && readsAsUrl(before) ? args.slice(isReceiver ? 0 : 1).flatMap(shownKeys) : []
}

function shownKeys(value: Value): readonly Label[] {
  return shownLabels(value).filter(isUntoldKey)
}

/** A secret, as it is, that has not been reported yet. */
export function isUntoldKey({ what, told, via }: Label): boolean {
  return (what === 'key' || what === 'credential') && told === undefined && !via
}

/** A URL is reported once, where it is built. */
export function toldUrl(label: Label): Label {
  return label.what === 'key' || label.what === 'credential' ? { ...label, told: 'url' } : label
}

/** Whether what stands before a part makes it a part of a URL: a query's value, or the path of an absolute URL. */
export function readsAsUrl(before: string): boolean {
  if (/[?&][\w.[\]-]+=$/.test(before)) return true
  return /^\s*https?:\/\/\S*$/.test(before)
}

/** Whether what follows a text chooses where the whole leads: nothing stands before it, or a scheme and a part of a host. */
export function leads(before: string): boolean {
  return before === '' || /^\s*[a-z][a-z+.-]*:\/\/[^/?#*]*$/i.test(before)
}

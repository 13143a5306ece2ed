import type { Call } from '../form.ts'
import { type Label, shownLabels, type Value } from './value.ts'

/** Keys that `'https://…?key=' + key` and `format('…?key=%s', key)` put in a URL. */
export function keysPutInUrl(call: Call, target: Value, args: readonly Value[]): readonly Label[] {
  const [first, ...others] = args
  const isFormat = call.name === 'format' || call.name === 'sprintf' || call.name === '%'
  const pattern = call.name === '%' ? target.text : first?.text
  const given = isFormat ? (call.name === '%' ? args : others) : args
  const isUrl = isFormat
    ? pattern !== undefined && readsAsUrl(pattern.replace(/%(?:[-\d]*s|\{\w+\}|<\w+>s).*$/s, ''))
    : (call.name === '+' || call.name === '<<') && target.text !== undefined && readsAsUrl(target.text)
  if (!isUrl) return []
  return given.flatMap(shownKeys)
}

function shownKeys(value: Value): readonly Label[] {
  return shownLabels(value).filter(({ what, inUrl, via }) => what === 'key' && !inUrl && !via)
}

/** A URL is reported once, where it is built. */
export function reportedUrl(label: Label): Label {
  return label.what === 'key' ? { ...label, inUrl: true } : label
}

/** Whether what stands before a part makes it a part of a URL: a query's value, or the path of an absolute URL. */
export function readsAsUrl(before: string): boolean {
  if (/[?&][\w.[\]-]+=$/.test(before)) return true
  return /^\s*https?:\/\/\S*$/.test(before)
}

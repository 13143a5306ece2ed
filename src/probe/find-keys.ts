import { type KeyKind, keyAt } from '../keys/kind.ts'
import { randomText } from '../keys/random.ts'
import { readingsOf } from './readings.ts'

/** A key, or a phantom, that stands in an answer. `text` is never shown: only its mask is. */
export interface FoundKey {
  readonly kind: KeyKind
  readonly text: string
  /** The public prefix that may be shown. */
  readonly prefix: string
  readonly isPhantom: boolean
  /** Place in the bytes where it stands as it is; -1 where it was found in another reading. */
  readonly at: number
  readonly reading: string
}

const foundMax = 100

/** The keys of `kinds` in `text` (one character a byte), each value once. */
export function findKeys(kinds: readonly KeyKind[], text: string): FoundKey[] {
  const found = new Map<string, FoundKey>()
  for (const reading of readingsOf(text)) {
    for (const kind of kinds) {
      for (const key of keysOf(kind, reading.text)) {
        if (found.size >= foundMax) return [...found.values()]
        if (found.has(key.text)) continue
        found.set(key.text, {
          ...key,
          isPhantom: isPhantom(kind, key.text, key.prefix),
          at: reading.name === '' ? key.at : -1,
          reading: reading.name,
        })
      }
    }
  }
  return [...found.values()]
}

function* keysOf(kind: KeyKind, text: string): Generator<Omit<FoundKey, 'reading' | 'isPhantom'>> {
  const { shape } = kind
  if (!shape) return
  for (const prefix of shape.prefixes) {
    for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
      const end = keyAt(kind, text, at)
      // A part of a longer word is not a key: `risk-…`, or a run that goes on behind the longest key.
      if (end < 0 || isWordAt(text, at - 1) || isWordAt(text, end)) continue
      const key = text.slice(at, end)
      if (shape.isPlaceholder?.(key)) continue
      yield { kind, text: key, prefix, at }
    }
  }
}

function isWordAt(text: string, at: number): boolean {
  return /[A-Za-z0-9]/.test(text.charAt(at))
}

/**
 * Whether `key` is one of our worthless stand-ins. Every phantom of a kind begins with the same marked text behind the
 * public prefix: what several phantoms have in common is that text, so that no list of marks has to be kept here.
 */
function isPhantom(kind: KeyKind, key: string, prefix: string): boolean {
  const phantoms = Array.from({ length: phantomsMin }, () => kind.phantom(randomText(), { prefix, length: key.length }))
  const mark = phantoms.reduce(commonStart)
  return mark.length - prefix.length >= markMin && key.startsWith(mark)
}

/** So many that they agree by chance in not one character more (16⁻⁷ for hexadecimal ones). */
const phantomsMin = 8
const markMin = 6

function commonStart(a: string, b: string): string {
  let end = 0
  while (end < a.length && a[end] === b[end]) end++
  return a.slice(0, end)
}

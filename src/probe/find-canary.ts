import { type Spelling, spellings } from '../secret/spellings.ts'
import { readingsOf } from './readings.ts'

/** Searches for one secret in every spelling. Holds it for as long as the probe runs, and shows it to nobody. */
export interface Canary {
  readonly spellings: readonly { readonly name: string; readonly text: string }[]
}

export function canaryOf(secret: Uint8Array): Canary {
  return { spellings: spellings(secret).map(({ name, bytes }) => ({ name, text: bytes.toString('latin1') })) }
}

/** Where it stands in `text` (one character a byte): -1 where only another reading of the text shows it. */
export function findCanary(canary: Canary | undefined, text: string): { spelling: Spelling['name']; at: number }[] {
  if (!canary) return []
  const plain = canary.spellings.flatMap(({ name, text: spelled }) => {
    const at = text.indexOf(spelled)
    return at < 0 ? [] : [{ spelling: name, at }]
  })
  if (plain.length > 0) return plain
  for (const reading of readingsOf(text).slice(1)) {
    const found = canary.spellings.find(({ text: spelled }) => reading.text.includes(spelled))
    if (found) return [{ spelling: found.name === 'raw' ? reading.name : `${found.name}, ${reading.name}`, at: -1 }]
  }
  return []
}

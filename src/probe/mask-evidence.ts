import { maskSecret, printable } from '../finding/mask.ts'
import type { KeyKind } from '../keys/kind.ts'
import type { Canary } from './find-canary.ts'
import { findKeys } from './find-keys.ts'

const lineMax = 300

/**
 * What may be recorded of text that the service sent: without the canary in any spelling, without keys, one line, nothing
 * that a terminal obeys. Done when evidence is recorded, so that nothing unmasked is ever there to be printed.
 */
export function maskEvidence(text: string, kinds: readonly KeyKind[], canary: Canary | undefined): string {
  let masked = text.slice(0, 4_096)
  for (const { text: spelled } of canary?.spellings ?? []) masked = masked.replaceAll(spelled, '…(canary)')
  for (const key of findKeys(kinds, masked)) masked = masked.replaceAll(key.text, maskSecret(key.text, key.prefix))
  const line = printable(masked.replace(/\s+/g, ' ')).trim()
  return line.length > lineMax ? `${line.slice(0, lineMax)}…` : line
}

import { maskSecret, printable } from '../finding/mask.ts'
import type { KeyKind } from '../keys/kind.ts'
import type { Canary } from './find-canary.ts'
import { findKeys } from './find-keys.ts'

const lineMax = 300

/** What must not be shown. */
export interface Secrets {
  readonly kinds: readonly KeyKind[]
  readonly canary: Canary | undefined
}

/** `text` without the canary in any spelling and without keys. */
export function maskSecrets(text: string, { kinds, canary }: Secrets): string {
  let masked = text
  for (const { text: spelled } of canary?.spellings ?? []) masked = masked.replaceAll(spelled, '…(canary)')
  for (const key of findKeys(kinds, masked)) masked = masked.replaceAll(key.text, maskSecret(key.text, key.prefix))
  return masked
}

/**
 * What may be recorded of text that the service sent: masked, one line, nothing that a terminal obeys. Done when evidence
 * is recorded, so that nothing unmasked is ever there to be printed.
 */
export function maskEvidence(text: string, secrets: Secrets): string {
  const line = printable(maskSecrets(text.slice(0, 4_096), secrets).replace(/\s+/g, ' ')).trim()
  return line.length > lineMax ? `${line.slice(0, lineMax)}…` : line
}

import type { KeyKind } from '../../keys/kind.ts'
import type { SourceFile } from '../source-file.ts'
import type { FoundSecret } from './secret.ts'

/** A secret of a file as rules see it: its offsets are those of the file's text. */
export interface SecretLiteral extends Omit<FoundSecret, 'kind'> {
  readonly file: SourceFile
  readonly kind?: KeyKind
}

/**
 * Gives secrets that were found in a file's bytes their places in its text, which is made only where there are any.
 * Bytes that are as many as the text has units are its units.
 */
export function placeSecrets(
  found: readonly FoundSecret[],
  file: SourceFile,
  kinds: readonly KeyKind[],
  bytes = file.bytes,
): SecretLiteral[] {
  if (found.length === 0) return []
  const { text } = file
  const offsetOf = bytes.length === text.length ? (offset: number) => offset : textOffsets(bytes)
  return found.map(({ kind: id, start, end, ...rest }) => {
    const kind = kinds.find((candidate) => candidate.id === id)
    return { ...rest, ...(kind ? { kind } : {}), file, start: offsetOf(start), end: offsetOf(end) }
  })
}

/** For offsets that grow: what lies between two is decoded once. A secret begins and ends at a whole character. */
function textOffsets(bytes: Uint8Array): (offset: number) => number {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let counted = 0
  let length = 0
  return (offset) => {
    if (offset < counted) return length
    length += decoder.decode(bytes.subarray(counted, offset)).length
    counted = offset
    return length
  }
}

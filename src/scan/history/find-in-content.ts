import { createHash } from 'node:crypto'
import type { KeyKind } from '../../keys/kind.ts'
import { findKeyLiterals, type KeyLiteral } from '../literals/find-key-literals.ts'
import type { Masker } from '../mask-source.ts'
import { sourceFile } from '../source-file.ts'

/** Finds the secrets of one version of a file, or of a message, under the path that it had. */
export type SecretFinder = (content: Uint8Array, path: string) => readonly KeyLiteral[]

/** `mask` is what the literals' files are shown through. */
export function secretFinder(kinds: readonly KeyKind[], mask: Masker): SecretFinder {
  return (content, path) => {
    if (content.subarray(0, 8_000).includes(0)) return []
    return findKeyLiterals(sourceFile(path, decoder.decode(content), mask), kinds)
  }
}

const decoder = new TextDecoder('utf-8')

/** The same for the same secret within a run, whose salt it is; tells nothing of the secret. */
export function secretDigest(salt: Uint8Array, { kind, file, start, end }: KeyLiteral): string {
  const hash = createHash('sha256').update(salt).update(`${kind.id}\0`)
  return hash.update(file.text.slice(start, end)).digest('hex').slice(0, 32)
}

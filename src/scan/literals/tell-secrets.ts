import { createHash } from 'node:crypto'
import type { Problem } from '../rule.ts'
import type { SecretLiteral } from './place-secrets.ts'
import { readInstead } from './read-instead.ts'
import type { SecretRule } from './secret.ts'

/** What a rule has to say of a secret. */
interface Advice {
  readonly message: string
  readonly fix: string
  /** Whether the line can read the secret from the environment instead. */
  readonly mayReadInstead: boolean
}

/** The problems of one rule: a secret each, weighed as it was found. */
export function* tellSecrets(
  literals: readonly SecretLiteral[],
  rule: SecretRule,
  advise: (literal: SecretLiteral) => Advice,
): Generator<Problem> {
  for (const literal of literals) {
    if (literal.rule !== rule) continue
    const { file, start, end, severity, confidence, setting, kind, title, name = '', shown } = literal
    const { message, fix, mayReadInstead } = advise(literal)
    const instead = mayReadInstead ? readInstead(literal) : undefined
    yield {
      file,
      start,
      end,
      severity,
      confidence,
      message,
      fix,
      ...(setting === undefined ? {} : { holds: setting }),
      ...instead,
      identity: [kind?.id ?? title, name, shown, ...digestOf(literal)],
    }
  }
}

/**
 * Tells one key from another of its kind: a new key is a new finding. Only of what an issuer has made at random; a digest
 * of a text that somebody has thought up could be guessed from a published finding.
 */
export function digestOf({ kind, file, start, end }: SecretLiteral): string[] {
  const key = file.text.slice(start, end)
  const isRandom = kind?.shape !== undefined && /^[\w+=.-]{24,}$/.test(key) && new Set(key).size >= 14
  return isRandom ? [createHash('sha256').update(key).digest('hex').slice(0, 16)] : []
}

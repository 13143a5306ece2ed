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
      identity: [kind?.id ?? title, name, shown],
    }
  }
}

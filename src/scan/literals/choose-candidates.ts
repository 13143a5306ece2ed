import type { Candidate } from './search.ts'
import type { SecretRule } from './secret.ts'

/** The more is known of what a secret is, the further in front; of two that overlap the first one tells it. */
const precedence: readonly SecretRule[] = [
  'certificate-holds-key',
  'private-key-file',
  'private-key-in-source',
  'key-literal',
  'cloud-credentials',
  'master-key-committed',
  'connection-string-password',
  'credentials-in-url',
  'password-file',
  'jwt-in-source',
  'encoded-secret',
  'session-secret-literal',
  'generic-secret',
]

/** One candidate for each place, in order. */
export function chooseCandidates(candidates: readonly Candidate[]): Candidate[] {
  const chosen: Candidate[] = []
  for (const candidate of [...candidates].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = chosen.at(-1)
    if (last && candidate.start < last.end) {
      if (rank(candidate) < rank(last)) chosen[chosen.length - 1] = candidate
    } else chosen.push(candidate)
  }
  return chosen
}

function rank({ rule, kind }: Candidate): number {
  return precedence.indexOf(rule) * 2 + (kind === undefined ? 1 : 0)
}

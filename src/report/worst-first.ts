import { type Finding, severities } from '../finding/finding.ts'

/** By severity; findings of one severity stay in the order in which they were given. */
export function worstFirst<F extends Finding>(findings: readonly F[]): F[] {
  return findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

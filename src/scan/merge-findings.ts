import type { Finding } from '../finding/finding.ts'
import { fingerprint } from '../finding/fingerprint.ts'

/**
 * Sorted by file, line, column and rule, each leak once: the same one seen through two programs that share a file is
 * one. Of two leaks of one form in one function the second gets a fingerprint of its own.
 */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>()
  const times = new Map<string, number>()
  const merged: Finding[] = []
  for (const finding of [...findings].sort(inOrder)) {
    const { at } = finding
    const place = 'file' in at ? `${at.file}:${at.line}:${at.column}` : ''
    const key = `${finding.rule} ${place}`
    if (seen.has(key)) continue
    seen.add(key)
    const time = (times.get(finding.fingerprint) ?? 0) + 1
    times.set(finding.fingerprint, time)
    merged.push(
      time === 1
        ? finding
        : { ...finding, fingerprint: fingerprint(finding.rule, [finding.fingerprint, String(time)]) },
    )
  }
  return merged
}

function inOrder(a: Finding, b: Finding): number {
  const [one, two] = [a.at, b.at]
  if (!('file' in one) || !('file' in two)) return 0
  if (one.file !== two.file) return one.file < two.file ? -1 : 1
  return one.line - two.line || one.column - two.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
}

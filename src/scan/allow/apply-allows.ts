import { type Finding, isSourcePlace, type SuppressedFinding } from '../../finding/finding.ts'
import type { SourceFile } from '../source-file.ts'
import type { AllowComment } from './find-allows.ts'

/** A rule that a comment allows on a line; plain data. */
export interface Allowance {
  /** Where the rule's name stands, as findings of `allow-unused` name it. */
  readonly line: number
  readonly column: number
  readonly covers: number
  readonly rule: string
  readonly reason: string
}

/** Findings about comments themselves; no comment allows them. */
const aboutComments = new Set(['allow-unused', 'allow-unknown-rule', 'allow-without-reason'])

/** What a file's comments allow. Those without a reason allow nothing. */
export function allowancesOf(file: SourceFile, comments: readonly AllowComment[]): Allowance[] {
  return comments
    .filter(({ reason }) => reason !== '')
    .flatMap(({ covers, rules, reason }) =>
      rules.map(({ id, start, end }) => {
        const { line, column } = file.place(start, end)
        // A reason that somebody puts a key into must not be the leak.
        return { line, column, covers, rule: id, reason: file.masked(reason) }
      }),
    )
}

/**
 * Takes out what a comment allows: a finding whose place has the comment's line in it. Of `allow-unused`, which is found
 * for every allowance, only those stay that have allowed nothing.
 */
export function applyAllows(
  findings: readonly Finding[],
  allowances: ReadonlyMap<string, readonly Allowance[]>,
): { readonly findings: readonly Finding[]; readonly suppressed: readonly SuppressedFinding[] } {
  if (allowances.size === 0) return { findings, suppressed: [] }
  const used = new Set<Allowance>()
  const suppressed: SuppressedFinding[] = []
  const kept = findings.filter((finding) => {
    const { at, rule } = finding
    if (!isSourcePlace(at) || aboutComments.has(rule)) return true
    const { file, line, endLine = line } = at
    const by = allowances.get(file)?.filter((one) => one.rule === rule && one.covers >= line && one.covers <= endLine)
    const [first] = by ?? []
    if (!by || !first) return true
    for (const one of by) used.add(one)
    suppressed.push({ ...finding, suppression: { by: 'allow', reason: first.reason } })
    return false
  })
  const isUsed = ({ at, rule }: Finding) =>
    rule === 'allow-unused' &&
    isSourcePlace(at) &&
    allowances.get(at.file)?.some((one) => one.line === at.line && one.column === at.column && used.has(one))
  return { findings: kept.filter((finding) => !isUsed(finding)), suppressed }
}

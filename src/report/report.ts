import type { Finding, SuppressedFinding } from '../finding/finding.ts'
import type { Score } from '../finding/grade.ts'

/** What a verb has to say, before it is written as text, JSON or SARIF. Holds no secret: findings are masked. */
export interface Report {
  readonly verb: 'scan' | 'probe'
  /** What was looked at: a path or a URL. */
  readonly subject: string
  readonly findings: readonly Finding[]
  /** What would be findings, had not a comment or the baseline said otherwise. Not scored. */
  readonly suppressed?: readonly SuppressedFinding[]
  /** What the baseline holds and was not found again. */
  readonly gone?: readonly { readonly rule: string; readonly file: string }[]
  readonly score: Score
  /** Descriptions of every rule or check that could have reported, for explanations and SARIF. */
  readonly rules: readonly ReportRule[]
  /** A verdict for each thing that was tried; the prober's matrix. */
  readonly table?: ReportTable
  /** What was measured, in the order in which people want it: `['files', '12']`. */
  readonly measured: readonly (readonly [label: string, value: string])[]
  /** What was not read or not tested, a sentence each: silence is never a pass. */
  readonly gaps: readonly string[]
  /** The prober's answer to its main question, and what it rests on; the rows of `table` for programs. */
  readonly verdict?: string
  readonly reasons?: readonly string[]
  readonly arms?: readonly ReportArm[]
}

/** What one way of knocking came to, on one route over one transport. */
export interface ReportArm {
  readonly arm: string
  readonly title: string
  readonly transport: string
  readonly route: string
  readonly outcome: string
  readonly why: string
}

export interface ReportRule {
  readonly id: string
  readonly title: string
  /** Markdown. */
  readonly explanation: string
  readonly severity: Finding['severity']
  readonly cwe?: number
  readonly examples?: { readonly bad: readonly ReportExample[]; readonly good: readonly ReportExample[] }
}

/** Source text, or source texts by their files' names. */
export type ReportExample = string | Readonly<Record<string, string>>

export interface ReportTable {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** One way of writing a report. */
export interface ReportFormat {
  readonly id: string
  write(report: Report, look: Look): string
}

/** For whom a report is written. */
export interface Look {
  /** The terminal's, in columns. */
  readonly width: number
  /** Whether it takes ANSI colours. */
  readonly color: boolean
  /** Nothing folded: every other path, everything that is suppressed. */
  readonly verbose: boolean
  /** Sallyport's. */
  readonly version: string
}

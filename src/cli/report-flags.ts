import type { Severity } from '../finding/finding.ts'
import type { Grade } from '../finding/grade.ts'

/** The flags of every command that ends in a report. */
export interface ReportFlags {
  readonly format: 'text' | 'json' | 'sarif'
  readonly output?: string
  readonly failOn: Severity | 'never'
  readonly failUnder?: Grade
}

/** Their specification; finish-report.ts obeys them. */
export const reportFlags = {
  format: {
    kind: 'enum',
    values: ['text', 'json', 'sarif'],
    default: 'text',
    brief: 'How the report is written',
  },
  output: {
    kind: 'parsed',
    parse: String,
    optional: true,
    placeholder: 'FILE',
    brief: 'Write the report to this file instead of standard output',
  },
  failOn: {
    kind: 'enum',
    values: ['critical', 'high', 'medium', 'low', 'note', 'never'],
    default: 'high',
    brief: 'Exit 1 when a finding is at least this bad',
  },
  failUnder: {
    kind: 'enum',
    values: ['A', 'B', 'C', 'D', 'F'],
    optional: true,
    brief: 'Exit 1 when the grade is worse than this',
  },
} as const

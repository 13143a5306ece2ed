import type { Severity } from '../finding/finding.ts'
import { type Grade, grades } from '../finding/grade.ts'
import { table } from '../report/formats/index.ts'

/** A format, and the file that the report goes to in it; without one, standard output. */
export interface FormatRequest {
  readonly format: string
  readonly file?: string
}

/** The flags of every command that ends in a report. */
export interface ReportFlags {
  readonly format?: readonly FormatRequest[]
  readonly output?: string
  /** `high` unless given. */
  readonly failOn?: Severity | 'never'
  readonly failUnder?: Grade
  readonly failOnGaps: boolean
  readonly verbose: boolean
}

const formats = table.map(({ id }) => id)

/** `sarif` or `sarif=report.sarif`. */
function parseFormat(text: string): FormatRequest {
  const at = text.indexOf('=')
  const format = at === -1 ? text : text.slice(0, at)
  const file = at === -1 ? undefined : text.slice(at + 1)
  if (!formats.includes(format)) throw new Error(`there is no format ${format}; it is one of ${formats.join(', ')}`)
  if (file === '') throw new Error(`${text} names no file`)
  return { format, ...(file === undefined ? {} : { file }) }
}

/** Their specification; finish-report.ts obeys them. */
export const reportFlags = {
  format: {
    kind: 'parsed',
    parse: parseFormat,
    variadic: true,
    optional: true,
    placeholder: 'FORMAT[=FILE]',
    brief: `How the report is written, and where to: ${formats.join(', ')}; several times for several reports; text if none is given`,
  },
  output: {
    kind: 'parsed',
    parse: String,
    optional: true,
    placeholder: 'FILE',
    brief: 'Write what would go to standard output to this file instead',
  },
  failOn: {
    kind: 'enum',
    values: ['critical', 'high', 'medium', 'low', 'note', 'never'],
    optional: true,
    brief: 'Exit 1 when a finding is at least this bad; high if not given',
  },
  failUnder: {
    kind: 'enum',
    values: grades,
    optional: true,
    brief: 'Exit 1 when the grade is worse than this',
  },
  failOnGaps: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Exit 1 when something could not be read or tried',
  },
  verbose: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Fold nothing: every other path, and what is suppressed',
  },
} as const

import { maskSecret, printable } from '../finding/mask.ts'
import type { Line, Section, Value } from './compare.ts'
import type { Scanned } from './read-report.ts'

/** All that the demo found out, before it is written. Holds no key. */
export interface DemoReport {
  readonly app: {
    readonly id: string
    readonly title: string
    readonly folder: string
    readonly runsAs: string
    /** Whether `scan` follows keys in its language. */
    readonly isFollowed: boolean
  }
  /** Its mask. */
  readonly key: string
  readonly scanned: Scanned
  readonly sections: readonly Section[]
  readonly claims: { readonly held: number; readonly failed: readonly string[] }
  readonly durationMs: number
  /** The folder with logs, reports and certificates, where it was kept. */
  readonly folder?: string
}

type Style = 'strong' | 'faint' | 'good' | 'bad' | 'open'
const codes: Record<Style, string> = { strong: '1', faint: '2', good: '32', bad: '1;31', open: '33' }
type Paint = (style: Style, text: string) => string
const titleWidth = 48
const valueWidth = 13

const marks: Record<Line['standing'], readonly [mark: string, style: Style]> = {
  held: ['✓', 'good'],
  failed: ['✗', 'bad'],
  open: ['!', 'open'],
  shown: [' ', 'faint'],
}

/** Both columns side by side, on lines of at most 80 characters. */
export function writeComparison(report: DemoReport, color: boolean): string {
  const paint: Paint = (style, text) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
  const { app, sections, claims } = report
  const head = `  ${'measured'.padEnd(titleWidth)}${'as it is'.padStart(valueWidth)}${'under run'.padStart(valueWidth)}`
  const row = (line: Line) => {
    const [mark, style] = marks[line.standing]
    const [bareOf = null, runOf = null] = line.of ?? []
    const values = shown(line.bare, bareOf) + shown(line.run, runOf)
    return [
      `${paint(style, mark)} ${line.title.padEnd(titleWidth)}${values}`,
      ...(line.says === undefined ? [] : [paint('faint', `    ${line.says}`)]),
    ]
  }
  const rows = sections
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ title, lines }) => ['', paint('strong', title), ...lines.flatMap(row)])
  const total = claims.held + claims.failed.length
  const seconds = Math.round(report.durationMs / 1_000)
  return [
    `${paint('strong', `examples/${app.folder}`)} (${app.title}), its key: ${report.key}`,
    '',
    ...scanLines(report, paint),
    '',
    paint('faint', head),
    ...rows,
    '',
    claims.failed.length === 0
      ? paint('good', `${total} of ${total} claims held, in ${seconds} s`)
      : paint('bad', `${claims.held} of ${total} claims held; not held: ${claims.failed.join(', ')}`),
    ...(report.folder === undefined ? [] : [`kept: ${report.folder}`]),
    '',
  ]
    .map((text) => text.trimEnd())
    .join('\n')
}

function scanLines({ app, scanned }: DemoReport, paint: Paint): string[] {
  const title = paint('strong', 'sallyport scan')
  if (!app.isFollowed) return [`${title}: read key literals only; it follows keys in Ruby so far`]
  const findings = scanned.findings.map(({ severity, rule, file, line }) =>
    printable(`  ${severity.padEnd(9)}${`${file}:${line}`.padEnd(17)}${rule}`),
  )
  return [
    `${title}: grade ${scanned.grade}, ${findings.length} findings; sallyport explain RULE says more of each`,
    ...findings,
  ]
}

/** For programs: every line with its id, values and standing. */
export function writeJson(report: DemoReport, version: string): string {
  const { sections, scanned, ...rest } = report
  const lines = sections.flatMap(({ title, lines }) => lines.map((line) => ({ section: title, ...line })))
  const document = { version: 1, tool: { name: 'sallyport', version }, verb: 'demo', ...rest, scan: scanned, lines }
  return `${JSON.stringify(document, null, 2)}\n`
}

export function maskKey(key: string): string {
  return maskSecret(key, 'sk_live_')
}

function shown(value: Value, of: number | null): string {
  const text = value === null ? '–' : String(value)
  return (of === null || value === null ? text : `${text} of ${of}`).padStart(valueWidth)
}

import {
  type Finding,
  isSourcePlace,
  type ServicePlace,
  type Severity,
  type SourcePlace,
  type Step,
  type SuppressedFinding,
  severities,
} from '../../finding/finding.ts'
import { printable } from '../../finding/mask.ts'
import { correctedLines } from '../corrected-lines.ts'
import { displayWidth, fitLine } from '../display-width.ts'
import type { Look, Report, ReportFormat, ReportTable } from '../report.ts'
import { worstFirst } from '../worst-first.ts'

type Paint = (style: Style, text: string) => string
type Style = Severity | 'strong' | 'faint' | 'fix' | 'good' | 'removed'

const codes: Record<Style, string> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  note: '2',
  strong: '1',
  faint: '2',
  fix: '32',
  good: '1;32',
  removed: '31',
}

/** What is folded beyond this many, unless everything is asked for. */
const gapsShown = 12

interface Page {
  readonly width: number
  readonly verbose: boolean
  readonly paint: Paint
}

/** For people: the worst leak first, its path line by line, what to change, and the grade at the end. */
export const text: ReportFormat = {
  id: 'text',
  write(report, look) {
    const page = pageOf(look)
    const parts = [
      ...worstFirst(report.findings).map((finding) => findingBlock(finding, page)),
      ...(report.table ? [tableBlock(report.table, page)] : []),
      ...(page.verbose && report.suppressed?.length ? [suppressedBlock(report.suppressed, page)] : []),
      ...(report.gaps.length > 0 ? [gapBlock(report, page)] : []),
      summary(report, page),
    ]
    const lines = parts.flatMap((part, index) => (index === 0 ? part : ['', ...part]))
    return lines.map((line) => `${withoutCommand(line.trimEnd())}\n`).join('')
  },
}

/** In a log of GitHub's, `::error…` at the beginning of a line, and `##[` anywhere, would be obeyed. */
function withoutCommand(line: string): string {
  return line.replace(/^(\s*):(?=:[A-Za-z])/, '$1: ').replaceAll('##[', '## [')
}

function pageOf({ width, color, verbose }: Look): Page {
  const paint: Paint = color ? (style, content) => `\u001b[${codes[style]}m${content}\u001b[0m` : (_, c) => c
  return { width: Math.max(40, Math.min(width || 80, 120)), verbose, paint }
}

function findingBlock(finding: Finding, page: Page): string[] {
  const { severity, at, path, otherPaths = [], holds, evidence = [] } = finding
  const { width, paint, verbose } = page
  const sure = finding.confidence === 'certain' ? '' : ` (${finding.confidence})`
  const steps = path && path.length > 0 ? path : isSourcePlace(at) ? [{ at, says: '' }] : []
  const lines = [
    `${paint(severity, severity)}${sure}: ${paint('strong', clean(finding.title))} ${paint('faint', `[${clean(finding.rule)}]`)}`,
    `  ${paint('faint', '-->')} ${placeName(at)}`,
    ...wrap(finding.message, width, '  '),
    ...(isSourcePlace(at) ? pathLines(steps, at.file, page) : []),
    ...evidence.map((line) => `    ${paint('faint', '>')} ${clean(line)}`),
    ...(holds === undefined ? [] : wrap(holds, width, '  holds: ', '         ')),
  ]
  if (otherPaths.length > 0 && !verbose)
    lines.push(`  ${paint('faint', `and ${count(otherPaths.length, 'other way')}; --verbose shows them`)}`)
  if (verbose) {
    for (const other of otherPaths) lines.push(`  ${paint('faint', 'another way:')}`, ...pathLines(other, '', page))
  }
  const fix = wrap(finding.fix, width, '  fix: ', '       ')
  return [...lines, ...fix.map((line) => line.replace('fix:', paint('fix', 'fix:'))), ...correction(finding, page)]
}

function placeName(place: SourcePlace | ServicePlace): string {
  return isSourcePlace(place)
    ? clean(`${place.file}:${place.line}:${place.column}`)
    : clean(`${place.method} ${place.url}${place.part ? `, ${place.part}` : ''}`)
}

/** Each step: the source line, and below it what happens there; the place where it is in another file than before. */
function pathLines(path: readonly Step[], ownFile: string, page: Page): string[] {
  const { paint } = page
  const gutter = Math.max(...path.map(({ at }) => String(at.line).length), 3)
  const lines: string[] = []
  let file = ownFile
  for (const [index, { at, says }] of path.entries()) {
    const isLast = index === path.length - 1
    const label = path.length > 1 && says !== '' ? `${index + 1}. ${says}` : says
    if (at.file !== file) lines.push(`  ${' '.repeat(gutter)}${paint('faint', ':::')} ${placeName(at)}`)
    file = at.file
    lines.push(...stepLines(at, label, isLast ? '^' : '-', gutter, page))
  }
  return lines
}

function stepLines(at: SourcePlace, label: string, mark: string, gutter: number, page: Page): string[] {
  const { width, paint } = page
  const bar = paint('faint', '|')
  const numbered = `  ${paint('faint', String(at.line).padStart(gutter))} ${bar}`
  const blank = `  ${' '.repeat(gutter)} ${bar}`
  const room = width - gutter - 5
  if (!at.text)
    return label === '' ? [] : wrap(label, room, '').map((line, index) => `${index ? blank : numbered} ${line}`)
  const isOneLine = at.endLine === undefined || at.endLine === at.line
  const start = at.shown?.start ?? at.column - 1
  const end = at.shown?.end ?? (isOneLine && at.endColumn !== undefined ? at.endColumn - 1 : at.text.length)
  const source = printable(at.text).replaceAll('\n', ' ')
  const fitted = fitLine(source, start, at.endColumn === undefined ? start + 1 : end, room)
  const marks = mark.repeat(fitted.end - fitted.start)
  const under = `${blank} ${' '.repeat(fitted.start)}${paint('strong', marks)}`
  const isShort = fitted.end + 1 + displayWidth(clean(label)) <= room
  return [
    `${numbered} ${fitted.text}`,
    isShort ? `${under} ${paint('faint', clean(label))}` : under,
    ...(isShort ? [] : wrap(label, room, '').map((line) => `${blank} ${paint('faint', line)}`)),
  ]
}

/** The reader's line as it is and as it could be. */
function correction(finding: Finding, { width, paint }: Page): string[] {
  const corrected = correctedLines(finding)
  if (!corrected) return []
  const gutter = Math.max(String(corrected.line).length, 3)
  const show = (lines: readonly string[], sign: string, style: Style) =>
    lines.map((line, index) => {
      const { text: shown } = fitLine(printable(line).replaceAll('\n', ' '), 0, 1, width - gutter - 5)
      return `  ${paint('faint', String(index === 0 ? corrected.line : '').padStart(gutter))} ${paint(style, `${sign} ${shown}`)}`
    })
  return [...show(corrected.before, '-', 'removed'), ...show(corrected.after, '+', 'fix')]
}

function tableBlock(table: ReportTable, { paint }: Page): string[] {
  const rows = [table.columns, ...table.rows].map((row) => row.map(clean))
  const widths = table.columns.map((_, index) => Math.max(...rows.map((row) => displayWidth(row[index] ?? ''))))
  const pad = (cell: string, index: number) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(cell)))
  const [head, ...body] = rows.map((row) => `  ${row.map(pad).join('  ')}`)
  return [paint('strong', clean(table.title)), paint('faint', head ?? ''), ...body]
}

function suppressedBlock(suppressed: readonly SuppressedFinding[], { width, paint }: Page): string[] {
  return [
    paint('strong', 'not counted'),
    ...suppressed.flatMap(({ rule, at, suppression: { by, reason } }) =>
      wrap(
        `${placeName(at)} ${rule}: ${by === 'allow' ? 'allowed' : 'in the baseline'}${reason ? `, ${reason}` : ''}`,
        width,
        '  - ',
        '    ',
      ),
    ),
  ]
}

function gapBlock(report: Report, { width, paint, verbose }: Page): string[] {
  const shown = verbose ? report.gaps : report.gaps.slice(0, gapsShown)
  const left = report.gaps.length - shown.length
  return [
    paint('strong', report.verb === 'scan' ? 'not read' : 'not tested'),
    ...shown.flatMap((gap) => wrap(gap, width, '  - ', '    ')),
    ...(left > 0 ? [`  ${paint('faint', `and ${left} more; --verbose shows them`)}`] : []),
  ]
}

function summary(report: Report, { width, paint }: Page): string[] {
  const { score, findings, suppressed = [], gone = [] } = report
  const counts = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => `${number} ${paint(severity, severity)}`)
  const grade = paint(score.grade <= 'B' ? 'good' : score.grade <= 'C' ? 'medium' : 'critical', `grade ${score.grade}`)
  const allowed = suppressed.filter(({ suppression: { by } }) => by === 'allow').length
  const known = suppressed.length - allowed
  const notCounted = [
    ...(known > 0 ? [`${known} in the baseline`] : []),
    ...(allowed > 0 ? [`${allowed} allowed by comments`] : []),
  ]
  const rule = worstFirst(findings)[0]?.rule
  const measured = report.measured.map(([label, value]) => `; ${label} ${clean(value)}`).join('')
  return [
    `${grade}  ${score.points} of 100 points: ${counts.length > 0 ? counts.join(', ') : 'no findings'}`,
    ...score.caps.map((cap) => `  no better than ${cap.grade}: ${clean(cap.reason)}`),
    ...(notCounted.length > 0 ? [`  not counted: ${notCounted.join(', ')}`] : []),
    ...(gone.length > 0
      ? [`  ${count(gone.length, 'finding')} of the baseline gone: --update-baseline takes them out`]
      : []),
    ...wrap(`${report.verb} ${report.subject}${measured}`, width, '').map((line) => paint('faint', line)),
    ...(rule === undefined ? [] : [paint('faint', `sallyport explain ${clean(rule)} says more`)]),
  ]
}

/** Words on lines of at most `width`; a word that is longer stands alone. */
function wrap(content: string, width: number, first: string, rest = ' '.repeat(first.length)): string[] {
  const lines: string[] = []
  let line = first
  let used = displayWidth(first)
  let empty = true
  for (const word of clean(content).split(' ')) {
    const wide = displayWidth(word)
    // A name such as `::Logger` begins no line: see withoutCommand.
    if (!empty && used + 1 + wide > width && !word.startsWith('::')) {
      lines.push(line)
      line = rest
      used = displayWidth(rest)
      empty = true
    }
    line += empty ? word : ` ${word}`
    used += empty ? wide : wide + 1
    empty = false
  }
  return [...lines, line]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** One line, and nothing in it that a terminal obeys. */
function clean(content: string): string {
  return printable(content).replace(/[\t\n]/g, ' ')
}

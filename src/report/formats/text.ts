import {
  type Finding,
  isSourcePlace,
  type Severity,
  type SourcePlace,
  type Step,
  severities,
} from '../../finding/finding.ts'
import { printable } from '../../finding/mask.ts'
import type { Report, ReportFormat, ReportTable } from '../report.ts'

type Paint = (style: Style, text: string) => string
type Style = Severity | 'strong' | 'faint' | 'fix' | 'good'

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
}

/** For people: the worst leak first, its path line by line, what to change, and the grade at the end. */
export const text: ReportFormat = {
  id: 'text',
  write(report, look) {
    const width = Math.max(40, Math.min(look.width || 80, 120))
    const paint: Paint = look.color ? (style, content) => `\u001b[${codes[style]}m${content}\u001b[0m` : (_, c) => c
    const parts = [
      ...report.findings.toSorted(bySeverity).map((finding) => findingBlock(finding, width, paint)),
      ...(report.table ? [tableBlock(report.table, paint)] : []),
      ...(report.gaps.length > 0 ? [gapBlock(report, width, paint)] : []),
      summary(report, paint),
    ]
    return `${parts.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n`
  },
}

function bySeverity(a: Finding, b: Finding): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity)
}

function findingBlock(finding: Finding, width: number, paint: Paint): string[] {
  const { severity, at } = finding
  const sure = finding.confidence === 'certain' ? '' : ` (${finding.confidence})`
  return [
    `${paint(severity, severity)}${sure}  ${paint('strong', clean(finding.title))}  ${paint('faint', finding.rule)}`,
    ...wrap(finding.message, width, '  '),
    ...(isSourcePlace(at)
      ? [
          `  ${paint('faint', 'at')} ${clean(`${at.file}:${at.line}:${at.column}`)}`,
          ...pathLines(finding.path ?? [{ at, says: '' }], at.file, paint),
        ]
      : [`  ${paint('faint', 'at')} ${clean(`${at.method} ${at.url}${at.part ? `, ${at.part}` : ''}`)}`]),
    ...(finding.evidence ?? []).map((line) => `    ${paint('faint', '>')} ${clean(line)}`),
    ...wrap(finding.fix, width, '  fix: ', '       ').map((line) => line.replace('fix:', paint('fix', 'fix:'))),
  ]
}

/** Each step: the source line, and below it what happens there; the file's name where it is another than before. */
function pathLines(path: readonly Step[], ownFile: string, paint: Paint): string[] {
  const gutter = Math.max(...path.map(({ at }) => String(at.line).length), 3)
  const lines: string[] = []
  let file = ownFile
  for (const { at, says } of path) {
    if (at.file !== file) lines.push(`    ${' '.repeat(gutter)} ${paint('faint', `> ${clean(at.file)}`)}`)
    file = at.file
    if (at.text !== undefined) lines.push(...sourceLines(at, at.text, says, gutter, paint))
    else if (says !== '') lines.push(`    ${String(at.line).padStart(gutter)} ${paint('faint', '|')} ${clean(says)}`)
  }
  return lines
}

/** A long line is shown around the place: a minified file must not fill the screen. */
function sourceLines(at: SourcePlace, whole: string, says: string, gutter: number, paint: Paint): string[] {
  const indent = whole.length - whole.trimStart().length
  const start = at.column - 1 > 100 ? at.column - 41 : Math.min(indent, at.column - 1)
  const shown = clean(whole.slice(start, start + 100))
  const column = Math.max(0, at.column - 1 - start)
  const bar = paint('faint', '|')
  const cut = whole.length > start + 100 ? '…' : ''
  const lines = [`    ${paint('faint', String(at.line).padStart(gutter))} ${bar} ${shown}${cut}`]
  if (says !== '') {
    lines.push(
      `    ${' '.repeat(gutter)} ${bar} ${' '.repeat(column)}${paint('strong', '^')} ${paint('faint', clean(says))}`,
    )
  }
  return lines
}

function tableBlock(table: ReportTable, paint: Paint): string[] {
  const rows = [table.columns, ...table.rows].map((row) => row.map(clean))
  const widths = table.columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  const [head, ...body] = rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`)
  return [paint('strong', clean(table.title)), paint('faint', head ?? ''), ...body]
}

function gapBlock(report: Report, width: number, paint: Paint): string[] {
  const title = report.verb === 'scan' ? 'not read' : 'not tested'
  return [paint('strong', title), ...report.gaps.flatMap((gap) => wrap(gap, width, '  - ', '    '))]
}

function summary(report: Report, paint: Paint): string[] {
  const { score, findings } = report
  const counts = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${paint(severity, severity)}`)
  const grade = paint(score.grade <= 'B' ? 'good' : score.grade <= 'C' ? 'medium' : 'critical', `grade ${score.grade}`)
  return [
    `${grade}  ${score.points} of 100 points: ${counts.length > 0 ? counts.join(', ') : 'no findings'}`,
    ...score.caps.map((cap) => `  no better than ${cap.grade}: ${clean(cap.reason)}`),
    paint(
      'faint',
      `${report.verb} ${clean(report.subject)}${report.measured.map(([label, value]) => `; ${clean(label)} ${clean(value)}`).join('')}`,
    ),
  ]
}

/** Words on lines of at most `width`; a word that is longer stands alone. */
function wrap(content: string, width: number, first: string, rest = ' '.repeat(first.length)): string[] {
  const lines: string[] = []
  let line = first
  let empty = true
  for (const word of clean(content).split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = rest
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  return [...lines, line]
}

/** One line, and nothing in it that a terminal obeys. */
function clean(content: string): string {
  return printable(content).replace(/[\t\n]/g, ' ')
}

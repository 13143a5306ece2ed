import { type Finding, isSourcePlace, type Severity } from '../../finding/finding.ts'
import { printable } from '../../finding/mask.ts'
import type { Report, ReportFormat } from '../report.ts'
import { worstFirst } from '../worst-first.ts'

/** How many annotations of each sort GitHub shows of one step; the others would be dropped without a word. */
const shownMax = 10

const command: Record<Severity, 'error' | 'warning' | 'notice'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  note: 'notice',
}

/** Workflow commands of GitHub Actions: annotations at the lines of a pull request, the worst of each sort first. */
export const github: ReportFormat = {
  id: 'github',
  write(report) {
    const lines: string[] = []
    const left: Finding[] = []
    const written = { error: 0, warning: 0, notice: 0 }
    for (const finding of worstFirst(report.findings)) {
      const sort = command[finding.severity]
      if (written[sort]++ < shownMax) lines.push(annotation(sort, finding))
      else left.push(finding)
    }
    if (left.length > 0) {
      const rest = left.map((finding) => `- ${plain(`${finding.severity} ${placeOf(finding)} ${finding.rule}`)}`)
      lines.push(`::group::${left.length} more findings`, ...rest, '::endgroup::')
    }
    if (report.gaps.length > 0) {
      const title = report.verb === 'scan' ? 'not read' : 'not tested'
      lines.push(
        `::group::${title}: ${report.gaps.length}`,
        ...report.gaps.map((gap) => `- ${plain(gap)}`),
        '::endgroup::',
      )
    }
    return `${[...lines, summary(report)].join('\n')}\n`
  },
}

function annotation(sort: string, finding: Finding): string {
  const { at, title, rule, message, holds, fix } = finding
  const place = isSourcePlace(at)
    ? [
        `file=${property(at.file)}`,
        `line=${at.line}`,
        ...(at.endLine === undefined ? [] : [`endLine=${at.endLine}`]),
        `col=${at.column}`,
        ...(at.endColumn === undefined || at.endLine !== at.line ? [] : [`endColumn=${at.endColumn}`]),
      ]
    : []
  const properties = [...place, `title=${property(`${title} (${rule})`)}`].join(',')
  const where = isSourcePlace(at) ? '' : `${placeOf(finding)}: `
  const says = `${where}${message}${holds === undefined ? '' : ` Holds: ${holds}.`}\nFix: ${fix}`
  return `::${sort} ${properties}::${data(says)}`
}

function summary(report: Report): string {
  const { score, findings } = report
  const caps = score.caps.map(({ grade, reason }) => `; no better than ${grade}: ${reason}`).join('')
  return plain(
    `sallyport ${report.verb}: grade ${score.grade}, ${score.points} of 100 points, ${findings.length} findings${caps}`,
  )
}

function placeOf({ at }: Finding): string {
  return isSourcePlace(at) ? `${at.file}:${at.line}` : `${at.method} ${at.url}`
}

/** As the toolkit of GitHub's actions escapes the text of a command. */
function data(text: string): string {
  return harmless(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function plain(text: string): string {
  return harmless(text).replaceAll('\n', ' ')
}

/** `##[` begins a command anywhere in a line. */
function harmless(text: string): string {
  return printable(text).replaceAll('##[', '## [').replaceAll('\t', ' ')
}

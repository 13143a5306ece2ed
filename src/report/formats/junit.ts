import { type Finding, isSourcePlace, type SuppressedFinding } from '../../finding/finding.ts'
import { escapeMarkup } from '../escape-markup.ts'
import type { Report, ReportFormat } from '../report.ts'
import { worstFirst } from '../worst-first.ts'

/**
 * JUnit XML, in the form that Jenkins, GitLab and their like read: a suite, in it a failed case for each finding, a
 * skipped one for what is suppressed, and a passed one for each rule that has found nothing.
 */
export const junit: ReportFormat = {
  id: 'junit',
  write(report) {
    const suppressed = report.suppressed ?? []
    const found = new Set([...report.findings, ...suppressed].map(({ rule }) => rule))
    const passed = report.rules.filter(({ id }) => !found.has(id))
    const cases = [
      ...worstFirst(report.findings).map(failed),
      ...suppressed.map(skipped),
      ...passed.map(({ id, title }) => `    <testcase classname="${escapeMarkup(id)}" name="${escapeMarkup(title)}"/>`),
    ]
    const counts = `tests="${cases.length}" failures="${report.findings.length}" errors="0"`
    return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sallyport" ${counts}>
  <testsuite name="sallyport ${report.verb}" ${counts} skipped="${suppressed.length}">
    <properties>
      <property name="grade" value="${report.score.grade}"/>
      <property name="points" value="${report.score.points}"/>
    </properties>
${cases.map((text) => `${text}\n`).join('')}${systemOut(report)}  </testsuite>
</testsuites>
`
  },
}

function failed(finding: Finding): string {
  const { message, severity, fix, holds, path = [] } = finding
  const steps = path.map(({ at, says }) => `${at.file}:${at.line}:${at.column}: ${says}`)
  const body = [
    placeOf(finding),
    ...steps,
    ...(finding.evidence ?? []),
    ...(holds === undefined ? [] : [`holds: ${holds}`]),
    `fix: ${fix}`,
    `fingerprint: ${finding.fingerprint}`,
  ]
  return `${openCase(finding)}
      <failure type="${severity}" message="${escapeMarkup(oneLine(message))}">${escapeMarkup(body.join('\n'))}</failure>
    </testcase>`
}

function skipped(finding: SuppressedFinding): string {
  const { by, reason } = finding.suppression
  const why = by === 'allow' ? `allowed: ${reason ?? ''}` : 'in the baseline'
  return `${openCase(finding)}
      <skipped message="${escapeMarkup(oneLine(why))}"/>
    </testcase>`
}

function openCase(finding: Finding): string {
  const { at, rule } = finding
  const file = isSourcePlace(at) ? ` file="${escapeMarkup(oneLine(at.file))}" line="${at.line}"` : ''
  const name = oneLine(`${finding.title}: ${placeOf(finding)}`)
  return `    <testcase classname="${escapeMarkup(rule)}" name="${escapeMarkup(name)}"${file}>`
}

function placeOf({ at }: Finding): string {
  return isSourcePlace(at) ? `${at.file}:${at.line}:${at.column}` : `${at.method} ${at.url}`
}

function systemOut(report: Report): string {
  if (report.gaps.length === 0) return ''
  const title = report.verb === 'scan' ? 'not read:' : 'not tested:'
  return `    <system-out>${escapeMarkup([title, ...report.gaps].join('\n'))}</system-out>\n`
}

/** A line feed in an attribute would be read as a blank anyway. */
function oneLine(text: string): string {
  return text.replace(/[\t\n]/g, ' ')
}

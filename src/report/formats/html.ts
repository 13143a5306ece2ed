import { createHash } from 'node:crypto'
import {
  type Finding,
  isSourcePlace,
  type ServicePlace,
  type SourcePlace,
  type Step,
  severities,
} from '../../finding/finding.ts'
import { correctedLines } from '../corrected-lines.ts'
import { escapeMarkup } from '../escape-markup.ts'
import { htmlStyle } from '../html-style.ts'
import type { Report, ReportFormat, ReportTable } from '../report.ts'
import { worstFirst } from '../worst-first.ts'

/**
 * One page for a browser, with nothing from outside and no script: its policy lets only its own style sheet be used, so
 * that not even a mistake of ours in escaping could run what a scanned file holds.
 */
export const html: ReportFormat = {
  id: 'html',
  write(report, look) {
    const styleHash = createHash('sha256').update(htmlStyle).digest('base64')
    const title = `Sallyport ${report.verb}: ${report.subject}`
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
${summary(report)}
</header>
<main>
<h2>Findings</h2>
${report.findings.length > 0 ? filter(report) : '<p>None.</p>'}
${worstFirst(report.findings).map(article).join('\n')}
${report.table ? tableOf(report.table) : ''}
${suppressedList(report)}
${listOf(report.verb === 'scan' ? 'Not read' : 'Not tested', report.gaps)}
</main>
<footer>
<p class="faint">Written by Sallyport ${escapeMarkup(look.version)}.</p>
</footer>
</body>
</html>
`
  },
}

function summary({ score, measured }: Report): string {
  const caps = score.caps
    .map(({ grade, reason }) => `<p>No better than ${grade}: ${escapeMarkup(reason)}.</p>`)
    .join('\n')
  const rows = measured
    .map(([label, value]) => `<dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(value)}</dd>`)
    .join('')
  return `<p><span class="grade">${score.grade}</span> ${score.points} of 100 points</p>
${caps}
<dl>${rows}</dl>`
}

/** Check boxes that the style sheet looks at. */
function filter({ findings }: Report): string {
  const boxes = severities.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length
    return number === 0
      ? []
      : [`<label><input type="checkbox" id="show-${severity}" checked> ${severity} (${number})</label>`]
  })
  return `<fieldset class="filter"><legend>Show</legend>${boxes.join('\n')}</fieldset>`
}

function article(finding: Finding, index: number): string {
  const { severity, confidence, title, rule, message, at, path = [], otherPaths = [], holds, evidence = [] } = finding
  const steps = path.length > 0 ? path : isSourcePlace(at) ? [{ at, says: '' }] : []
  const heading = `finding-${index + 1}`
  return `<article class="${severity}" aria-labelledby="${heading}">
<h3 id="${heading}"><span class="severity">${severity}</span> ${escapeMarkup(title)}</h3>
<p class="place"><code>${escapeMarkup(placeName(at))}</code> · <span class="rule">${escapeMarkup(rule)}</span> · ${confidence}</p>
<p>${escapeMarkup(message)}</p>
${flow(steps)}
${otherPaths.map((other, number) => `<details><summary>Another way (${number + 1})</summary>${flow(other)}</details>`).join('\n')}
${evidence.length > 0 ? `<pre class="lines">${evidence.map(escapeMarkup).join('\n')}</pre>` : ''}
<dl>
${holds === undefined ? '' : `<dt>Holds</dt><dd>${escapeMarkup(holds)}</dd>`}
<dt>Fix</dt><dd>${escapeMarkup(finding.fix)}${correction(finding)}</dd>
<dt>Fingerprint</dt><dd><code>${escapeMarkup(finding.fingerprint)}</code></dd>
</dl>
</article>`
}

function flow(steps: readonly Step[]): string {
  if (steps.length === 0) return ''
  const items = steps.map(
    ({ at, says }) =>
      `<li><span class="place"><code>${escapeMarkup(placeName(at))}</code></span> ${escapeMarkup(says)}${at.text ? `<pre><code>${marked(at, at.text)}</code></pre>` : ''}</li>`,
  )
  return `<ol class="flow">${items.join('\n')}</ol>`
}

/** The line with the place in it marked. */
function marked(at: SourcePlace, text: string): string {
  const isOneLine = at.endLine === undefined || at.endLine === at.line
  const start = Math.min(text.length, at.shown?.start ?? at.column - 1)
  const end = at.shown?.end ?? (isOneLine && at.endColumn !== undefined ? at.endColumn - 1 : text.length)
  const part = text.slice(start, Math.max(start, end))
  return `${escapeMarkup(text.slice(0, start))}<mark>${escapeMarkup(part)}</mark>${escapeMarkup(text.slice(start + part.length))}`
}

function correction(finding: Finding): string {
  const corrected = correctedLines(finding)
  if (!corrected) return ''
  const lines = [
    ...corrected.before.map((line) => `<del>- ${escapeMarkup(line)}</del>`),
    ...corrected.after.map((line) => `<ins>+ ${escapeMarkup(line)}</ins>`),
  ]
  return `<pre class="lines"><code>${lines.join('\n')}</code></pre>`
}

function tableOf({ title, columns, rows }: ReportTable): string {
  const head = columns.map((cell) => `<th scope="col">${escapeMarkup(cell)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')}</tr>`).join('\n')
  return `<h2>${escapeMarkup(title)}</h2><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

function suppressedList({ suppressed = [], gone = [] }: Report): string {
  const items = suppressed.map(
    ({ at, rule, suppression: { by, reason } }) =>
      `${placeName(at)} ${rule}: ${by === 'allow' ? 'allowed' : 'in the baseline'}${reason ? `, ${reason}` : ''}`,
  )
  const left = gone.map(({ file, rule }) => `${file} ${rule}`)
  return `${listOf('Not counted', items)}${listOf('Gone, and still in the baseline', left)}`
}

function listOf(title: string, items: readonly string[]): string {
  if (items.length === 0) return ''
  return `<h2>${title}</h2><ul>${items.map((item) => `<li>${escapeMarkup(item)}</li>`).join('\n')}</ul>`
}

function placeName(place: SourcePlace | ServicePlace): string {
  return isSourcePlace(place)
    ? `${place.file}:${place.line}:${place.column}`
    : `${place.method} ${place.url}${place.part ? `, ${place.part}` : ''}`
}

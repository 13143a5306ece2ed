import {
  type Finding,
  isSourcePlace,
  type ServicePlace,
  type Severity,
  type SourcePlace,
  type Step,
  type SuppressedFinding,
} from '../../finding/finding.ts'
import type { Report, ReportExample, ReportFormat, ReportRule } from '../report.ts'
import { worstFirst } from '../worst-first.ts'
import { writeJson } from '../write-json.ts'

/** What GitHub accepts of one file; more is refused as a whole. */
export const sarifLimits = { resultsMax: 25_000, stepsMax: 1_000, rulesMax: 25_000, tagsMax: 10 } as const

const level: Record<Severity, 'error' | 'warning' | 'note'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  note: 'note',
}

/** GitHub sorts by this number: over 9.0 critical, 7.0 high, 4.0 medium, 0.1 low. */
const securitySeverity: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  note: '0.1',
}

const rank: Record<Finding['confidence'], number> = { certain: 90, firm: 70, tentative: 40 }

/** SARIF 2.1.0 (OASIS), kept within what GitHub's code scanning takes. */
export const sarif: ReportFormat = {
  id: 'sarif',
  write: (report, look) => writeJson(log(report, look.version)),
}

function log(report: Report, version: string) {
  const rules = report.rules.slice(0, sarifLimits.rulesMax)
  const ruleIndex = new Map(rules.map((rule, index) => [rule.id, index]))
  // The worst first, and what is suppressed last: when there are too many, the mildest are left out.
  const all: (Finding | SuppressedFinding)[] = [...worstFirst(report.findings), ...(report.suppressed ?? [])]
  const findings = all.slice(0, sarifLimits.resultsMax)
  const leftOut = all.length - findings.length
  const gaps = leftOut > 0 ? [...report.gaps, `${leftOut} findings left out: a SARIF file holds 25,000`] : report.gaps
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sallyport', version, semanticVersion: version, rules: rules.map(describeRule) } },
        automationDetails: { id: `sallyport/${report.verb}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder in which Sallyport was started.' } } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: gaps.map((text) => ({ level: 'warning', message: message(text) })),
          },
        ],
        results: findings.map((finding) => result(finding, ruleIndex.get(finding.rule))),
        properties: {
          subject: report.subject,
          grade: report.score.grade,
          points: report.score.points,
          caps: report.score.caps,
          measured: Object.fromEntries(report.measured),
        },
      },
    ],
  }
}

/** Plain text: what would read as an embedded link (SARIF, section 3.11.6) is none. */
function message(text: string) {
  return { text: text.toWellFormed().replaceAll('](', '] (') }
}

function describeRule(rule: ReportRule) {
  const markdown = `${rule.explanation || rule.title}${examplesOf(rule)}`
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.title },
    fullDescription: { text: firstParagraph(rule.explanation) || rule.title },
    help: { text: rule.explanation || rule.title, markdown },
    // The page of the weakness class: the rule's own text is in `help`.
    ...(rule.cwe === undefined ? {} : { helpUri: `https://cwe.mitre.org/data/definitions/${rule.cwe}.html` }),
    defaultConfiguration: { level: level[rule.severity] },
    properties: {
      tags: ['security', ...(rule.cwe === undefined ? [] : [`external/cwe/cwe-${String(rule.cwe).padStart(3, '0')}`])],
      'security-severity': securitySeverity[rule.severity],
      precision: 'high',
    },
  }
}

/** One of each sort: help is read beside the code. */
function examplesOf({ examples }: ReportRule): string {
  const block = (title: string, example: ReportExample | undefined) =>
    example === undefined
      ? ''
      : `\n\n${title}\n\n${Object.entries(typeof example === 'string' ? { '': example } : example)
          .map(([name, text]) => `\`\`\`\n${name === '' ? '' : `# ${name}\n`}${text.trimEnd()}\n\`\`\``)
          .join('\n\n')}`
  return `${block('Reported:', examples?.bad[0])}${block('Not reported:', examples?.good[0])}`
}

function result(finding: Finding | SuppressedFinding, ruleIndex: number | undefined) {
  const { at, holds, path, otherPaths = [] } = finding
  const flows = isSourcePlace(at) ? codeFlows([...(path ? [path] : []), ...otherPaths]) : []
  const says = `${finding.message}${holds === undefined ? '' : `\n\nHolds: ${holds}`}\n\nFix: ${finding.fix}`
  return {
    ruleId: finding.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: level[finding.severity],
    rank: rank[finding.confidence],
    message: message(says),
    locations: [isSourcePlace(at) ? sourceLocation(at) : serviceLocation(at)],
    ...(isSourcePlace(at) ? {} : { webRequest: { method: at.method, target: at.url } }),
    ...(flows.length > 0 ? { codeFlows: flows } : {}),
    ...relatedLocations(path ?? [], at),
    ...fixes(finding),
    partialFingerprints: { 'sallyport/v1': finding.fingerprint },
    ...('suppression' in finding ? { suppressions: [suppression(finding)] } : {}),
    properties: {
      severity: finding.severity,
      confidence: finding.confidence,
      ...(holds === undefined ? {} : { holds }),
      ...(finding.evidence ? { evidence: finding.evidence } : {}),
    },
  }
}

function suppression({ suppression: { by, reason } }: SuppressedFinding) {
  return {
    kind: by === 'allow' ? 'inSource' : 'external',
    status: 'accepted',
    ...(reason === undefined ? {} : { justification: reason.toWellFormed() }),
  }
}

/** Where the key comes from, for viewers that show no flow. */
function relatedLocations(path: readonly Step[], at: Finding['at']) {
  const [first] = path
  if (!first || !isSourcePlace(at) || (first.at.file === at.file && first.at.line === at.line)) return {}
  return { relatedLocations: [{ id: 1, ...sourceLocation(first.at), message: message(first.says) }] }
}

/** Only where the whole place is known: an editor applies it with a click. */
function fixes({ at, correction, fix }: Finding) {
  if (correction === undefined || !isSourcePlace(at) || at.endLine === undefined || at.endColumn === undefined)
    return {}
  const { physicalLocation } = sourceLocation(at)
  const { snippet: _, ...deletedRegion } = physicalLocation.region
  const replacements = [{ deletedRegion, insertedContent: { text: correction.toWellFormed() } }]
  const artifactChanges = [{ artifactLocation: physicalLocation.artifactLocation, replacements }]
  return { fixes: [{ description: message(fix), artifactChanges }] }
}

/** As many ways as have room in one result; of a path that is too long, the source and the sink are kept. */
function codeFlows(paths: readonly (readonly Step[])[]) {
  const flows: { threadFlows: { locations: { location: object }[] }[] }[] = []
  let room: number = sarifLimits.stepsMax
  for (const path of paths) {
    if (path.length === 0 || (flows.length > 0 && path.length > room)) continue
    const steps = path.length <= room ? path : [...path.slice(0, room - 1), ...path.slice(-1)]
    room -= steps.length
    const locations = steps.map(({ at, says }) => ({ location: { ...sourceLocation(at), message: message(says) } }))
    flows.push({ threadFlows: [{ locations }] })
  }
  return flows
}

function sourceLocation(place: SourcePlace) {
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(place.file), uriBaseId: '%SRCROOT%' },
      region: {
        startLine: place.line,
        startColumn: place.column,
        ...(place.endLine === undefined ? {} : { endLine: place.endLine }),
        ...(place.endColumn === undefined ? {} : { endColumn: place.endColumn }),
        ...(place.text === undefined ? {} : { snippet: { text: place.text.toWellFormed() } }),
      },
    },
  }
}

function serviceLocation(place: ServicePlace) {
  const { method, url, part } = place
  return {
    physicalLocation: {
      artifactLocation: { uri: absoluteUri(url) },
    },
    ...(part === undefined ? {} : { message: message(`${method} ${url}: ${part}`) }),
  }
}

/** RFC 3986; what a URL may hold beyond that (a blank in an opaque path) is escaped too. */
function absoluteUri(url: string): string {
  const text = (URL.canParse(url) ? new URL(url).href : url).toWellFormed()
  return text.replace(/[^\w\-.~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})/gu, encodeURIComponent)
}

/** RFC 3986: every segment escaped, so that `a#b.rb` and `1:2.rb` are names and not a fragment or a scheme. */
function relativeUri(file: string): string {
  return file
    .split('/')
    .map((segment) => encodeURIComponent(segment.toWellFormed()))
    .join('/')
}

function firstParagraph(markdown: string): string {
  return (markdown.trim().split(/\n\s*\n/, 1)[0] ?? '').replace(/\s+/g, ' ')
}

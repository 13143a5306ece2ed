import {
  type Finding,
  isSourcePlace,
  type ServicePlace,
  type Severity,
  type SourcePlace,
  severities,
} from '../../finding/finding.ts'
import type { Report, ReportFormat, ReportRule } from '../report.ts'

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
  write: (report, look) => `${JSON.stringify(log(report, look.version), null, 2)}\n`,
}

function log(report: Report, version: string) {
  const rules = report.rules.slice(0, sarifLimits.rulesMax)
  const ruleIndex = new Map(rules.map((rule, index) => [rule.id, index]))
  // The worst first: when there are too many, the mildest are left out.
  const findings = report.findings
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .slice(0, sarifLimits.resultsMax)
  const leftOut = report.findings.length - findings.length
  const gaps = leftOut > 0 ? [...report.gaps, `${leftOut} findings left out: a SARIF file holds 25,000`] : report.gaps
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sallyport', version, semanticVersion: version, rules: rules.map(describeRule) } },
        automationDetails: { id: `sallyport/${report.verb}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: gaps.map((text) => ({ level: 'warning', message: { text } })),
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

function describeRule(rule: ReportRule) {
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.title },
    fullDescription: { text: firstParagraph(rule.explanation) || rule.title },
    help: { text: rule.explanation || rule.title, markdown: rule.explanation || rule.title },
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

function result(finding: Finding, ruleIndex: number | undefined) {
  const { at, path } = finding
  return {
    ruleId: finding.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: level[finding.severity],
    rank: rank[finding.confidence],
    message: { text: `${finding.message}\n\nFix: ${finding.fix}` },
    locations: [isSourcePlace(at) ? sourceLocation(at) : serviceLocation(at)],
    ...(isSourcePlace(at) ? {} : { webRequest: { method: at.method, target: at.url } }),
    ...(path && path.length > 0 ? { codeFlows: [codeFlow(path)] } : {}),
    partialFingerprints: { 'sallyport/v1': finding.fingerprint },
    properties: {
      severity: finding.severity,
      confidence: finding.confidence,
      ...(finding.evidence ? { evidence: finding.evidence } : {}),
    },
  }
}

/** The source and the sink are kept when a path is longer than what is taken. */
function codeFlow(path: NonNullable<Finding['path']>) {
  const steps =
    path.length <= sarifLimits.stepsMax ? path : [...path.slice(0, sarifLimits.stepsMax - 1), ...path.slice(-1)]
  return {
    threadFlows: [
      { locations: steps.map(({ at, says }) => ({ location: { ...sourceLocation(at), message: { text: says } } })) },
    ],
  }
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
        ...(place.text === undefined ? {} : { snippet: { text: place.text } }),
      },
    },
  }
}

function serviceLocation(place: ServicePlace) {
  const { method, url, part } = place
  return {
    physicalLocation: {
      artifactLocation: { uri: URL.canParse(url) ? new URL(url).href : encodeURI(url.toWellFormed()) },
    },
    ...(part === undefined ? {} : { message: { text: `${method} ${url}: ${part}` } }),
  }
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

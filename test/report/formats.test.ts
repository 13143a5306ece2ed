/** What every format promises for any finding: it can be read by its readers, and no name or line of a file breaks out. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { confidences, type Finding, type SourcePlace, severities } from '../../src/finding/finding.ts'
import { score } from '../../src/finding/grade.ts'
import { table } from '../../src/report/formats/index.ts'
import type { Report } from '../../src/report/report.ts'
import { assertWellFormed } from './well-formed.ts'

const look = { width: 80, color: false, verbose: true, version: '1.2.3' }
const formats = new Map(await Promise.all(table.map(async ({ id, load }) => [id, await load()] as const)))
const write = (id: string, report: Report) => formats.get(id)?.write(report, look) ?? ''
const schemaOf = (...path: string[]) => {
  const text = readFileSync(join(import.meta.dirname, ...path), 'utf8')
  // zod takes a relative reference for a broken URL: those are looked at by themselves below.
  return z.fromJSONSchema(JSON.parse(text.replaceAll('"format": "uri-reference"', '"minLength": 0')))
}
const sarifSchema = schemaOf('sarif-2.1.0-rtm.5.json')
const reportSchema = schemaOf('../../schema/report.json')

/** Pieces that break out of one form or another, among ordinary text. */
const nasty = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  fc.constantFrom(
    '\u001b[2J\u001b]0;x\u0007',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    ']]>&amp;&#x1b;<!--',
    '::error::x\n::set-output name=a::b',
    '##[group]x',
    '[a](https://evil.test)',
    '%0A::stop-commands::x',
    '\u202e\u2066\u200f\u0085\u2028\u009b31m',
    '\ud800',
    '../a b#c?d%41:e\\f',
    '\t\r\n',
    '\u0000\ufffe\uffff',
  ),
)
const hostileText = fc.array(nasty, { maxLength: 4 }).map((parts) => parts.join(''))
const positive = fc.integer({ min: 1, max: 300 })
const place: fc.Arbitrary<SourcePlace> = fc.record(
  { file: hostileText, line: positive, column: positive, endLine: positive, endColumn: positive, text: hostileText },
  { requiredKeys: ['file', 'line', 'column'] },
)
const steps = fc.array(fc.record({ at: place, says: hostileText }), { maxLength: 3 })
const finding = fc.record(
  {
    rule: hostileText,
    title: hostileText,
    severity: fc.constantFrom(...severities),
    confidence: fc.constantFrom(...confidences),
    message: hostileText,
    at: fc.oneof(place, fc.record({ method: hostileText, url: hostileText, part: hostileText })),
    path: steps,
    otherPaths: fc.array(steps, { maxLength: 2 }),
    holds: hostileText,
    correction: hostileText,
    evidence: fc.array(hostileText, { maxLength: 2 }),
    fix: hostileText,
    cwe: positive,
    fingerprint: fc.constant('0123456789abcdef'),
  },
  { requiredKeys: ['rule', 'title', 'severity', 'confidence', 'message', 'at', 'fix', 'fingerprint'] },
) as fc.Arbitrary<Finding>
const report: fc.Arbitrary<Report> = fc
  .record({
    verb: fc.constantFrom('scan' as const, 'probe' as const),
    subject: hostileText,
    findings: fc.array(finding, { maxLength: 3 }),
    suppressed: fc.array(
      fc
        .tuple(finding, hostileText)
        .map(([one, reason]) => ({ ...one, suppression: { by: 'allow' as const, reason } })),
      { maxLength: 2 },
    ),
    gone: fc.array(fc.record({ rule: hostileText, file: hostileText }), { maxLength: 2 }),
    gaps: fc.array(hostileText, { maxLength: 3 }),
    measured: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 2 }),
    table: fc.record({
      title: hostileText,
      columns: fc.tuple(hostileText, hostileText),
      rows: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 2 }),
    }),
  })
  .map((given) => ({
    ...given,
    score: score(given.findings),
    rules: [...new Map(given.findings.map((one) => [one.rule, one])).values()].map(({ rule, title, severity }) => ({
      id: rule,
      title,
      severity,
      explanation: title,
    })),
  }))

/** What a terminal, an editor or a log viewer obeys; a line feed is what formats are made of. */
const obeyed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|(?:[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])/

describe('for any report', () => {
  it.each([...formats.keys()])('%s holds nothing that a terminal obeys', (id) => {
    const allowed = ['html', 'junit'].includes(id) ? /\t/g : /(?!)/g
    fc.assert(
      fc.property(report, (one) => {
        expect(write(id, one).replace(allowed, '')).not.toMatch(obeyed)
      }),
    )
  })

  it('JSON is of the published form', () => {
    fc.assert(
      fc.property(report, (one) => {
        expect(reportSchema.safeParse(JSON.parse(write('json', one))).error).toBe(undefined)
      }),
    )
  })

  it('SARIF is of the standard’s form, its places URI references', () => {
    fc.assert(
      fc.property(report, (one) => {
        const written = write('sarif', one)
        expect(sarifSchema.safeParse(JSON.parse(written)).error).toBe(undefined)
        for (const [, uri] of written.matchAll(/"uri": "(.*)"/g))
          expect(JSON.parse(`"${uri}"`)).toMatch(/^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/)
      }),
      { numRuns: 100 },
    )
  })

  it('GitLab’s report is JSON with the fields that GitLab wants', () => {
    const form = z.array(
      z.object({
        description: z.string(),
        check_name: z.string(),
        fingerprint: z.string(),
        severity: z.enum(['info', 'minor', 'major', 'critical', 'blocker']),
        location: z.object({ path: z.string(), lines: z.object({ begin: z.number() }) }),
      }),
    )
    fc.assert(
      fc.property(report, (one) => {
        expect(form.safeParse(JSON.parse(write('gitlab', one))).error).toBe(undefined)
      }),
    )
  })

  it('JUnit is well-formed XML with as many failures as findings', () => {
    fc.assert(
      fc.property(report, (one) => {
        const elements = assertWellFormed(write('junit', one))
        expect(elements.filter((name) => name === 'failure')).toHaveLength(one.findings.length)
        expect(elements.filter((name) => name === 'skipped')).toHaveLength(one.suppressed?.length ?? 0)
      }),
    )
  })

  it('HTML has the elements that we wrote and no other', () => {
    fc.assert(
      fc.property(report, (one) => {
        const elements = assertWellFormed(write('html', one))
        expect(elements.filter((name) => name === 'article')).toHaveLength(one.findings.length)
        expect(elements.filter((name) => ['script', 'img', 'iframe', 'a', 'link'].includes(name))).toEqual([])
      }),
    )
  })

  it('GitHub is given annotations of ours and no other command', () => {
    fc.assert(
      fc.property(report, (one) => {
        const lines = write('github', one).split('\n')
        const commands = lines.filter((line) => line.trimStart().startsWith('::'))
        for (const line of commands)
          expect(line).toMatch(/^::(?:error|warning|notice) [^:]*::|^::group::|^::endgroup::$/)
        expect(commands.filter((line) => /^::(?:error|warning|notice) /.test(line))).toHaveLength(one.findings.length)
        expect(lines.join('\n')).not.toContain('##[')
      }),
    )
  })

  it.each(['html', 'junit', 'json', 'sarif', 'gitlab'])('%s holds no command of GitHub', (id) => {
    fc.assert(
      fc.property(report, (one) => {
        expect(write(id, one)).not.toMatch(/^\s*::(?:error|warning|set|stop|add|group)|##\[/m)
      }),
    )
  })

  it('text never begins a line with a command of GitHub', () => {
    fc.assert(
      fc.property(report, (one) => {
        expect(write('text', one)).not.toMatch(/^[ \t]*::(?:error|warning|set|stop|add|group)/m)
      }),
    )
  })
})

it('refuses what is no SARIF, or no report of ours', () => {
  const log = {
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'x' } }, results: [{ message: { text: 'x' }, bogus: 1 }] }],
  }
  expect(sarifSchema.safeParse(log).success).toBe(false)
  expect(reportSchema.safeParse({ version: 1 }).success).toBe(false)
})

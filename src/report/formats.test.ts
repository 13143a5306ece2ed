import { describe, expect, it } from 'vitest'
import type { Finding, SourcePlace } from '../finding/finding.ts'
import { score } from '../finding/grade.ts'
import { json } from './formats/json.ts'
import { sarif, sarifLimits } from './formats/sarif.ts'
import { text } from './formats/text.ts'
import type { Report } from './report.ts'

const look = { width: 80, color: false, verbose: false, version: '1.2.3' }

const leak: Finding = {
  rule: 'key-in-response',
  title: 'API key reaches an HTTP response',
  severity: 'high',
  confidence: 'certain',
  message: 'GET /data answers with STRIPE_API_KEY.',
  at: { file: 'app.rb', line: 12, column: 3, endLine: 12, endColumn: 10, text: '  API_KEY' },
  path: [
    {
      at: { file: 'lib/a b.rb', line: 4, column: 11, text: "API_KEY = ENV['STRIPE_API_KEY']" },
      says: 'STRIPE_API_KEY is read',
    },
    { at: { file: 'app.rb', line: 12, column: 3, text: '  API_KEY' }, says: 'answered to the client' },
  ],
  fix: 'Answer with what the client needs.',
  cwe: 200,
  fingerprint: '0123456789abcdef',
}

const open: Finding = {
  rule: 'plain-http',
  title: 'The service answers over plain HTTP',
  severity: 'critical',
  confidence: 'firm',
  message: 'Plain HTTP got the app’s answer.',
  at: { method: 'GET', url: 'http://127.0.0.1:80/a?b=é', part: 'status line' },
  evidence: ['HTTP/1.1 200 OK'],
  fix: 'Close it.',
  fingerprint: 'fedcba9876543210',
}

function reportOf(findings: readonly Finding[], given: Partial<Report> = {}): Report {
  const rules = [
    { id: 'key-in-response', title: leak.title, explanation: 'First.\n\nSecond.', severity: 'high', cwe: 200 } as const,
  ]
  return {
    verb: 'scan',
    subject: '.',
    findings,
    score: score(findings),
    rules,
    measured: [['files', '3']],
    gaps: [],
    ...given,
  }
}

describe('text', () => {
  it('shows the path line by line, the fix and the grade', () => {
    expect(text.write(reportOf([leak]), look)).toMatchInlineSnapshot(`
      "high: API key reaches an HTTP response [key-in-response]
        --> app.rb:12:3
        GET /data answers with STRIPE_API_KEY.
           ::: lib/a b.rb:4:11
          4 | API_KEY = ENV['STRIPE_API_KEY']
            |           - 1. STRIPE_API_KEY is read
           ::: app.rb:12:3
         12 |   API_KEY
            |   ^ 2. answered to the client
        fix: Answer with what the client needs.

      grade B  75 of 100 points: 1 high
      scan .; files 3
      sallyport explain key-in-response says more
      "
    `)
  })

  it('shows a service, a table, what was not tested and the caps', () => {
    const report = reportOf([open], {
      verb: 'probe',
      subject: 'http://127.0.0.1',
      score: score([open], [{ grade: 'F', reason: 'mutual TLS is not enforced' }]),
      table: { title: 'client certificates', columns: ['client', 'verdict'], rows: [['none', 'not enforced']] },
      gaps: ['TLS 1.2 was not tried'],
    })
    expect(text.write(report, look)).toMatchInlineSnapshot(`
      "critical (firm): The service answers over plain HTTP [plain-http]
        --> GET http://127.0.0.1:80/a?b=é, status line
        Plain HTTP got the app’s answer.
          > HTTP/1.1 200 OK
        fix: Close it.

      client certificates
        client  verdict
        none    not enforced

      not tested
        - TLS 1.2 was not tried

      grade F  64 of 100 points: 1 critical
        no better than F: mutual TLS is not enforced
      probe http://127.0.0.1; files 3
      sallyport explain plain-http says more
      "
    `)
  })

  it('shows where it holds, the corrected line, and folds other ways', () => {
    const [first = { at: leak.at as SourcePlace, says: '' }] = leak.path ?? []
    const finding = {
      ...leak,
      holds: 'only in production',
      correction: "'ok'",
      otherPaths: [[first], [first]],
    }
    expect(text.write(reportOf([finding]), look)).toMatchInlineSnapshot(`
      "high: API key reaches an HTTP response [key-in-response]
        --> app.rb:12:3
        GET /data answers with STRIPE_API_KEY.
           ::: lib/a b.rb:4:11
          4 | API_KEY = ENV['STRIPE_API_KEY']
            |           - 1. STRIPE_API_KEY is read
           ::: app.rb:12:3
         12 |   API_KEY
            |   ^ 2. answered to the client
        holds: only in production
        and 2 other ways; --verbose shows them
        fix: Answer with what the client needs.
         12 -   API_KEY
         12 +   'ok'

      grade B  75 of 100 points: 1 high
      scan .; files 3
      sallyport explain key-in-response says more
      "
    `)
    expect(text.write(reportOf([finding]), { ...look, verbose: true })).toMatchInlineSnapshot(`
      "high: API key reaches an HTTP response [key-in-response]
        --> app.rb:12:3
        GET /data answers with STRIPE_API_KEY.
           ::: lib/a b.rb:4:11
          4 | API_KEY = ENV['STRIPE_API_KEY']
            |           - 1. STRIPE_API_KEY is read
           ::: app.rb:12:3
         12 |   API_KEY
            |   ^ 2. answered to the client
        holds: only in production
        another way:
           ::: lib/a b.rb:4:11
          4 | API_KEY = ENV['STRIPE_API_KEY']
            |           ^ STRIPE_API_KEY is read
        another way:
           ::: lib/a b.rb:4:11
          4 | API_KEY = ENV['STRIPE_API_KEY']
            |           ^ STRIPE_API_KEY is read
        fix: Answer with what the client needs.
         12 -   API_KEY
         12 +   'ok'

      grade B  75 of 100 points: 1 high
      scan .; files 3
      sallyport explain key-in-response says more
      "
    `)
  })

  it('says what is not counted, and what of the baseline is gone', () => {
    const report = reportOf([], {
      suppressed: [
        { ...leak, suppression: { by: 'allow', reason: 'a canary' } },
        { ...leak, suppression: { by: 'baseline' } },
      ],
      gone: [{ rule: 'key-in-log', file: 'old.rb' }],
      gaps: Array.from({ length: 14 }, (_, index) => `${index}.rb: could not be read (EACCES)`),
    })
    expect(text.write(report, look)).toMatchInlineSnapshot(`
      "not read
        - 0.rb: could not be read (EACCES)
        - 1.rb: could not be read (EACCES)
        - 2.rb: could not be read (EACCES)
        - 3.rb: could not be read (EACCES)
        - 4.rb: could not be read (EACCES)
        - 5.rb: could not be read (EACCES)
        - 6.rb: could not be read (EACCES)
        - 7.rb: could not be read (EACCES)
        - 8.rb: could not be read (EACCES)
        - 9.rb: could not be read (EACCES)
        - 10.rb: could not be read (EACCES)
        - 11.rb: could not be read (EACCES)
        and 2 more; --verbose shows them

      grade A  100 of 100 points: no findings
        not counted: 1 in the baseline, 1 allowed by comments
        1 finding of the baseline gone: --update-baseline takes them out
      scan .; files 3
      "
    `)
    expect(text.write(report, { ...look, verbose: true })).toMatchInlineSnapshot(`
      "not counted
        - app.rb:12:3 key-in-response: allowed, a canary
        - app.rb:12:3 key-in-response: in the baseline

      not read
        - 0.rb: could not be read (EACCES)
        - 1.rb: could not be read (EACCES)
        - 2.rb: could not be read (EACCES)
        - 3.rb: could not be read (EACCES)
        - 4.rb: could not be read (EACCES)
        - 5.rb: could not be read (EACCES)
        - 6.rb: could not be read (EACCES)
        - 7.rb: could not be read (EACCES)
        - 8.rb: could not be read (EACCES)
        - 9.rb: could not be read (EACCES)
        - 10.rb: could not be read (EACCES)
        - 11.rb: could not be read (EACCES)
        - 12.rb: could not be read (EACCES)
        - 13.rb: could not be read (EACCES)

      grade A  100 of 100 points: no findings
        not counted: 1 in the baseline, 1 allowed by comments
        1 finding of the baseline gone: --update-baseline takes them out
      scan .; files 3
      "
    `)
  })

  it('sets the caret under wide characters, behind tabs and in a masked line, and cuts long lines around it', () => {
    const at = (given: Partial<SourcePlace>): Finding => ({
      ...leak,
      path: [{ at: { file: 'app.rb', line: 1, column: 1, ...given }, says: 'here' }],
    })
    const rows = [
      { text: "puts '鍵は', key", column: 12, endLine: 1, endColumn: 15 },
      { text: '\tputs\tkey', column: 7, endLine: 1, endColumn: 10 },
      { text: `${'x'.repeat(150)} = key + ${'y'.repeat(150)}`, column: 154, endLine: 1, endColumn: 157 },
      {
        text: 'KEY = "sk_live_…(24 characters)"; puts KEY',
        column: 47,
        endColumn: 50,
        endLine: 1,
        shown: { start: 39, end: 42 },
      },
      { text: 'puts key', column: 6, endLine: 1, endColumn: 9, file: 'e\u0301.rb' },
      { text: '', column: 4_000, endLine: 1, endColumn: 4_003 },
    ].map(at)
    const shown = text
      .write(reportOf(rows), look)
      .split('\n')
      .filter((line) => /^ +(?:\d+ |:::|\|)/.test(line))
    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "    1 | puts '鍵は', key
            |              ^^^ here
          1 |     puts    key
            |             ^^^ here
          1 | …xxxxxxxxxxxxxxxxxxxxx = key + yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
            |                          ^^^ here
          1 | KEY = "sk_live_…(24 characters)"; puts KEY
            |                                        ^^^ here
           ::: é.rb:1:6
          1 | puts key
            |      ^^^ here
          1 | here"
    `)
  })

  it('lets nothing through that a terminal obeys', () => {
    const hostile = {
      ...leak,
      at: { file: 'a\u001b[2J\n.rb', line: 1, column: 1, text: 'x\u0007\u202e' },
      path: [],
      message: '\u001b]0;x\u0007',
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(text.write(reportOf([hostile]), look)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it('colours only when asked, and says the same', () => {
    const plain = text.write(reportOf([leak, open]), look)
    const colored = text.write(reportOf([leak, open]), { ...look, color: true })
    expect(colored).toContain('\u001b[')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is taken away
    expect(colored.replace(/\u001b\[[0-9;]*m/g, '')).toBe(plain)
  })

  it('says that there is nothing', () => {
    expect(text.write(reportOf([]), look)).toBe('grade A  100 of 100 points: no findings\nscan .; files 3\n')
  })
})

it('writes JSON in the documented form', () => {
  expect(JSON.parse(json.write(reportOf([leak]), look))).toEqual({
    version: 1,
    tool: { name: 'sallyport', version: '1.2.3' },
    verb: 'scan',
    subject: '.',
    grade: 'B',
    points: 75,
    caps: [],
    findings: [leak],
    measured: [{ label: 'files', value: '3' }],
    gaps: [],
  })
})

describe('SARIF', () => {
  const runOf = (report: Report) => JSON.parse(sarif.write(report, look)).runs[0]

  it('gives a place, a flow, a rule and a fingerprint', () => {
    const run = runOf(reportOf([leak], { gaps: ['x.rb was not read'] }))
    expect(run.results).toMatchObject([
      {
        ruleId: 'key-in-response',
        ruleIndex: 0,
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'app.rb', uriBaseId: '%SRCROOT%' },
              region: { startLine: 12, startColumn: 3 },
            },
          },
        ],
        partialFingerprints: { 'sallyport/v1': '0123456789abcdef' },
      },
    ])
    const steps = run.results[0].codeFlows[0].threadFlows[0].locations
    expect(steps[0].location.physicalLocation.artifactLocation.uri).toBe('lib/a%20b.rb')
    expect(run.tool.driver.rules[0]).toMatchObject({
      id: 'key-in-response',
      helpUri: expect.stringMatching(/^https:/),
      help: { markdown: 'First.\n\nSecond.' },
      fullDescription: { text: 'First.' },
    })
    expect(run.invocations[0].toolExecutionNotifications).toEqual([
      { level: 'warning', message: { text: 'x.rb was not read' } },
    ])
  })

  it('keeps names of files from reading as schemes or fragments', () => {
    const odd = { ...leak, at: { file: 'a:b/c#d?.rb', line: 1, column: 1 } }
    expect(runOf(reportOf([odd])).results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      'a%3Ab/c%23d%3F.rb',
    )
  })

  it('writes a place on a service as an absolute URI', () => {
    const [result] = runOf(reportOf([open])).results
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('http://127.0.0.1/a?b=%C3%A9')
  })

  it('leaves out the mildest findings when there are too many, and says so', () => {
    const many = Array.from({ length: sarifLimits.resultsMax }, () => ({ ...leak, severity: 'low' as const }))
    const run = runOf(reportOf([...many, leak]))
    expect(run.results).toHaveLength(sarifLimits.resultsMax)
    expect(run.results[0].level).toBe('error')
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(1)
  })
})

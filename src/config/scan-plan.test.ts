import { describe, expect, it } from 'vitest'
import { sections } from './make-scan-plan.ts'
import { describeProblem } from './problem.ts'
import { readScanPlan } from './scan-plan.ts'
import { configSchema, loadKnown } from './schema.ts'

async function read(text: string | undefined) {
  const outcome = await readScanPlan({
    directory: '/srv',
    rules: ['key-in-log', 'key-literal'],
    files: {
      read: () =>
        text === undefined
          ? { problem: 'there is no such file', isMissing: true }
          : { bytes: Buffer.from(text), mode: 0o644, owner: 0 },
    },
  })
  return 'plan' in outcome ? outcome.plan : outcome.problems.map(describeProblem)
}

it('reads everything that the scan section may hold', async () => {
  const text = `keys: { broken: [] }
scan:
  exclude: [spec/fixtures/**]
  include_ignored: true
  rules: { key-in-log: off, key-literal: medium }
  paths: { "spec/**": { rules: { key-literal: note } } }
  fail_on: medium
  fail_under: B
  min_confidence: firm
  baseline: known.json
`
  expect(await read(text)).toEqual({
    exclude: ['spec/fixtures/**'],
    includeIgnored: true,
    rules: { 'key-in-log': 'off', 'key-literal': 'medium' },
    paths: [{ pattern: 'spec/**', rules: { 'key-literal': 'note' } }],
    failOn: 'medium',
    failUnder: 'B',
    minConfidence: 'firm',
    baseline: '/srv/known.json',
  })
})

it.each([[undefined], [''], ['keys: {}\n'], ['scan: {}\n']])('is content with %j', async (text) => {
  expect(await read(text)).toEqual({ exclude: [], includeIgnored: false, rules: {}, paths: [] })
})

describe('says where and what is wrong', () => {
  it.each([
    ['scna: {}\n', ['sallyport.yaml:1:1 scna: "scna" is no setting; did you mean scan?']],
    ['scan: { exlude: [a] }\n', ['sallyport.yaml:1:9 scan.exlude: "exlude" is no setting; did you mean exclude?']],
    [
      'scan:\n  rules:\n    key-in-lgo: off\n',
      ['sallyport.yaml:3:5 scan.rules.key-in-lgo: there is no rule "key-in-lgo"; did you mean key-in-log?'],
    ],
    [
      'scan:\n  paths:\n    lib/**: { rules: { other: low } }\n',
      [expect.stringMatching(/^sallyport\.yaml:3:24 .*there is no rule "other"; `sallyport explain` lists them$/)],
    ],
    [
      'scan: { rules: { key-in-log: hihg } }\n',
      ['sallyport.yaml:1:30 scan.rules.key-in-log: "hihg" is not known; did you mean high?'],
    ],
    [
      'scan: { exclude: spec }\n',
      [expect.stringMatching(/^sallyport\.yaml:1:18 scan\.exclude: is text; write a list/)],
    ],
    ['scan: { exclude: ["!a"] }\n', [expect.stringContaining('is no pattern')]],
    ['scan: *none\n', [expect.stringMatching(/^sallyport\.yaml:1:7 scan: an alias stands here/)]],
    ['- a\n', [expect.stringContaining('is no settings')]],
  ])('in %j', async (text, problems) => {
    expect(await read(text)).toEqual(problems)
  })
})

it('knows the sections that there are', async () => {
  expect([...sections].sort()).toEqual(Object.keys(configSchema(await loadKnown()).shape).sort())
})

import { expect, it } from 'vitest'
import { accuracyText, readJudgements } from './accuracy-table.ts'

const found = (rule: string, line: string) => ({ rule, place: `a.rb:${line}` })
const scanned = [
  { name: 'one', seconds: 0.4, lines: 15_000, gaps: 1, findings: [found('key-in-log', '1'), found('key-in-log', '2')] },
  { name: 'two', seconds: 9, lines: 5_000, gaps: 0, findings: [found('key-in-url', '1')] },
  { name: 'three', seconds: 60, lines: 0, gaps: 0, findings: [], failure: 'more than 60' },
]
const judged = '# said by a reader\nright\tkey-in-log\ta.rb:1\t\nwrong\tkey-in-log\ta.rb:2\tno key\n'

it('counts findings by rule and by what was said of them', () => {
  const text = accuracyText(scanned, readJudgements(judged))
  expect(text).toContain(
    '2 packages, 20,000 lines, 3 findings: 1.50 for each 10,000 lines. Gaps: 1; packages without a report: 1.',
  )
  expect(text).toContain('| key-in-log | 2 | 1 | 1 | 0 |\n| key-in-url | 1 | 0 | 0 | 1 |\n| all | 3 | 1 | 1 | 1 |')
  expect(text).toContain('| no key | 1 |')
})

it('names the packages that were slow or gave no report, the slowest first', () => {
  expect(accuracyText(scanned, new Map())).toContain('| three | more than 60 | 0 |\n| two | 9.0 | 5,000 |')
})

it('says which line of the judgements cannot be read', () => {
  expect(() => readJudgements('right\tkey-in-log\ta.rb:1\t\nperhaps\tone')).toThrow('line 2')
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { confidences, type Finding, severities } from './finding.ts'
import { capsOf, grades, isWorse, score } from './grade.ts'

const finding = (
  rule: string,
  severity: Finding['severity'],
  confidence: Finding['confidence'] = 'certain',
): Finding => ({
  rule,
  severity,
  confidence,
  title: rule,
  message: rule,
  fix: 'none',
  at: { file: 'a.rb', line: 1, column: 1 },
  fingerprint: rule,
})

it.each([
  ['nothing', [], 100, 'A'],
  ['one critical', [finding('a', 'critical')], 55, 'D'],
  ['one tentative high', [finding('a', 'high', 'tentative')], 90, 'A'],
  ['the same rule twice', [finding('a', 'high'), finding('a', 'high')], 63, 'C'],
  ['two rules', [finding('a', 'high'), finding('b', 'high')], 50, 'D'],
] as const)('grades %s', (_name, findings, points, grade) => {
  expect(score(findings)).toMatchObject({ points, grade })
})

it('never rises when a finding is added, and does not depend on order', () => {
  const one = fc.record({
    rule: fc.constantFrom('a', 'b', 'c'),
    severity: fc.constantFrom(...severities),
    confidence: fc.constantFrom(...confidences),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), one, (list, extra) => {
      const findings = list.map(({ rule, severity, confidence }) => finding(rule, severity, confidence))
      const more = score([...findings, finding(extra.rule, extra.severity, extra.confidence)])
      expect(more.points).toBeLessThanOrEqual(score(findings).points)
      expect(score([...findings].reverse())).toEqual(score(findings))
    }),
    { examples: [[orderMattered, { rule: 'a', severity: 'critical', confidence: 'certain' }]] },
  )
})

/** A list whose sum in floating point was another one backwards. */
const orderMattered = (
  [
    ['c', 'critical', 'tentative'],
    ['c', 'low', 'firm'],
    ['b', 'critical', 'tentative'],
    ['c', 'low', 'firm'],
    ['a', 'low', 'tentative'],
    ['b', 'critical', 'tentative'],
    ['b', 'critical', 'certain'],
  ] as const
).map(([rule, severity, confidence]) => ({ rule, severity, confidence }))

it('keeps only the caps that lower the grade', () => {
  const caps = [{ grade: 'B', reason: 'one' } as const, { grade: 'F', reason: 'two' } as const]
  expect(score([finding('a', 'critical')], caps)).toMatchObject({ grade: 'F', caps: [caps[1]] })
  expect(isWorse('F', 'B')).toBe(true)
  expect(grades.every((grade) => !isWorse(grade, grade))).toBe(true)
})

it('caps by rules that found something high or critical, and sure enough', () => {
  const rules = [{ id: 'a', cap: { grade: 'D', reason: 'one' } as const }, { id: 'b' }]
  expect(capsOf([finding('a', 'high', 'firm'), finding('a', 'critical')], rules)).toEqual([rules[0]?.cap])
  expect(capsOf([finding('a', 'medium'), finding('a', 'high', 'tentative'), finding('b', 'critical')], rules)).toEqual(
    [],
  )
})

import { expect, it } from 'vitest'
import type { Finding } from '../finding/finding.ts'
import { applyRuleSettings } from './apply-rule-settings.ts'

const finding = (rule: string, file: string, confidence: Finding['confidence'] = 'certain'): Finding => ({
  rule,
  title: rule,
  severity: 'high',
  confidence,
  message: '',
  at: { file, line: 1, column: 1 },
  fix: '',
  fingerprint: '0123456789abcdef',
})

it('switches rules off and weighs them, everywhere and for some files, the last that fits deciding', () => {
  const settings = {
    rules: { a: 'off', b: 'low' },
    paths: [
      { pattern: 'spec/', rules: { a: 'note', b: 'off' } },
      { pattern: '*.rb', rules: { b: 'critical' } },
    ],
  } as const
  const given = ['app.py', 'spec/x/y.py', 'spec/z.rb'].flatMap((file) => [finding('a', file), finding('b', file)])
  const { findings, off } = applyRuleSettings(given, settings)
  expect(findings.map(({ rule, at, severity }) => `${rule} ${'file' in at ? at.file : ''} ${severity}`)).toEqual([
    'b app.py low',
    'a spec/x/y.py note',
    'a spec/z.rb note',
    'b spec/z.rb critical',
  ])
  expect(off).toBe(2)
})

it('leaves out what is not sure enough, and says how much', () => {
  const given = [finding('a', 'x'), finding('a', 'x', 'firm'), finding('a', 'x', 'tentative')]
  const outcome = applyRuleSettings(given, { rules: {}, paths: [], minConfidence: 'firm' })
  expect(outcome).toMatchObject({ findings: given.slice(0, 2), off: 0, unsure: 1 })
})

it('tells nothing about files that are left out', () => {
  const settings = { rules: {}, paths: [], exclude: ['spec/'] }
  expect(applyRuleSettings([finding('a', 'spec/a.rb'), finding('a', 'a.rb')], settings).findings).toHaveLength(1)
})

it('is not misled by names that every object has', () => {
  expect(applyRuleSettings([finding('constructor', 'x')], { rules: {}, paths: [] }).findings).toHaveLength(1)
})

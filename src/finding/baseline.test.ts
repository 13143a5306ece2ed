import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareWithBaseline, entryOf, newSalt, readBaseline, writeBaseline } from './baseline.ts'
import type { Finding } from './finding.ts'
import { fingerprint } from './fingerprint.ts'

function leak(file: string, line: number, text: string, identity: readonly string[] = ['GET /', 'KEY']): Finding {
  return {
    rule: 'key-in-log',
    title: 'A key is logged',
    severity: 'high',
    confidence: 'certain',
    message: 'It is.',
    at: { file, line, column: 1, text },
    fix: 'Do not.',
    fingerprint: fingerprint('key-in-log', [file, ...identity]),
    structure: fingerprint('key-in-log', identity),
  }
}

const salt = newSalt()
const baselineOf = (...findings: Finding[]) => ({ salt, entries: findings.map((finding) => entryOf(finding, salt)) })
const newAmong = (findings: Finding[], ...known: Finding[]) =>
  compareWithBaseline(findings, baselineOf(...known)).findings

describe('a known finding', () => {
  const known = leak('app.rb', 3, '  logger.info(key)')

  it.each([
    ['where it was', leak('app.rb', 3, '  logger.info(key)')],
    ['on another line', leak('app.rb', 30, '  logger.info(key)')],
    ['indented otherwise', leak('app.rb', 3, '\tlogger.info( key )')],
    ['with a local renamed', leak('app.rb', 3, '  logger.info(token)')],
    ['in a file with a new name', leak('lib/app.rb', 5, 'logger.info(key)')],
  ])('stays known %s', (_how, found) => {
    expect(newAmong([found], known)).toEqual([])
  })

  it.each([
    ['a second one in the same function', [known, leak('app.rb', 4, '  logger.warn(key)')], 1],
    ['a copy in another file', [known, leak('copy.rb', 3, '  logger.info(key)')], 1],
    ['one of another function', [leak('app.rb', 3, '  logger.info(key)', ['GET /b', 'KEY'])], 1],
    ['one in another file with another line', [leak('other.rb', 3, 'puts key')], 1],
  ])('does not hide %s', (_what, found, number) => {
    expect(newAmong(found, known)).toHaveLength(number)
  })

  it('is told from its new neighbour by its line', () => {
    const neighbour = leak('app.rb', 2, '  logger.warn(key)')
    expect(newAmong([neighbour, known], known)).toEqual([neighbour])
  })
})

it('tells what is gone, and what is still there', () => {
  const [one, two] = [leak('a.rb', 1, 'x'), leak('b.rb', 1, 'y', ['GET /c'])]
  const { kept, gone } = compareWithBaseline([one], baselineOf(one, two))
  expect(kept.map(({ file }) => file)).toEqual(['a.rb'])
  expect(gone.map(({ file }) => file)).toEqual(['b.rb'])
})

it('does not depend on order, and gives back what was written', () => {
  const findings = fc.array(
    fc
      .record({ file: fc.constantFrom('a', 'b'), text: fc.constantFrom('x', 'y'), of: fc.constantFrom('1', '2') })
      .map(({ file, text, of }) => leak(file, 1, text, [of])),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(findings, findings, (known, found) => {
      const baseline = baselineOf(...known)
      const read = readBaseline(JSON.parse(writeBaseline(baseline)))
      if ('problems' in read) throw new Error('not read')
      expect(writeBaseline(read)).toBe(writeBaseline(baseline))
      const compared = compareWithBaseline(found, read)
      expect(compared.findings.length + compared.suppressed.length).toBe(found.length)
      expect(compared.suppressed).toHaveLength(compared.kept.length)
      expect(compareWithBaseline([...found].reverse(), read).findings).toHaveLength(compared.findings.length)
      expect(compareWithBaseline(known, read).findings).toEqual([])
    }),
  )
})

it('holds nothing of the line, and has nothing in common with another file of the same finding', () => {
  const finding = leak('app.rb', 3, 'password = hunter2secret')
  const [one, two] = [newSalt(), newSalt()].map((each) => entryOf(finding, each))
  expect(JSON.stringify(one)).not.toContain('hunter2')
  expect(one?.structure).not.toBe(two?.structure)
})

it.each([
  [[], 'is not a baseline'],
  [{ findings: [] }, 'is of no version'],
  [{ version: 2, salt, findings: [] }, 'is of another version'],
  [{ version: 1, salt: 'x', findings: [] }, 'must be 32 hexadecimal digits'],
  [{ version: 1, salt, findings: {} }, 'must be a list'],
  [{ version: 1, salt, findings: [], more: 1 }, 'is not known'],
  [{ version: 1, salt, findings: [{ rule: 'a' }] }, 'needs the texts rule and file'],
  [
    { version: 1, salt, findings: [{ rule: 'a', file: 'b', structure: 'c', line: 'd' }] },
    'needs 16 hexadecimal digits',
  ],
])('refuses %j', (data, says) => {
  expect(readBaseline(data)).toEqual({
    problems: [{ path: expect.any(Array), message: expect.stringContaining(says) }],
  })
})

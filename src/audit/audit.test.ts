import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditedPath, openAudit } from './audit.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  file = join(folder, 'logs/audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lines = () =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('the audit log', () => {
  it('holds a decision as soon as it was taken, and its outcome behind it under the same id', () => {
    const audit = openAudit(file, 'run', () => 0)
    const id = audit.nextId()
    audit.decided(id, { door: 'egress', decision: 'allow', keys: ['stripe'], method: 'GET', host: 'h:443', path: '/a' })
    const decision = {
      time: '1970-01-01T00:00:00.000Z',
      id: 'run-1',
      event: 'decision',
      door: 'egress',
      decision: 'allow',
      keys: ['stripe'],
      method: 'GET',
      host: 'h:443',
      path: '/a',
    }
    expect(lines()).toEqual([decision])
    audit.ended(id, { status: 200, bytesIn: 1, bytesOut: 2, durationMs: 3 })
    audit.close()
    expect(lines()).toEqual([
      decision,
      {
        time: '1970-01-01T00:00:00.000Z',
        id: 'run-1',
        event: 'outcome',
        status: 200,
        bytesIn: 1,
        bytesOut: 2,
        durationMs: 3,
      },
    ])
  })

  it('keeps the order of events', () => {
    const audit = openAudit(file, 'run')
    for (const id of ['a', 'b', 'c']) {
      audit.decided(id, { door: 'ingress', decision: 'refuse' })
      audit.ended(id, { status: 1, bytesIn: 0, bytesOut: 0, durationMs: 0 })
    }
    audit.close()
    expect(lines().map(({ id, event }) => `${id} ${event}`)).toEqual([
      'a decision',
      'a outcome',
      'b decision',
      'b outcome',
      'c decision',
      'c outcome',
    ])
  })

  it('is readable to its owner alone, whoever made the file', () => {
    openAudit(file, 'run').close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'logs')).mode & 0o777).toBe(0o700)
  })

  it('gives back what was written, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (path) => {
        rmSync(file, { force: true })
        const audit = openAudit(file, 'run')
        audit.decided('x', { door: 'egress', decision: 'allow', path, keys: [path] })
        audit.close()
        const [line] = lines()
        // A lone surrogate has no UTF-8 and comes back as U+FFFD.
        expect([line.path, line.keys[0]]).toEqual([path.toWellFormed(), path.toWellFormed()])
      }),
      { numRuns: 200 },
    )
  })

  it('that cannot be opened stops the start', () => {
    expect(() => openAudit('/proc/none/audit.jsonl', 'run')).toThrow(
      expect.objectContaining({ code: 'AUDIT_UNWRITABLE' }),
    )
  })

  it('that cannot take a decision says so, and of an outcome it counts the loss', () => {
    const audit = openAudit('/dev/full', 'run')
    expect(() => audit.decided('a', { door: 'egress', decision: 'allow' })).toThrow(
      expect.objectContaining({ code: 'AUDIT_UNWRITABLE' }),
    )
    audit.ended('a', { status: 200, bytesIn: 0, bytesOut: 0, durationMs: 0 })
    audit.close()
    expect(audit.lost).toBe(1)
  })
})

it.each([
  ['/a?token=secret', '/a'],
  ['/bot-phantom-x/send', '/bot-[phantom]/send'],
  [`/${'a'.repeat(300)}`, `/${'a'.repeat(254)}…`],
])('%j is logged as %j', (target, path) => {
  expect(auditedPath(target, ['phantom-x'])).toBe(path)
})

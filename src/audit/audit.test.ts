import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Audit, auditedPath, type Decision, openAudit } from './audit.ts'

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

const recorded = (audit: Audit, id: string, decision: Decision) =>
  new Promise<Error | undefined>((resolve) => audit.decided(id, decision, resolve))
const over = { status: 200, bytesIn: 1, bytesOut: 2, durationMs: 3 }
const time = '1970-01-01T00:00:00.000Z'

describe('the audit log', () => {
  it('calls back when the decision is in the file, and has the outcome behind it under the same id', async () => {
    const audit = openAudit(file, 'run', () => 0)
    const id = audit.nextId()
    const decision: Decision = {
      door: 'egress',
      decision: 'allow',
      keys: ['stripe'],
      method: 'GET',
      host: 'h:443',
      path: '/a',
    }
    expect(await recorded(audit, id, decision)).toBe(undefined)
    expect(lines()).toEqual([{ time, id: 'run-1', event: 'decision', ...decision }])
    audit.ended(id, over)
    audit.close()
    expect(lines()[1]).toEqual({ time, id: 'run-1', event: 'outcome', ...over })
  })

  it('does not call back before, nor write for each decision of a turn', async () => {
    const audit = openAudit(file, 'run')
    const all = Promise.all(['a', 'b', 'c'].map((id) => recorded(audit, id, { door: 'ingress', decision: 'allow' })))
    expect(readFileSync(file, 'utf8')).toBe('')
    await all
    expect(lines().map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    audit.close()
  })

  it('keeps the order of events', () => {
    const audit = openAudit(file, 'run')
    for (const id of ['a', 'b', 'c']) {
      audit.decided(id, { door: 'ingress', decision: 'refuse' }, () => {})
      audit.ended(id, over)
    }
    audit.close()
    const order = ['a decision', 'a outcome', 'b decision', 'b outcome', 'c decision', 'c outcome']
    expect(lines().map(({ id, event }) => `${id} ${event}`)).toEqual(order)
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
        audit.decided('x', { door: 'egress', decision: 'allow', path, keys: [path] }, () => {})
        audit.close()
        const [line] = lines()
        expect([line.path, line.keys[0]]).toEqual([path, path])
      }),
      { numRuns: 200 },
    )
  })

  it('that cannot be opened stops the start', () => {
    const unwritable = expect.objectContaining({ code: 'AUDIT_UNWRITABLE' })
    expect(() => openAudit('/proc/none/audit.jsonl', 'run')).toThrow(unwritable)
  })

  it('that cannot take a decision says so, and of an outcome it counts the loss', async () => {
    const audit = openAudit('/dev/full', 'run')
    const decided = recorded(audit, 'a', { door: 'egress', decision: 'allow' })
    expect(await decided).toMatchObject({ code: 'AUDIT_UNWRITABLE' })
    audit.ended('a', over)
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

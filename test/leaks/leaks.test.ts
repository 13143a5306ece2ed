import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { until } from '../support/sallyport.ts'
import type { Leak, LeakingApp } from './leaking-app.ts'
import { filesOf, type StartedApp, startLeakingApp } from './start-leaking-app.ts'

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const apps = await Promise.all(
  names.map(async (name) => {
    const folder = join(import.meta.dirname, name)
    const { app } = (await import(`./${name}/leaks.ts`)) as { app: LeakingApp }
    const expected = readFileSync(join(folder, 'expected.txt'), 'utf8').split('\n').filter(Boolean)
    return { name, app, expected, leaky: join(folder, 'leaky'), fixed: join(folder, 'fixed') }
  }),
)

describe.each(apps)('$name', ({ app, expected, leaky, fixed }) => {
  it('has exactly the findings that are listed, and no gap', async () => {
    const { findings, gaps } = await scan(filesOf(leaky))
    const found = findings.map(({ rule, at }) => ('file' in at ? `${at.file}:${at.line} ${rule}` : rule))
    expect(found.sort()).toEqual([...expected].sort())
    expect(gaps).toEqual([])
  })

  it('has no finding when it is fixed', async () => {
    expect(existsSync(fixed)).toBe(true)
    const { findings, gaps } = await scan(filesOf(fixed))
    expect(findings.map(({ rule, at }) => ('file' in at ? `${at.file}:${at.line} ${rule}` : rule))).toEqual([])
    expect(gaps).toEqual([])
  })

  it('has each finding made to happen, or the reason why it is not', () => {
    const told = [...app.leaks.map(({ finding }) => finding), ...Object.keys(app.notSeen ?? {})]
    expect([...new Set(told)].sort()).toEqual([...new Set(expected)].sort())
  })

  describe('started', () => {
    let started: StartedApp
    beforeAll(async () => {
      started = await startLeakingApp(app, leaky)
    })
    afterAll(() => started?.close())
    it.each(app.leaks)('$finding is seen in $seen', async (leak) => {
      for (const ask of leak.asks) await started.ask(ask)
      await until(
        () => started.read(leak.seen).includes(secretOf(leak, started)),
        3_000,
        () => `${leak.finding}: not in ${leak.seen}; it was in ${whereSeen(leak, started) || 'no channel'}`,
      )
    })
  })

  describe('fixed and started', () => {
    let started: StartedApp
    beforeAll(async () => {
      started = await startLeakingApp(app, fixed)
    })
    afterAll(() => started?.close())
    it('shows nothing when it is asked the same', async () => {
      for (const leak of app.leaks) for (const ask of leak.asks) await started.ask(ask)
      const shown = app.leaks.filter((leak) => started.read(leak.seen).includes(secretOf(leak, started)))
      expect(shown.map(({ finding, seen }) => `${finding} in ${seen}`)).toEqual([])
    })
  })
})

function secretOf({ holds }: Leak, { keys }: StartedApp): string {
  const secret = 'key' in holds ? keys[holds.key] : holds.text
  if (!secret) throw new Error('a leak names a variable that holds no key')
  return secret
}

function whereSeen(leak: Leak, started: StartedApp): string {
  const secret = secretOf(leak, started)
  return [...started.readAll()].flatMap(([channel, text]) => (text.includes(secret) ? [channel] : [])).join(', ')
}

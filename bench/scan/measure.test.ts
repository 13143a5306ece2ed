import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runOnce } from './measure.ts'

const directory = mkdtempSync(join(tmpdir(), 'sallyport-measure-'))
afterAll(() => rmSync(directory, { recursive: true }))

const options = {
  directory,
  environment: { PATH: process.env.PATH ?? '' },
  output: join(directory, 'output'),
  errors: join(directory, 'errors'),
  limitMs: 60_000,
}

it('counts the work and the memory of a program’s children with its own', async () => {
  const child =
    'const held = Buffer.alloc(2e8, 1); while (process.cpuUsage().user < 1e5); setTimeout(() => console.log(held.length), 100)'
  const run = await runOnce(['sh', '-c', '"$0" -e "$1"; exit 3', process.execPath, child], options)
  expect(run.status).toBe(3)
  expect(readFileSync(options.output, 'utf8')).toBe('200000000\n')
  expect(run.cpuMs).toBeGreaterThan(90)
  expect(run.peakMiB).toBeGreaterThan(190)
  expect(run.wallMs).toBeGreaterThan(100)
})

it('ends a program that takes longer than it may, and what it has started', async () => {
  const run = await runOnce(['sh', '-c', 'sleep 600; true'], { ...options, limitMs: 200 })
  expect(run.status).toBeUndefined()
  expect(run.wallMs).toBeLessThan(60_000)
})

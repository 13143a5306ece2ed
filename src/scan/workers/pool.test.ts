import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openPool, type Pool } from './pool.ts'

type Task = 'answer' | 'die' | 'spin' | 'fail' | 'fill'
interface Job {
  readonly tasks: readonly Task[]
}

const serve = new URL('./serve-jobs.ts', import.meta.url).href
const thread = `
import { serveJobs } from ${JSON.stringify(serve)}
serveJobs(async ({ tasks }, step) => {
  for (const task of tasks) {
    if (task === 'die') process.exit(3)
    if (task === 'spin') for (;;) ;
    if (task === 'fail') throw new TypeError('the text of a file')
    if (task === 'fill') for (const held = []; ; ) held.push('x'.repeat(1_000) + held.length)
    step()
  }
  return tasks.length
})
`

let folder = ''
let pool: Pool<Job, number>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-pool-'))
  writeFileSync(join(folder, 'thread.mjs'), thread)
  pool = openPool(pathToFileURL(join(folder, 'thread.mjs')), 2, 64)
})
afterEach(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})

const run = (tasks: readonly Task[], stepTimeoutMs = 60_000) => pool.run({ tasks }, stepTimeoutMs)

it('answers every job, more of them than there are threads', async () => {
  const outcomes = await Promise.all([1, 2, 3, 4, 5].map((number) => run(Array<Task>(number).fill('answer'))))
  expect(outcomes).toEqual([1, 2, 3, 4, 5].map((result) => ({ kind: 'done', result })))
})

it.each([
  ['ends', 'die', 'its thread ended'],
  ['has no memory left', 'fill', 'needed more memory than a thread may have'],
  ['fails', 'fail', 'the scanner failed (TypeError)'],
] as const)('says at which step a thread %s, and goes on with another', async (_what, task, why) => {
  const outcomes = await Promise.all([run(['answer', 'answer', task, 'answer']), run(['answer']), run(['answer'])])
  expect(outcomes[0]).toEqual({ kind: 'lost', step: 2, why, isSlow: false })
  expect(outcomes.slice(1)).toEqual([
    { kind: 'done', result: 1 },
    { kind: 'done', result: 1 },
  ])
  expect(await Promise.all([run(['answer']), run(['answer'])])).toEqual(outcomes.slice(1))
})

it('stops a thread that takes no step any more', async () => {
  const [stopped, other] = await Promise.all([run(['answer', 'spin'], 1_500), run(['answer'], 1_500)])
  expect(stopped).toEqual({ kind: 'lost', step: 1, why: 'took more than 2 s', isSlow: true })
  expect(other).toEqual({ kind: 'done', result: 1 })
  expect(await run(['answer'])).toEqual({ kind: 'done', result: 1 })
})

import { limits } from '../../limits.ts'
import type { Catalogue } from '../catalogue.ts'
import type { FileReference } from '../content.ts'
import { failedReport } from '../examine-file.ts'
import type { ProgramReport } from '../examine-program.ts'
import { diskReader } from '../read-disk.ts'
import type { WithinTime } from '../run-steps.ts'
import {
  type CachedDigests,
  type FileAnswer,
  lostProgram,
  newHand,
  type ProgramJob,
  type ScanAnswer,
  type ScanJob,
} from './hand.ts'
import { type Outcome, openPool, type Pool } from './pool.ts'

/** Those who do the work on the files of the disk. */
export interface Crew {
  /** The reports are in the order of the files. */
  files(files: readonly FileReference[], cached?: CachedDigests): Promise<readonly FileAnswer[]>
  program(job: ProgramJob): Promise<ProgramReport>
  close(): Promise<void>
}

/** Without threads: all in this one. Small trees are done before a thread would have started. */
export function crewOfOne(catalogue: Catalogue, withinTime: WithinTime): Crew {
  const hand = newHand(diskReader, catalogue, withinTime)
  return crewOf(async (job) => ({ kind: 'done', result: await hand(job, () => {}) }))
}

/** With `size` threads. What becomes of one file does not depend on how many there are. */
export function crewOfThreads(size: number): Crew {
  const pool: Pool<ScanJob, ScanAnswer> = openPool(new URL('./scan-worker.entry.ts', import.meta.url), size)
  const crew = crewOf((job) =>
    pool.run(job, job.kind === 'files' ? limits.scanFileTimeoutMs : limits.scanProgramTimeoutMs),
  )
  return { ...crew, close: () => pool.close() }
}

function crewOf(run: (job: ScanJob) => Promise<Outcome<ScanAnswer>>): Crew {
  return { files, program, async close() {} }

  async function files(batch: readonly FileReference[], cached?: CachedDigests): Promise<readonly FileAnswer[]> {
    if (batch.length === 0) return []
    const outcome = await run({ kind: 'files', files: batch, ...(cached ? { cached } : {}) })
    if (outcome.kind === 'done') return outcome.result.kind === 'files' ? outcome.result.reports : []
    // The thread has taken the reports of the files before it along; all but the one that it died of are done again.
    const at = Math.min(outcome.step, batch.length - 1)
    const culprit = batch.slice(at, at + 1)
    const before = await files(batch.slice(0, at), cached)
    // Once more by itself: the thread may have died of what came before.
    const isOver = outcome.isSlow || batch.length === 1
    const lost = isOver ? culprit.map(({ path }) => failedReport(path, outcome.why)) : await files(culprit, cached)
    return [...before, ...lost, ...(await files(batch.slice(at + 1), cached))]
  }

  async function program(job: ProgramJob): Promise<ProgramReport> {
    let outcome = await run({ kind: 'program', program: job })
    if (outcome.kind === 'lost' && !outcome.isSlow) outcome = await run({ kind: 'program', program: job })
    if (outcome.kind === 'done' && outcome.result.kind === 'program') return outcome.result.report
    return lostProgram(job.folder, outcome.kind === 'lost' ? outcome.why : 'no answer')
  }
}

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { limits } from '../../limits.ts'
import type { SecretFinder } from '../literals/find-secrets.ts'
import { doJob, type Job, type JobResults } from './jobs.ts'
import type { ObjectStore } from './object-store.ts'

/** Does a job on every thread; the results in no order that matters. */
export interface Crew {
  run<Kind extends Job['kind']>(job: Job & { readonly kind: Kind }): Promise<readonly JobResults[Kind][]>
  close(): Promise<void>
}

/** Under this many objects a thread takes longer to start than to be done. */
const objectsOfOneThread = 3_000
const threadsMax = 8

/** As many threads as the machine has processors, `threads` of them where it is said; small repositories are read in this one. */
export function assembleCrew(store: ObjectStore, finder: SecretFinder, threads?: number): Crew {
  const wanted = threads ?? (store.count < objectsOfOneThread ? 0 : Math.min(threadsMax, availableParallelism()))
  if (wanted === 0) {
    return {
      run: async <Kind extends Job['kind']>(job: Job & { readonly kind: Kind }) => [
        doJob(store, finder, job) as JobResults[Kind],
      ],
      close: async () => undefined,
    }
  }
  const resourceLimits = {
    maxOldGenerationSizeMb: limits.historyThreadMemoryMebibytesMax,
    maxYoungGenerationSizeMb: limits.historyThreadNewMebibytesMax,
  }
  const workers = Array.from(
    { length: wanted },
    () => new Worker(new URL('./history-worker.entry.ts', import.meta.url), { workerData: store, resourceLimits }),
  )
  return {
    run: async <Kind extends Job['kind']>(job: Job & { readonly kind: Kind }) =>
      Promise.all(workers.map((worker) => ask<JobResults[Kind]>(worker, job))),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function ask<Result>(worker: Worker, job: Job): Promise<Result> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => reject(error)
    const ended = (code: number) => reject(new Error(`a thread that reads the history ended with ${code}`))
    worker.once('error', failed)
    worker.once('exit', ended)
    worker.once('message', (result: Result) => {
      worker.off('error', failed)
      worker.off('exit', ended)
      resolve(result)
    })
    worker.postMessage(job)
  })
}

import { Worker } from 'node:worker_threads'
import { limits } from '../../limits.ts'

/** How a job ended. */
export type Outcome<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** The thread that had it died, or was stopped, at this step of it; why, as the end of a sentence. */
  | { readonly kind: 'lost'; readonly step: number; readonly why: string; readonly isSlow: boolean }

export interface Pool<Job, Result> {
  readonly size: number
  /** Jobs are begun in the order in which they are given. Never rejects for what a job does to its thread. */
  run(job: Job, stepTimeoutMs: number): Promise<Outcome<Result>>
  /** Ends the threads; jobs that are not done are lost. */
  close(): Promise<void>
}

interface Waiting<Job, Result> {
  readonly job: Job
  readonly stepTimeoutMs: number
  readonly settle: (outcome: Outcome<Result>) => void
}

interface Thread<Job, Result> {
  readonly worker: Worker
  /** The number of steps that the job has taken, written by the thread. */
  readonly steps: Int32Array
  has: Waiting<Job, Result> | undefined
  /** Ends it where it has nothing to do. */
  idle: NodeJS.Timeout | undefined
  /** When a step was last seen to have been taken, in ticks of the watch. */
  seen: { step: number; ticks: number }
}

/**
 * Up to `size` threads that run `entry`, each with one job at a time; started when there is something for them to do. A
 * thread that takes no step of its job within the job's bound is stopped, and another one started in its place.
 */
export function openPool<Job, Result>(
  entry: URL,
  size: number,
  memoryMebibytesMax: number = limits.scanThreadMemoryMebibytesMax,
): Pool<Job, Result> {
  const queue: Waiting<Job, Result>[] = []
  const threads = new Set<Thread<Job, Result>>()
  let watch: NodeJS.Timeout | undefined
  let isClosed = false

  return {
    size,
    run(job, stepTimeoutMs) {
      return new Promise((settle) => {
        queue.push({ job, stepTimeoutMs, settle })
        assign()
      })
    },
    async close() {
      isClosed = true
      clearInterval(watch)
      for (const { idle } of threads) clearTimeout(idle)
      await Promise.all([...threads].map(({ worker }) => worker.terminate()))
    },
  }

  function assign(): void {
    for (const thread of threads) if (!thread.has) give(thread)
    while (queue.length > 0 && threads.size < size && !isClosed) give(start())
  }

  function give(thread: Thread<Job, Result>): void {
    const next = queue.shift()
    thread.has = next
    if (!next) {
      // What it holds is given back while others go on.
      thread.idle ??= setTimeout(() => end(thread), limits.scanThreadIdleMs).unref()
      return
    }
    clearTimeout(thread.idle)
    thread.idle = undefined
    Atomics.store(thread.steps, 0, 0)
    thread.seen = { step: 0, ticks: 0 }
    thread.worker.postMessage(next.job)
    watch ??= setInterval(look, limits.scanWatchMs).unref()
  }

  function end(thread: Thread<Job, Result>): void {
    if (threads.delete(thread)) void thread.worker.terminate()
  }

  function start(): Thread<Job, Result> {
    const steps = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(entry, {
      workerData: { steps },
      // What the thread prints would be what a scanned file made it print.
      stdout: true,
      stderr: true,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: memoryMebibytesMax },
    })
    const thread: Thread<Job, Result> = { worker, steps, has: undefined, idle: undefined, seen: { step: 0, ticks: 0 } }
    threads.add(thread)
    worker.on('message', (result: Result) => {
      const done = thread.has
      give(thread)
      done?.settle({ kind: 'done', result })
    })
    let why = 'its thread ended'
    worker.on('error', (error) => {
      why = reasonOf(error)
    })
    worker.on('exit', () => lose(thread, why, false))
    return thread
  }

  /** Ticks and not a clock: a machine that slept has not worked. */
  function look(): void {
    for (const thread of threads) {
      if (!thread.has) continue
      const step = Atomics.load(thread.steps, 0)
      if (step !== thread.seen.step) thread.seen = { step, ticks: 0 }
      else if (++thread.seen.ticks * limits.scanWatchMs > thread.has.stepTimeoutMs) {
        const seconds = Math.round(thread.has.stepTimeoutMs / 1000)
        lose(thread, `took more than ${seconds} s`, true)
        void thread.worker.terminate()
      }
    }
  }

  function lose(thread: Thread<Job, Result>, why: string, isSlow: boolean): void {
    if (!threads.delete(thread)) return
    thread.has?.settle({ kind: 'lost', step: Atomics.load(thread.steps, 0), why, isSlow })
    thread.has = undefined
    if (!isClosed) assign()
  }
}

/** The error's sort and nothing of its message, which may quote what was read. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'needed more memory than a thread may have'
  return `the scanner failed (${error instanceof Error ? error.name : 'unknown'})`
}

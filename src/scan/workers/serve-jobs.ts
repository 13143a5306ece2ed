import { parentPort, workerData } from 'node:worker_threads'

/** In a thread of a pool: does one job after the other. `step` is called whenever a part of the job is done. */
export function serveJobs<Job, Result>(perform: (job: Job, step: () => void) => Promise<Result>): void {
  const { steps } = workerData as { readonly steps: Int32Array }
  const step = () => {
    Atomics.add(steps, 0, 1)
  }
  parentPort?.on('message', async (job: Job) => parentPort?.postMessage(await perform(job, step)))
}

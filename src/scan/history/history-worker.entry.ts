import { parentPort, workerData } from 'node:worker_threads'
import { loadKinds } from '../../keys/load-kinds.ts'
import { secretFinder } from './find-in-content.ts'
import { doJob, type Job } from './jobs.ts'
import type { ObjectStore } from './object-store.ts'

const store: ObjectStore = workerData
// Nothing that is shown is made here.
const find = secretFinder(await loadKinds(), () => '')

parentPort?.on('message', (job: Job) => parentPort?.postMessage(doJob(store, find, job)))

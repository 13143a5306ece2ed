import { parentPort, workerData } from 'node:worker_threads'
import { loadKinds } from '../../keys/load-kinds.ts'
import { openSecretFinder } from '../literals/find-secrets.ts'
import { doJob, type Job } from './jobs.ts'
import type { ObjectStore } from './object-store.ts'

const store: ObjectStore = workerData
const finder = openSecretFinder(await loadKinds(), Date.now())

parentPort?.on('message', (job: Job) => parentPort?.postMessage(doJob(store, finder, job)))

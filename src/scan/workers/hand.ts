import { deserialize, serialize } from 'node:v8'
import { limits } from '../../limits.ts'
import { digestWith } from '../cache/private-store.ts'
import type { Catalogue } from '../catalogue.ts'
import type { FileReference, Reader } from '../content.ts'
import { examineFile, type FileReport, failedReport, type UnchangedFile } from '../examine-file.ts'
import { examineProgram, type ProgramReport } from '../examine-program.ts'
import { failureOf } from '../failure-of.ts'
import { openParsers } from '../open-parsers.ts'
import { openTree } from '../open-tree.ts'
import { type WithinTime, withoutWatch } from '../run-steps.ts'
import type { ProgramMember } from '../scan.ts'
import type { KnownStarts } from '../servers/deployment.ts'

/** What a thread can be asked to do; plain data. */
export type ScanJob =
  | { readonly kind: 'files'; readonly files: readonly FileReference[]; readonly cached?: CachedDigests }
  | { readonly kind: 'program'; readonly program: ProgramJob }

/** What an earlier scan has seen: digests by path, and what they are keyed with. */
export interface CachedDigests {
  readonly key: Uint8Array
  readonly known: ReadonlyMap<string, string>
}

export interface ProgramJob {
  readonly folder: string
  readonly files: readonly ProgramMember[]
  readonly references: readonly FileReference[]
  readonly starts: PackedStarts
}

export type ScanAnswer =
  | { readonly kind: 'files'; readonly reports: readonly FileAnswer[] }
  | { readonly kind: 'program'; readonly report: ProgramReport }

export type FileAnswer = FileReport | UnchangedFile

/**
 * How a tree is started, in memory that all threads see: there may be thousands of programs and thousands of starts, and
 * each job would copy all of them.
 */
export interface PackedStarts {
  readonly bytes: SharedArrayBuffer
  /** Of this process: the same number, the same starts. */
  readonly number: number
}

let packed = 0

export function packStarts({ starts }: KnownStarts): PackedStarts {
  const written = serialize(starts)
  const bytes = new SharedArrayBuffer(written.length)
  new Uint8Array(bytes).set(written)
  return { bytes, number: packed++ }
}

/** Of jobs with the same starts these are read once. */
function startsReader(): (packed: PackedStarts) => KnownStarts {
  let known: { readonly number: number; readonly read: KnownStarts } | undefined
  return ({ number, bytes }) => {
    if (known?.number !== number) known = { number, read: { starts: deserialize(Buffer.from(bytes)) } }
    return known.read
  }
}

/**
 * One who does jobs, in whatever thread. Never rejects for what a file holds. A thread's jobs are watched from outside;
 * `withinTime` watches where there is no thread.
 */
export function newHand(
  reader: Reader,
  catalogue: Catalogue,
  withinTime: WithinTime = withoutWatch,
): (job: ScanJob, step: () => void) => Promise<ScanAnswer> {
  const parsers = openParsers()
  const startsIn = startsReader()
  return async (job, step) => {
    if (job.kind === 'program') return { kind: 'program', report: await followed(job.program) }
    const reports: FileAnswer[] = []
    for (const file of job.files) {
      reports.push(await answered(file, job.cached))
      step()
    }
    return { kind: 'files', reports }
  }

  async function answered(file: FileReference, cached: CachedDigests | undefined): Promise<FileAnswer> {
    try {
      // What is kept of a file for the next scan is all that there is to know of it.
      if (!cached || file.isUnfollowed) return await examineFile(file, reader, catalogue, parsers)
      const content = reader.content(file)
      const { mode } = content
      if (!('bytes' in content) || content.stamp === undefined)
        return await examineFile(file, { ...reader, content: () => content }, catalogue, parsers)
      const { stamp } = content
      const digest = digestWith(cached.key, [content.kind, content.bytes])
      if (cached.known.get(file.path) === digest) return { path: file.path, kind: 'unchanged', mode, stamp }
      return { ...(await examineFile(file, { ...reader, content: () => content }, catalogue, parsers)), digest, stamp }
    } catch (error) {
      return failedReport(file.path, failureOf(error))
    }
  }

  async function followed({ folder, files, references, starts }: ProgramJob): Promise<ProgramReport> {
    const byPath = new Map(references.map((reference) => [reference.path, reference] as const))
    const tree = openTree(byPath, new Map(), reader, catalogue.mask, parsers)
    try {
      for (const { path } of files) await parsers.openFor(path)
      let report: ProgramReport | undefined
      const isDone = withinTime(() => {
        report = examineProgram({ folder, files }, tree, startsIn(starts), catalogue)
      }, limits.scanProgramTimeoutMs)
      return isDone && report ? report : lostProgram(folder, `took more than ${limits.scanProgramTimeoutMs / 1_000} s`)
    } catch (error) {
      return lostProgram(folder, failureOf(error))
    }
  }
}

export function lostProgram(folder: string, why: string): ProgramReport {
  return {
    folder,
    findings: [],
    frameworks: [],
    isLost: true,
    gaps: [`${folder === '' ? 'the program' : folder}: not followed: ${why}`],
  }
}

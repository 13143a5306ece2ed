import { lstatSync } from 'node:fs'
import { serialize } from 'node:v8'
import { limits } from '../../limits.ts'
import type { FileReference } from '../content.ts'
import type { FileReport } from '../examine-file.ts'
import type { ProgramReport } from '../examine-program.ts'
import type { FileReferences } from '../file-references.ts'
import type { Survey } from '../language.ts'
import type { Masker } from '../mask-source.ts'
import { lastChangeMs, stampOf } from '../stamp.ts'
import { buildDigest } from './build-digest.ts'
import { openPrivateStore, type PrivateStore } from './private-store.ts'

/**
 * What an earlier scan of the same tree by the same build has found: reports, whose texts are masked, and surveys of
 * files in which nothing reads as a secret. A report is taken again when its file's content has the same digest, which
 * is not computed where size, times and place of the file say that nothing was written since.
 */
export interface ScanCache {
  readonly key: Uint8Array
  /** The report on a file that nobody has touched. */
  untouched(file: FileReference): FileReport | undefined
  /** The report on the file of this path, to be taken when its content turns out to be the same. */
  earlier(path: string): FileReport | undefined
  /** With their surveys; undefined where one is not there. */
  withSurveys(files: readonly FileReport[]): readonly FileReport[] | undefined
  digest(value: unknown): string
  /** The reports on a whole tree of this digest. */
  whole(digest: string): readonly ProgramReport[] | undefined
  program(digest: string): ProgramReport | undefined
  forget(): void
  /** Keeps what this scan has found, for the next one. */
  save(found: Found): void
  /** Keeps what is known of files whose content is as it was. */
  renew(files: readonly FileReport[], references: FileReferences): void
}

interface Found {
  readonly files: readonly FileReport[]
  readonly references: FileReferences
  readonly whole: string
  readonly reports: readonly ProgramReport[]
  readonly programs: ReadonlyMap<string, ProgramReport>
}

interface State {
  readonly files: readonly FileReport[]
  readonly whole: string
  readonly reports: readonly ProgramReport[]
  readonly programs: ReadonlyMap<string, ProgramReport>
}

type Surveys = ReadonlyMap<string, { readonly digest: string; readonly survey: Survey }>

const empty: State = { files: [], whole: '', reports: [], programs: new Map() }

/**
 * `subject` names what is scanned and how; scans of other things do not disturb each other. Undefined where `folder`
 * cannot be had for ourselves.
 */
export function openScanCache(
  folder: string,
  subject: readonly string[],
  mask: Masker,
  startedMs: number,
): ScanCache | undefined {
  const opened = openPrivateStore(folder)
  return opened && cacheIn(opened, subject, mask, startedMs)
}

function cacheIn(store: PrivateStore, subject: readonly string[], mask: Masker, startedMs: number): ScanCache {
  // What has expired is judged by the day.
  const build = `${buildDigest()} ${new Date(startedMs).toISOString().slice(0, 10)}`
  const name = store.digest(...subject)
  // Another build may have written something of another form.
  const read = (kind: string) => {
    const stored = store.read(`${name}.${kind}`) as { readonly build: string; readonly value: unknown } | undefined
    return stored?.build === build ? stored.value : undefined
  }
  let state = (read('state') as State | undefined) ?? empty
  let byPath = new Map(state.files.map((file) => [file.path, file] as const))
  let surveys: Surveys | undefined
  const surveyed = () => {
    surveys ??= (read('surveys') as Surveys | undefined) ?? new Map()
    return surveys
  }
  return {
    key: store.key,
    digest: (value) => store.digest(serialize(value)),
    untouched(file) {
      const report = byPath.get(file.path)
      return report?.stamp !== undefined && report.stamp === stampAt(file) ? report : undefined
    },
    earlier: (path) => byPath.get(path),
    withSurveys: (files) => withSurveys(files, surveyed),
    whole: (digest) => (digest === state.whole ? state.reports : undefined),
    program: (digest) => state.programs.get(digest),
    forget() {
      state = empty
      byPath = new Map()
      surveys = new Map()
    },
    save,
    renew: (files, references) => save({ ...state, files, references }),
  }

  function save(found: Found): void {
    if (found.files.length > limits.scanCacheFilesMax || !isAsExamined(found)) return
    const kept = found.files.filter((file) => file.digest !== undefined && !holdsSecret(file, mask))
    const next = surveysOf(kept, surveyed())
    const files = kept.flatMap(({ survey: _survey, ...file }) =>
      file.language === undefined || next.has(file.path) ? [settled(file, startedMs)] : [],
    )
    const { whole, reports, programs } = found
    const written = [...textsIn(reports)].join('\n')
    const isLost = reports.some((report) => report.isLost) || (mask.shapes?.(written) ?? written) !== written
    store.write(`${name}.surveys`, { build, value: next })
    const value: State = isLost ? { ...empty, files } : { files, whole, reports, programs }
    store.write(`${name}.state`, { build, value })
  }
}

function withSurveys(files: readonly FileReport[], surveyed: () => Surveys): readonly FileReport[] | undefined {
  const complete: FileReport[] = []
  for (const file of files) {
    if (file.language === undefined || file.survey) complete.push(file)
    else {
      const known = surveyed().get(file.path)
      if (!known || known.digest !== file.digest) return undefined
      complete.push({ ...file, survey: known.survey })
    }
  }
  return complete
}

function surveysOf(files: readonly FileReport[], known: Surveys): Surveys {
  const surveys = new Map<string, { readonly digest: string; readonly survey: Survey }>()
  for (const { path, digest = '', survey } of files) {
    const found = survey ? { digest, survey } : known.get(path)
    if (found?.digest === digest) surveys.set(path, found)
  }
  return surveys
}

/** Findings are masked; names and reasons are written as they are: where a file holds a key one may be the key. */
function holdsSecret({ path, holdsKey = false, survey, allowances, gaps }: FileReport, mask: Masker): boolean {
  if (mask.shapes !== undefined && mask.shapes(path) !== path) return true
  const written = holdsKey ? [...textsIn([survey, allowances, gaps])].join('\n') : ''
  return mask(written) !== written
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* textsIn(part)
}

/** What is followed is read again after it was examined: a file that has changed between makes a report of neither. */
function isAsExamined({ files, references }: Found): boolean {
  return files.every(({ path, stamp }) => {
    const reference = references.get(path)
    return stamp === undefined || (reference !== undefined && stampAt(reference) === stamp)
  })
}

/** Without the stamp where the file may be written once more without its stamp changing. */
function settled({ stamp, ...file }: FileReport, startedMs: number): FileReport {
  const isSettled = stamp !== undefined && lastChangeMs(stamp) < startedMs - limits.scanCacheSettledMs
  return isSettled ? { ...file, stamp } : file
}

function stampAt({ at }: FileReference): string | undefined {
  try {
    return stampOf(lstatSync(Buffer.from(at), { bigint: true }))
  } catch {
    return undefined
  }
}

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'

/** What of a folder is to be looked through: its files as source, its files as text only, its git history. */
export type Reading = 'code' | 'text' | 'history'

/** One run of a scanner. */
export interface Assignment {
  /** Absolute. */
  readonly folder: string
  readonly reading: Reading
  /** The file that the report goes to; standard output goes there where a scanner can write to no file. */
  readonly report: string
  /** A folder that is kept between its runs, and removed after the benchmark. */
  readonly home: string
}

/** Something that a scanner reports. */
export interface Reported {
  /** Relative to the folder; empty where it names none. */
  readonly file: string
  readonly line: number
  readonly rule: string
}

/** A scanner that is measured: one file, one line in scanners.ts. */
export interface Scanner {
  readonly name: string
  /** What it can look through. */
  readonly readings: readonly Reading[]
  /** Whether it looks at the files of a folder together: programs that are not one are then given to it one by one. */
  readonly joinsFiles: boolean
  /** Looked for in the folder that `--install` fills, then in PATH. */
  readonly program: string
  /** Arguments that make it tell its version. */
  readonly versionArguments: readonly string[]
  /** Commands that make it be there, where they work. */
  readonly install: readonly (readonly string[])[]
  /** What a reader does to have it. */
  readonly howToInstall: string
  /** Its strongest sensible settings that need no connection. */
  command(program: string, assignment: Assignment): readonly string[]
  readonly environment?: (home: string) => Readonly<Record<string, string>>
  /** Exit codes with which it has done its work. */
  readonly doneWith: readonly number[]
  /** Reads its report. Throws where it is none. */
  parse(report: string, assignment: Pick<Assignment, 'folder'>): readonly Reported[]
}

/** Where `--install` puts what is not the system's. */
export const scannersFolder = join(import.meta.dirname, '../../.cache/bench/scanners')

export interface Installed {
  readonly program: string
  readonly version: string
}

/** The scanner's program and version; undefined where it is not installed. `prefix`: what keeps it from the network. */
export function findScanner(
  { program, versionArguments, environment }: Scanner,
  prefix: readonly string[],
): Installed | undefined {
  const own = ['python/bin', 'go']
    .map((folder) => join(scannersFolder, folder, program))
    .find((path) => existsSync(path))
  const path = own ?? program
  const [first = '', ...args] = [...prefix, path, ...versionArguments]
  const { stdout, stderr, error, status } = spawnSync(first, args, {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...environment?.(tmpdir()) },
  })
  if (error || status !== 0) return undefined
  return { program: path, version: /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}${stderr}`)?.[0] ?? '' }
}

/** A path as a report names it, relative to the folder that was scanned, which is where the scanner was started. */
export function pathWithin(folder: string, path: string): string {
  return relative(folder, resolve(folder, path))
}

import { statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import type { Finding } from '../finding/finding.ts'
import type { Cap } from '../finding/grade.ts'
import type { Rule } from './rule.ts'
import { scan } from './scan.ts'
import { type ReadFile, walkFiles } from './walk-files.ts'

export interface PathsScan {
  readonly findings: readonly Finding[]
  readonly caps: readonly Cap[]
  readonly rules: readonly Rule[]
  readonly measured: readonly (readonly [label: string, value: string])[]
  readonly gaps: readonly string[]
}

/**
 * Scans folders and files. Paths in findings are relative to `directory` where they are below it, else to the scanned
 * folder. Raises FILE_UNREADABLE for a path that is not there; everything below a path is told as a gap instead.
 */
export async function scanPaths(directory: string, paths: readonly string[]): Promise<PathsScan> {
  const files = new Map<string, ReadFile>()
  const gaps: string[] = []
  let ignored = 0
  let binary = 0
  for (const given of paths) {
    const path = resolve(directory, given)
    try {
      statSync(path)
    } catch (cause) {
      throw new SallyportError('FILE_UNREADABLE', `${given}: could not be read (${systemCode(cause)})`, { cause })
    }
    const walked = walkFiles(path, nameOf(directory, path))
    for (const file of walked.files) files.set(file.path, file)
    gaps.push(...walked.gaps)
    ignored += walked.ignored
    binary += walked.binary
  }
  const inputs = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  const result = await scan(inputs)
  const measured: [string, string][] = [
    ['files', String(inputs.length)],
    ['lines', String(result.lines)],
    ...Object.entries(result.parsed).map(([language, number]): [string, string] => [
      `${language} files`,
      String(number),
    ]),
  ]
  if (ignored > 0) measured.push(['ignored by .gitignore', String(ignored)])
  if (binary > 0) measured.push(['binary files, not read', String(binary)])
  return {
    findings: result.findings,
    caps: result.caps,
    rules: result.rules,
    measured,
    gaps: [...gaps, ...result.gaps],
  }
}

function nameOf(directory: string, path: string): string {
  const name = relative(directory, path)
  if (name === '') return ''
  if (!name.startsWith('..') && !isAbsolute(name)) return name.replaceAll('\\', '/')
  return statSync(path).isFile() ? (path.split(/[\\/]/).at(-1) ?? '') : ''
}

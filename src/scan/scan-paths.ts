import { statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import type { Finding } from '../finding/finding.ts'
import { loadCatalogue } from './catalogue.ts'
import type { FileReference } from './content.ts'
import { examineFile, type FileReport } from './examine-file.ts'
import { examineProgram } from './examine-program.ts'
import { openParsers } from './open-parsers.ts'
import { openTree } from './open-tree.ts'
import { diskReader } from './read-disk.ts'
import type { Rule } from './rule.ts'
import { finishScan, modesOf } from './scan.ts'
import { type WalkOptions, type WalkRecord, walkFiles } from './walk-files.ts'

export interface PathsScan {
  readonly findings: readonly Finding[]
  readonly rules: readonly Rule[]
  readonly measured: readonly (readonly [label: string, value: string])[]
  readonly gaps: readonly string[]
}

/**
 * Scans folders and files. Paths in findings are relative to `directory` where they are below it, else to the scanned
 * folder. Raises FILE_UNREADABLE for a path that is not there; everything below a path is told as a gap instead.
 */
export async function scanPaths(
  directory: string,
  paths: readonly string[],
  options: WalkOptions = { takesIgnored: false },
): Promise<PathsScan> {
  const record: WalkRecord = { gaps: [], ignored: 0 }
  const references = new Map<string, FileReference>()
  for (const given of paths)
    for (const file of walkFiles(...rootOf(directory, given), record, options)) references.set(file.path, file)
  const catalogue = await loadCatalogue()
  const parsers = openParsers()
  const files: FileReport[] = []
  for (const reference of references.values()) files.push(await examineFile(reference, diskReader, catalogue, parsers))
  const tree = openTree(references, modesOf(files), diskReader, catalogue.mask, parsers)
  const result = await finishScan(
    { files, tree, program: async (program, deployment) => examineProgram(program, tree, deployment, catalogue) },
    catalogue,
    new Date(),
  )
  return {
    findings: result.findings,
    rules: result.rules,
    measured: measuresOf(files, result.lines, result.parsed, record),
    gaps: [...record.gaps, ...result.gaps],
  }
}

/** The path to walk, and what the paths of its files begin with. */
function rootOf(directory: string, given: string): [root: string, name: string] {
  const path = resolve(directory, given)
  try {
    return [path, nameOf(directory, path)]
  } catch (cause) {
    throw new SallyportError('FILE_UNREADABLE', `${given}: could not be read (${systemCode(cause)})`, { cause })
  }
}

function nameOf(directory: string, path: string): string {
  const isFile = statSync(path).isFile()
  const name = relative(directory, path)
  if (name === '') return ''
  if (!name.startsWith('..') && !isAbsolute(name)) return name.replaceAll('\\', '/')
  return isFile ? (path.split(/[\\/]/).at(-1) ?? '') : ''
}

function measuresOf(
  files: readonly FileReport[],
  lines: number,
  parsed: Readonly<Record<string, number>>,
  { ignored }: WalkRecord,
): [string, string][] {
  const measured: [string, string][] = [
    ['files', String(files.filter(({ kind }) => kind === 'text' || kind === 'large').length)],
    ['lines', String(lines)],
    ...Object.entries(parsed).map(([language, number]): [string, string] => [`${language} files`, String(number)]),
  ]
  const binary = files.filter(({ kind }) => kind === 'binary').length
  if (ignored > 0) measured.push(['ignored by .gitignore', String(ignored)])
  if (binary > 0) measured.push(['binary files, not read', String(binary)])
  return measured
}

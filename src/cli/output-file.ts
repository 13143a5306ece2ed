import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import type { World } from './command.ts'

export interface OutputFile {
  /** Whole or not at all: a reader never sees half a report. Raises FILE_UNWRITABLE. */
  write(content: string): void
}

/** A file to be written later. Raises FILE_UNWRITABLE at once where it already can be seen that this will fail. */
export function openOutputFile(world: World, name: string): OutputFile {
  const path = resolve(world.directory, name)
  const unwritable = (why: string, cause?: unknown) =>
    new SallyportError('FILE_UNWRITABLE', `${name}: cannot be written (${why})`, { cause })
  let isPlain = true
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory()) throw unwritable('is a folder')
    // A pipe or a device cannot be replaced: it is written to.
    isPlain = stat === undefined || stat.isFile()
    if (stat) accessSync(path, constants.W_OK)
    if (isPlain) accessSync(dirname(path), constants.W_OK)
  } catch (cause) {
    throw cause instanceof SallyportError ? cause : unwritable(systemCode(cause), cause)
  }
  return {
    write(content) {
      const draft = isPlain ? join(dirname(path), `.${basename(path)}.${process.pid}.tmp`) : path
      try {
        writeFileSync(draft, content, isPlain ? { flag: 'wx' } : {})
        if (isPlain) renameSync(draft, path)
      } catch (cause) {
        if (isPlain) rmSync(draft, { force: true })
        throw unwritable(systemCode(cause), cause)
      }
    },
  }
}

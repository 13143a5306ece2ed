import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { systemCode } from '../../errors.ts'

/** A folder's entry; symbolic links are neither files nor folders. */
export interface FolderEntry {
  readonly name: string
  readonly isFile: boolean
  readonly isFolder: boolean
}

/** The whole of a file, or why not: `ENOENT`, `symbolic link`, `too large`, … Symbolic links are never followed. */
export function readSmallFile(path: string | Buffer, bytesMax: number): Buffer | string {
  let descriptor: number | undefined
  try {
    if (lstatSync(path).isSymbolicLink()) return 'symbolic link'
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) return 'not a file'
    if (stat.size > bytesMax) return 'too large'
    const content = Buffer.allocUnsafe(stat.size)
    let length = 0
    for (let read = -1; read !== 0 && length < content.length; length += read)
      read = readSync(descriptor, content, length, content.length - length, length)
    return content.subarray(0, length)
  } catch (error) {
    return systemCode(error)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** A small text file without the blanks at its end; undefined where it is not there or cannot be read. */
export function readSmallText(path: string, bytesMax = 65_536): string | undefined {
  const content = readSmallFile(path, bytesMax)
  return typeof content === 'string' ? undefined : content.toString('utf8').trimEnd()
}

/** Sorted by name; empty where there is no such folder, or where it is a symbolic link. */
export function folderEntries(path: string): readonly FolderEntry[] {
  try {
    if (!lstatSync(path).isDirectory()) return []
    return readdirSync(path, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isFile: entry.isFile(), isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

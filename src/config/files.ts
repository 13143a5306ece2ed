import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { systemCode } from '../errors.ts'

/** All that the configuration may touch of the file system; given in, so that a test can give its own. */
export interface ConfigFiles {
  read(path: string, bytesMax: number): ReadFile
}

export type ReadFile =
  | { readonly bytes: Uint8Array; readonly mode: number; readonly owner: number }
  /** What is wrong, and what to do; `isMissing` when there is no such file. */
  | { readonly problem: string; readonly isMissing: boolean }

export const realFiles: ConfigFiles = {
  read(path, bytesMax) {
    let descriptor: number
    try {
      // Not blocking: a FIFO that nobody writes to would hold the start up for ever.
      descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    } catch (error) {
      return unreadable(error)
    }
    try {
      const { mode, uid: owner, size } = fstatSync(descriptor)
      if ((mode & constants.S_IFMT) !== constants.S_IFREG) return notAFile
      if (size > bytesMax)
        return { problem: `is larger than ${bytesMax} bytes; it is not what is wanted here`, isMissing: false }
      const bytes = new Uint8Array(new ArrayBuffer(size))
      let end = 0
      while (end < size) {
        const count = readSync(descriptor, bytes, end, size - end, end)
        if (count === 0) break
        end += count
      }
      return { bytes: bytes.subarray(0, end), mode: mode & 0o7777, owner }
    } catch (error) {
      return unreadable(error)
    } finally {
      closeSync(descriptor)
    }
  },
}

const notAFile: ReadFile = { problem: 'is not a regular file; name one', isMissing: false }

function unreadable(error: unknown): ReadFile {
  const code = systemCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { problem: 'there is no such file; check the path', isMissing: true }
  if (code === 'EACCES' || code === 'EPERM')
    return { problem: 'may not be read by this user; change its owner or mode', isMissing: false }
  return { problem: `could not be read (${code}); check the path`, isMissing: false }
}

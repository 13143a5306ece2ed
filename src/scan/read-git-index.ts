import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { limits } from '../limits.ts'

/** The names that a repository tracks, and the folders that they stand in. */
export interface TrackedNames {
  readonly files: ReadonlySet<string>
  readonly folders: ReadonlySet<string>
}

/**
 * Reads a repository's index (gitformat-index(5), versions 2 to 4). Undefined where there is none, or it is damaged: it
 * only tells which ignored files are in the repository all the same.
 */
export function readGitIndex(path: string | Buffer): TrackedNames | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const stat = fstatSync(descriptor)
    if (!stat.isFile() || stat.size > limits.scanIndexBytesMax) return undefined
    return parseGitIndex(readFileSync(descriptor))
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** Of an entry, before its flags: times, device, inode, mode, owner, size, object. */
const fixedBytes = 60

function parseGitIndex(bytes: Buffer): TrackedNames | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined
  const version = bytes.readUInt32BE(4)
  if (version < 2 || version > 4) return undefined
  const files = new Set<string>()
  const folders = new Set<string>()
  let name = Buffer.alloc(0)
  let at = 12
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const start = at
    const isExtended = version > 2 && (bytes.readUInt16BE(at + fixedBytes) & 0x4000) !== 0
    at += fixedBytes + (isExtended ? 4 : 2)
    let kept = 0
    if (version === 4) {
      const dropped = variableNumber(bytes, at)
      at = dropped.end
      kept = name.length - dropped.value
    }
    const end = bytes.indexOf(0, at)
    if (end === -1 || kept < 0) return undefined
    name = Buffer.concat([name.subarray(0, kept), bytes.subarray(at, end)])
    // Until version 4 an entry fills a multiple of eight bytes, with one NUL at least.
    at = version === 4 ? end + 1 : start + Math.ceil((end + 1 - start) / 8) * 8
    const path = name.toString()
    files.add(path)
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return { files, folders }
}

/** As in packs' offset deltas: seven bits a byte, and one added at each step. */
function variableNumber(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let at = start
  let byte = bytes.readUInt8(at++)
  let value = byte & 0x7f
  while ((byte & 0x80) !== 0 && value < 0x1_0000_0000) {
    byte = bytes.readUInt8(at++)
    value = (value + 1) * 128 + (byte & 0x7f)
  }
  return { value, end: at }
}

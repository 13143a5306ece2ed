import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { type Content, contentOf, type FileReference, isText, type Reader, type Window } from './content.ts'
import { countLineFeeds } from './count-lines.ts'
import { stampOf } from './stamp.ts'

/**
 * Reads files of the disk. A symbolic link is not followed, and a pipe or a device that stands where a file was when
 * its folder was listed is neither waited for nor read. Never throws.
 */
export const diskReader: Reader = {
  content({ at }) {
    return withFile<Content>(at, (descriptor, stat) => readWhole(descriptor, stat))
  },
  windows: (file) => windowsOf(file),
}

function withFile<Result>(
  at: string | Uint8Array,
  work: (descriptor: number, stat: BigIntStats) => Result,
): Result | { readonly kind: 'unread'; readonly why: string; readonly mode: undefined } {
  let descriptor: number | undefined
  try {
    descriptor = openSync(pathOf(at), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    return work(descriptor, fstatSync(descriptor, { bigint: true }))
  } catch (error) {
    return { kind: 'unread', why: `could not be read (${systemCode(error)})`, mode: undefined }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function readWhole(descriptor: number, stat: BigIntStats): Content {
  const mode = Number(stat.mode) & 0o7777
  if (!stat.isFile()) return { kind: 'unread', why: 'neither a file nor a folder, not read', mode }
  const size = Number(stat.size)
  if (size > limits.scanFileBytesMax)
    return { kind: 'unread', why: `larger than ${limits.scanFileBytesMax / 1_048_576} MiB, not read`, mode }
  if (size > limits.scanWindowBytes) {
    const beginning = new Uint8Array(65_536)
    const bytes = beginning.subarray(0, fill(descriptor, beginning, 0))
    const isWide = bytes[0] === 0xff || bytes[0] === 0xfe
    if (isText(bytes)) return { kind: 'large', size, mode }
    return isWide
      ? { kind: 'unread', why: 'larger than what is read of UTF-16, not read', mode }
      : { kind: 'binary', bytes: new Uint8Array(), size, mode }
  }
  // One byte more than there should be: a file that has grown meanwhile is read as far as it was.
  const buffer = Buffer.allocUnsafeSlow(size)
  return contentOf(buffer.subarray(0, fill(descriptor, buffer, 0)), mode, stampOf(stat))
}

/** Fills the buffer from a place in the file; the number of bytes that there were. */
function fill(descriptor: number, buffer: Uint8Array, from: number): number {
  let filled = 0
  while (filled < buffer.length) {
    const read = readSync(descriptor, buffer, filled, buffer.length - filled, from + filled)
    if (read === 0) break
    filled += read
  }
  return filled
}

const lineFeed = 0x0a

/** The bytes are valid until the next window is asked for. */
function* windowsOf({ at }: FileReference): Generator<Window> {
  const { scanWindowBytes: step, scanWindowOverlapBytes: overlap } = limits
  const buffer = Buffer.allocUnsafeSlow(step + 2 * overlap)
  let place = { line: 0, column: 0 }
  for (let own = 0; ; own += step) {
    const start = Math.max(0, own - overlap)
    const filled = withFile(at, (descriptor, stat) =>
      stat.isFile() && own < Math.min(Number(stat.size), limits.scanFileBytesMax) ? fill(descriptor, buffer, start) : 0,
    )
    const length = typeof filled === 'number' ? filled : 0
    const from = own - start
    if (length <= from) return
    yield { bytes: buffer.subarray(0, length), ...place, from, to: Math.min(length, from + step) }
    // The next window begins this far into this one.
    place = placeAfter(buffer.subarray(0, Math.min(length, own + step - overlap - start)), place)
  }
}

function placeAfter(bytes: Uint8Array, { line, column }: { readonly line: number; readonly column: number }) {
  const last = bytes.lastIndexOf(lineFeed)
  if (last === -1) return { line, column: column + bytes.length }
  return { line: line + countLineFeeds(bytes), column: bytes.length - last - 1 }
}

function pathOf(at: string | Uint8Array): string | Buffer {
  return typeof at === 'string' ? at : Buffer.from(at)
}

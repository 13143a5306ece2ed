import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { type Spelling, spellings } from '../secret/spellings.ts'

/** How often a secret stands in a process's memory, by spelling; what is not there is left out. */
export type Copies = Readonly<Record<string, number>>

const chunkBytes = 16 * 1024 * 1024
/** A process is never smaller: less means that the scan read nothing and would prove nothing. */
const readBytesMin = 1024 * 1024
const strideMax = 8

/**
 * Reads all of `/proc/PID/mem` and counts the spellings of `secret`, and the secret with 1 to 7 other bytes between its
 * bytes (strides 2 to 8; stride 2 is also UTF-16). Needs the right to read that process: throws the system's error
 * (EACCES, ESRCH) without it, and where too little could be read to prove anything.
 */
export function scanMemory(pid: number, secret: Uint8Array): Copies {
  const wanted = spellings(secret)
  const overlap = Math.max(...wanted.map(({ bytes }) => bytes.length), secret.length * strideMax)
  const copies: Record<string, number> = {}
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const buffer = Buffer.allocUnsafeSlow(chunkBytes + overlap)
  let read = 0
  try {
    for (const { start, end } of readableRegions(pid)) {
      for (let at = start; at < end; at += chunkBytes) {
        const count = readAt(memory, buffer, Math.min(chunkBytes + overlap, end - at), at)
        read += count
        // A match that begins in the overlap belongs to the next chunk.
        const first = at + chunkBytes < end ? Math.min(count, chunkBytes) : count
        countSpellings(buffer.subarray(0, count), first, wanted, copies)
        countStrides(buffer.subarray(0, count), first, secret, copies)
      }
    }
  } finally {
    closeSync(memory)
    buffer.fill(0)
  }
  if (read < readBytesMin)
    throw new Error(`only ${read} bytes of process ${pid} could be read: the scan proves nothing`)
  return copies
}

/** Each place once: UTF-16 is stride 2, and is not counted twice. */
export function totalCopies(copies: Copies): number {
  return Object.entries(copies).reduce((total, [name, count]) => total + (name.startsWith('UTF-16') ? 0 : count), 0)
}

function countSpellings(
  bytes: Buffer,
  first: number,
  wanted: readonly Spelling[],
  copies: Record<string, number>,
): void {
  for (const { name, bytes: spelled } of wanted) {
    for (let at = bytes.indexOf(spelled); at >= 0 && at < first; at = bytes.indexOf(spelled, at + 1))
      copies[name] = (copies[name] ?? 0) + 1
  }
}

/** One pass for all strides: most bytes are not the secret's first. */
function countStrides(bytes: Buffer, first: number, secret: Uint8Array, copies: Record<string, number>): void {
  const begin = secret[0] ?? 0
  for (let at = bytes.indexOf(begin); at >= 0 && at < first; at = bytes.indexOf(begin, at + 1)) {
    for (let stride = 2; stride <= strideMax; stride++) {
      let i = 1
      while (i < secret.length && bytes[at + i * stride] === secret[i]) i++
      if (i < secret.length) continue
      const name = `stride ${stride}`
      copies[name] = (copies[name] ?? 0) + 1
    }
  }
}

/** The kernel's own pages ([vvar], [vsyscall]) are the same in every process and cannot be read this way. */
function readableRegions(pid: number): { start: number; end: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, start, end, name = ''] = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)$/.exec(line) ?? []
      if (start === undefined || end === undefined || /^\[v(?:var|syscall)/.test(name)) return []
      return [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }]
    })
}

function readAt(memory: number, buffer: Buffer, length: number, at: number): number {
  let count = 0
  while (count < length) {
    try {
      const got = readSync(memory, buffer, count, Math.min(length - count, 1024 * 1024), at + count)
      if (got === 0) break
      count += got
    } catch {
      // A page that is mapped and has nothing behind it.
      break
    }
  }
  return count
}

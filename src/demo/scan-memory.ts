import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { spellings } from '../secret/spellings.ts'

/** How often a secret stands in a process's memory, by spelling; what is not there is left out. */
export type Copies = Readonly<Record<string, number>>

const chunkBytes = 16 * 1024 * 1024
/** A process is never smaller: less means that the scan read nothing and would prove nothing. */
const readBytesMin = 1024 * 1024
const strideMax = 8
const pageBytes = 4_096
const zeroPage = Buffer.alloc(pageBytes)

/** What is looked for: bytes that stand `stride` apart. */
interface Pattern {
  readonly name: string
  readonly bytes: Uint8Array
  readonly stride: number
}

/**
 * Reads all of `/proc/PID/mem` and counts the spellings of `secret`, and the secret with 1 to 7 other bytes between its
 * bytes (strides 2 to 8; stride 2 is UTF-16). Needs the right to read that process: throws the system's error (EACCES,
 * ENOENT) without it, and where too little could be read to prove anything.
 */
export function scanMemory(pid: number, secret: Uint8Array): Copies {
  const patterns = patternsOf(secret)
  const overlap = Math.max(...patterns.map(({ bytes, stride }) => bytes.length * stride))
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
        countIn(buffer.subarray(0, count), first, patterns, copies)
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

function patternsOf(secret: Uint8Array): Pattern[] {
  const patterns: Pattern[] = spellings(secret)
    .filter(({ name }) => !name.startsWith('UTF-16'))
    .map(({ name, bytes }) => ({ name, bytes, stride: 1 }))
  for (let stride = 2; stride <= strideMax; stride++) patterns.push({ name: `stride ${stride}`, bytes: secret, stride })
  return patterns
}

/** One pass for all patterns: with a search for each, a process of 200 MB took seconds. */
function countIn(bytes: Uint8Array, first: number, patterns: readonly Pattern[], copies: Record<string, number>): void {
  const byFirstByte = Array.from({ length: 256 }, (_, byte) => patterns.filter((pattern) => pattern.bytes[0] === byte))
  const begins = Uint8Array.from(byFirstByte, (own) => own.length)
  for (let block = 0; block < first; block += pageBytes) {
    const end = Math.min(block + pageBytes, first)
    // Most of what Node reserves was never touched. No pattern begins with a zero: keys are text.
    if (begins[0] === 0 && zeroPage.compare(bytes, block, end, 0, end - block) === 0) continue
    for (let at = block; at < end; at++) {
      const byte = bytes[at] as number
      if (begins[byte] === 0) continue
      for (const pattern of byFirstByte[byte] as readonly Pattern[]) {
        if (isAt(bytes, at, pattern)) copies[pattern.name] = (copies[pattern.name] ?? 0) + 1
      }
    }
  }
}

function isAt(bytes: Uint8Array, at: number, { bytes: wanted, stride }: Pattern): boolean {
  if (at + (wanted.length - 1) * stride >= bytes.length) return false
  for (let i = 1; i < wanted.length; i++) if (bytes[at + i * stride] !== wanted[i]) return false
  return true
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

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { type Spelling, spellings } from '../../src/secret/spellings.ts'

/** How often a secret stands in a process's memory, by spelling. */
export type Copies = Readonly<Record<string, number>>

const chunkBytes = 16 * 1024 * 1024

/**
 * Reads all of `/proc/PID/mem` and counts the spellings of `secret`, and the secret with 1 to 7 other bytes between its
 * bytes (strides 2 to 8). Needs root, or the right to read that process. Zero counts are left out.
 */
export function scanMemory(pid: number, secret: Uint8Array): Copies {
  const wanted = spellings(secret)
  const overlap = Math.max(...wanted.map(({ bytes }) => bytes.length), secret.length * 8)
  const copies: Record<string, number> = {}
  const buffer = Buffer.allocUnsafeSlow(chunkBytes + overlap)
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  let read = 0
  try {
    for (const { start, end } of regions(pid)) {
      for (let at = start; at < end; at += chunkBytes) {
        const length = Math.min(chunkBytes + overlap, end - at)
        const count = readAt(memory, buffer, length, at)
        read += count
        // A match that begins in the overlap belongs to the next chunk.
        const first = at + chunkBytes < end ? Math.min(count, chunkBytes) : count
        countIn(buffer.subarray(0, count), first, wanted, secret, copies)
      }
    }
  } finally {
    closeSync(memory)
    buffer.fill(0)
  }
  if (read < 1024 * 1024) throw new Error(`only ${read} bytes of process ${pid} could be read: the scan proves nothing`)
  return copies
}

function countIn(
  bytes: Buffer,
  first: number,
  wanted: readonly Spelling[],
  secret: Uint8Array,
  copies: Record<string, number>,
): void {
  for (const { name, bytes: spelled } of wanted) {
    for (let at = bytes.indexOf(spelled); at >= 0 && at < first; at = bytes.indexOf(spelled, at + 1))
      copies[name] = (copies[name] ?? 0) + 1
  }
  for (let stride = 2; stride <= 8; stride++) {
    const name = `stride ${stride}`
    const last = Math.min(first, bytes.length - stride * (secret.length - 1))
    const [a, b, c] = secret as unknown as [number, number, number]
    for (let at = 0; at < last; at++) {
      if (bytes[at] !== a || bytes[at + stride] !== b || bytes[at + 2 * stride] !== c) continue
      let i = 3
      while (i < secret.length && bytes[at + i * stride] === secret[i]) i++
      if (i === secret.length) copies[name] = (copies[name] ?? 0) + 1
    }
  }
}

function regions(pid: number): { start: number; end: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)$/.exec(line)
      if (!match || /^\[v(var|syscall)/.test(match[3] as string)) return []
      return [{ start: Number.parseInt(match[1] as string, 16), end: Number.parseInt(match[2] as string, 16) }]
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

import { createHash } from 'node:crypto'
import type { Payload } from './door.ts'

/** Larger answers are asked for over few connections: a round holds too few of them to leave many half done. */
const largeBytes = 1_048_576

const smallCpuRatioMax = 1.2
const cpuRatioMax = 1.5

export function plainPayload(bytes: number): Payload {
  return {
    kind: 'plain',
    name: bytesText(bytes),
    bytes,
    path: `/v1/entries/${bytes}`,
    connectionsMax: bytes >= largeBytes ? 4 : Number.POSITIVE_INFINITY,
    cpuRatioMax: bytes <= 1024 ? smallCpuRatioMax : cpuRatioMax,
  }
}

export const gzipPayload: Payload = {
  kind: 'gzip',
  name: '64 KiB in gzip',
  bytes: 65_536,
  path: '/v1/gzip',
  connectionsMax: Number.POSITIVE_INFINITY,
  cpuRatioMax,
}

export const eventsPayload: Payload = {
  kind: 'events',
  name: 'events',
  bytes: 200,
  path: '/v1/events',
  connectionsMax: Number.POSITIVE_INFINITY,
  cpuRatioMax,
}

/** A long answer for a slow reader. */
export function slowPayload(bytes: number): Payload {
  return { ...eventsPayload, name: bytesText(bytes), bytes, path: `/v1/bytes/${bytes}` }
}

function bytesText(bytes: number): string {
  if (bytes >= 1_048_576 && bytes % 1_048_576 === 0) return `${bytes / 1_048_576} MiB`
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} B`
}

/**
 * JSON as an API answers with: names that recur, values that do not, escapes in every fourth entry. The same in
 * each run.
 */
export function entriesText(bytes: number): string {
  const lines: string[] = []
  let length = 0
  for (let index = 0; length < bytes; index++) {
    const id = createHash('sha256').update(String(index)).digest('hex')
    const line = `{"id":"entry_${id.slice(0, 24)}","amount":${Number.parseInt(id.slice(24, 30), 16)},"currency":"eur","memo":"${index % 4 === 0 ? `Invoice ${index}, \\"paid\\" in full` : `Invoice ${index} of the month`}","account":"${id.slice(30, 46)}","settled":${index % 3 === 0}},\n`
    lines.push(line)
    length += line.length
  }
  return lines.join('').slice(0, bytes)
}

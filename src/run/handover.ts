import { closeSync, fstatSync, readSync, writeSync } from 'node:fs'
import type { Plan } from '../config/plan.ts'
import { secretBytes, wipe } from '../secret/masked.ts'

/** What the launcher leaves for the gateway that replaces it. */
export interface Handover {
  readonly plan: Plan
  /** The app's environment as far as it is not a key. */
  readonly environment: Readonly<Record<string, string>>
  /** Where the standard input of a person's terminal was; the app gets it. */
  readonly notices: readonly string[]
}

export interface ReceivedHandover extends Handover {
  /** Variables that hold keys, as bytes that the receiver masks. */
  readonly secrets: ReadonlyMap<string, Uint8Array>
}

/**
 * Writes to `descriptor`, a memory file: the length of the JSON part (8 bytes, little endian), the JSON part, and behind
 * it the secrets, which the JSON part names with place and length.
 */
export function writeHandover(descriptor: number, handover: Handover, secrets: ReadonlyMap<string, string>): void {
  const values = [...secrets].map(([name, value]) => ({ name, bytes: Buffer.from(value) }))
  let at = 0
  const places = values.map(({ name, bytes }) => {
    const place = { name, at, length: bytes.length }
    at += bytes.length
    return place
  })
  const json = Buffer.from(JSON.stringify({ ...handover, secrets: places }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  for (const part of [length, json, ...values.map(({ bytes }) => bytes)]) writeAll(descriptor, part)
  for (const { bytes } of values) wipe(bytes)
}

/** Reads the memory file from its beginning and closes it. */
export function readHandover(descriptor: number): ReceivedHandover {
  try {
    const whole = secretBytes(fstatSync(descriptor).size)
    for (let at = 0; at < whole.length; ) {
      const count = readSync(descriptor, whole, at, whole.length - at, at)
      if (count === 0) throw new Error('the handover is shorter than its file')
      at += count
    }
    const jsonLength = Number(Buffer.from(whole.buffer, 0, 8).readBigUInt64LE())
    const parsed = JSON.parse(Buffer.from(whole.buffer, 8, jsonLength).toString()) as Handover & {
      secrets: { name: string; at: number; length: number }[]
    }
    const secrets = new Map(
      parsed.secrets.map(({ name, at, length }) => {
        const own = secretBytes(length)
        own.set(whole.subarray(8 + jsonLength + at, 8 + jsonLength + at + length))
        return [name, own]
      }),
    )
    wipe(whole)
    return { plan: parsed.plan, environment: parsed.environment, notices: parsed.notices, secrets }
  } finally {
    closeSync(descriptor)
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

import type { Problem } from '../http1/problem.ts'
import { put } from '../http1/write-head.ts'
import type { PieceSigner } from '../keys/carrier.ts'
import { plainBytes, writePercent } from '../keys/percent.ts'
import { limits } from '../limits.ts'
import type { Held, Inspected, Rewritten } from '../relay/session.ts'
import { secretBytes } from '../secret/masked.ts'
import { misplaced } from './credentials.ts'
import type { HeldKey } from './key-ring.ts'
import { writeUnmasked } from './write-request.ts'

/** Looks for phantoms in a body that passes: one that stands there would be sent on as it is. */
export function watchBody(keys: readonly HeldKey[]): Inspected {
  const overlap = Math.max(...keys.map(({ phantom }) => phantom.length)) - 1
  let before = Buffer.alloc(0)
  return {
    act: 'inspect',
    inspect(content) {
      // The seam: what stood at the end of the last piece, and as much of this one.
      const seam = before.length > 0 ? Buffer.concat([before, content.subarray(0, overlap)]) : undefined
      for (const key of keys) {
        if (content.includes(key.phantom) || seam?.includes(key.phantom))
          return { code: 'PHANTOM_MISPLACED', detail: misplaced(key, 'the body') } satisfies Problem
      }
      const joined = content.length >= overlap ? content : Buffer.concat([before, content])
      before = Buffer.from(joined.subarray(Math.max(0, joined.length - overlap)))
      return undefined
    },
  }
}

/**
 * A body in which phantoms are replaced by their keys: the whole of it is needed, because its length may change. In a form
 * and in JSON (`type` is the Content-Type) the key is written so that it is read as it is, and ends nothing.
 */
export function replaceInBody(keys: readonly HeldKey[], type: string): (content: Buffer) => Uint8Array {
  const write = writeFor(type)
  return (content) => {
    const places = keys.flatMap((key) => placesOf(content, key)).sort((a, b) => a.start - b.start)
    const grown = places.reduce((sum, { key }) => sum + key.masked.length * 3 - key.phantom.length, 0)
    const into = secretBytes(content.length + grown)
    let at = 0
    let read = 0
    for (const { start, key } of places) {
      at = put(into, at, content.subarray(read, start))
      at = writeUnmasked(key.masked, (bytes) => write(into, at, bytes))
      read = start + key.phantom.length
    }
    return into.subarray(0, put(into, at, content.subarray(read)))
  }
}

function writeFor(type: string): (into: Uint8Array, at: number, key: Uint8Array) => number {
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return (into, at, key) => writePercent(into, at, key, unreserved)
  return /^[^;]*[/+]json\b/i.test(type) ? writeInJson : put
}

const unreserved = plainBytes()

/** RFC 8259 §7; a key has no control characters. */
function writeInJson(into: Uint8Array, start: number, key: Uint8Array): number {
  let at = start
  for (const byte of key) {
    if (byte === 0x22 || byte === 0x5c) into[at++] = 0x5c
    into[at++] = byte
  }
  return at
}

function placesOf(content: Buffer, key: HeldKey): { start: number; key: HeldKey }[] {
  const places = []
  for (let at = content.indexOf(key.phantom); at >= 0; at = content.indexOf(key.phantom, at + key.phantom.length))
    places.push({ start: at, key })
  return places
}

/** A body that brings its own signatures. */
export function signPieces(pieces: PieceSigner, key: HeldKey): Rewritten {
  const refuse = (fault: string): Problem => ({ code: 'SIGNATURE_REFUSED', detail: `key ${key.name}: ${fault}` })
  return {
    act: 'rewrite',
    push(content) {
      const out = pieces.push(content)
      return 'fault' in out ? refuse(out.fault) : out
    },
    end() {
      const fault = pieces.end()
      return fault && refuse(fault.fault)
    },
  }
}

/** A body that is had whole before the head is written. */
export function holdBody(release: Held['release']): Held {
  return { act: 'hold', lengthMax: limits.heldBodyBytesMax, release }
}

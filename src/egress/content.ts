import type { Problem } from '../http1/problem.ts'
import type { PieceSigner } from '../keys/carrier.ts'
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

/** A body in which phantoms are replaced by their keys: the whole of it is needed, because its length may change. */
export function replaceInBody(keys: readonly HeldKey[]): (content: Buffer) => Uint8Array {
  return (content) => {
    const places = keys.flatMap((key) => placesOf(content, key)).sort((a, b) => a.start - b.start)
    const grown = places.reduce((sum, { key }) => sum + key.masked.length - key.phantom.length, 0)
    const into = secretBytes(content.length + grown)
    let at = 0
    let read = 0
    for (const { start, key } of places) {
      into.set(content.subarray(read, start), at)
      at += start - read
      writeUnmasked(key.masked, (bytes) => into.set(bytes, at))
      at += key.masked.length
      read = start + key.phantom.length
    }
    into.set(content.subarray(read), at)
    return into
  }
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

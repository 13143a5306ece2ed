import { objectTypes } from './object-store.ts'

const offsetDelta = 6
const idDelta = 7

/** What stands before an object's deflated bytes in a pack (gitformat-pack(5)). */
export interface ObjectHead {
  /** See objectTypes; absent of a delta. */
  readonly type?: number
  /** Of what is deflated: the object or the delta. */
  readonly size: number
  /** Of this head. */
  readonly length: number
  /** How far before its delta the base begins. */
  readonly baseDistance?: number
  readonly baseId?: string
}

/** Undefined where it is cut off, or of a type that there is not. */
export function parseObjectHead(bytes: Uint8Array, idBytes: number): ObjectHead | undefined {
  let at = 0
  let byte = bytes[at++] ?? 0
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let scale = 16; byte >= 0x80 && at < 10; scale *= 128) {
    byte = bytes[at++] ?? 0
    size += (byte & 0x7f) * scale
  }
  if (type >= objectTypes.commit && type <= objectTypes.tag) return { type, size, length: at }
  if (type === offsetDelta) {
    byte = bytes[at++] ?? 0
    let baseDistance = byte & 0x7f
    for (let i = 0; byte >= 0x80 && i < 9; i++) {
      byte = bytes[at++] ?? 0
      baseDistance = (baseDistance + 1) * 128 + (byte & 0x7f)
    }
    return { size, length: at, baseDistance }
  }
  if (type !== idDelta || at + idBytes > bytes.length) return undefined
  return { size, length: at + idBytes, baseId: Buffer.from(bytes.subarray(at, at + idBytes)).toString('hex') }
}

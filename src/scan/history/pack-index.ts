/** The ids of a pack and where each object begins, both in the order of the ids. */
export interface PackIndex {
  readonly count: number
  /** One after the other. */
  readonly ids: Uint8Array
  readonly offsets: Float64Array
}

const fanoutBytes = 256 * 4

/** Reads a pack's index, version 1 or 2 (gitformat-pack(5)); or says what is wrong with it. */
export function parsePackIndex(content: Buffer, idBytes: number): PackIndex | string {
  if (content.length < fanoutBytes + idBytes * 2) return 'is cut off'
  if (content.readUInt32BE(0) !== 0xff744f63) return parseFirstVersion(content, idBytes)
  const version = content.readUInt32BE(4)
  if (version !== 2) return `is of version ${version}, which is not read`
  const count = content.readUInt32BE(8 + fanoutBytes - 4)
  const idsAt = 8 + fanoutBytes
  const offsetsAt = idsAt + count * (idBytes + 4)
  const largeAt = offsetsAt + count * 4
  if (largeAt + idBytes * 2 > content.length) return 'is cut off'
  const largeCount = Math.floor((content.length - idBytes * 2 - largeAt) / 8)
  const offsets = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const offset = content.readUInt32BE(offsetsAt + i * 4)
    if (offset < 0x80000000) {
      offsets[i] = offset
      continue
    }
    const large = offset - 0x80000000
    if (large >= largeCount) return 'is damaged'
    const at = largeAt + large * 8
    offsets[i] = content.readUInt32BE(at) * 0x1_0000_0000 + content.readUInt32BE(at + 4)
  }
  return { count, ids: content.subarray(idsAt, idsAt + count * idBytes), offsets }
}

function parseFirstVersion(content: Buffer, idBytes: number): PackIndex | string {
  const count = content.readUInt32BE(fanoutBytes - 4)
  const entryBytes = 4 + idBytes
  if (fanoutBytes + count * entryBytes + idBytes * 2 > content.length) return 'is cut off'
  const ids = new Uint8Array(count * idBytes)
  const offsets = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const at = fanoutBytes + i * entryBytes
    offsets[i] = content.readUInt32BE(at)
    ids.set(content.subarray(at + 4, at + entryBytes), i * idBytes)
  }
  return { count, ids, offsets }
}

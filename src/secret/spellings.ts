/** One way in which the same secret can be written. `bytes` is what is searched for. */
export interface Spelling {
  readonly name: string
  readonly bytes: Buffer
}

/**
 * The spellings of `secret` that logs, pages, memory and answers use: raw, hex in both cases, base64 at its three
 * offsets (RFC 4648 §4, without the characters that depend on the neighbours), base64url, UTF-16 in both orders,
 * percent-encoded, JSON with `\u` escapes. The result holds the secret: for tests, probes and demonstrations, never for
 * the gateway.
 */
export function spellings(secret: Uint8Array): Spelling[] {
  const raw = Buffer.from(secret)
  const hex = raw.toString('hex')
  const list: Spelling[] = [
    { name: 'raw', bytes: raw },
    { name: 'hex', bytes: Buffer.from(hex) },
    { name: 'hex upper case', bytes: Buffer.from(hex.toUpperCase()) },
    { name: 'UTF-16LE', bytes: Buffer.from(raw.toString('latin1'), 'utf16le') },
    { name: 'UTF-16BE', bytes: Buffer.from(raw.toString('latin1'), 'utf16le').swap16() },
    { name: 'percent', bytes: Buffer.from(hex.replace(/../g, (pair) => `%${pair.toUpperCase()}`)) },
    { name: 'JSON escapes', bytes: Buffer.from(hex.replace(/../g, (pair) => `\\u00${pair}`)) },
  ]
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), raw])
    const first = Math.ceil((offset * 4) / 3)
    const end = Math.floor((shifted.length * 4) / 3)
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = shifted.toString(encoding).slice(first, end)
      if (!list.some((other) => other.bytes.equals(Buffer.from(text)))) {
        list.push({ name: `${encoding} at offset ${offset}`, bytes: Buffer.from(text) })
      }
    }
  }
  return list
}

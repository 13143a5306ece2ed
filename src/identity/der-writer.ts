/** Writes DER (X.690). Every function returns one whole element; contents are given as elements. */

export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0)
  return Buffer.concat([Buffer.of(tag, ...lengthOctets(length)), ...contents])
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  if (length < 0x10000) return [0x82, length >> 8, length & 0xff]
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
}

export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(0x30, ...contents)
}

/** Its elements must be in order already. */
export function set(...contents: readonly Uint8Array[]): Buffer {
  return element(0x31, ...contents)
}

/** A context-specific element with elements inside (`[number]`, constructed). */
export function explicit(number: number, ...contents: readonly Uint8Array[]): Buffer {
  return element(0xa0 | number, ...contents)
}

/** A context-specific element with octets inside (`[number]`, primitive). */
export function implicit(number: number, octets: Uint8Array): Buffer {
  return element(0x80 | number, octets)
}

/** A positive integer of these octets, most significant first. */
export function integer(octets: Uint8Array | number): Buffer {
  const given = typeof octets === 'number' ? numberOctets(octets) : octets
  let start = 0
  while (start < given.length - 1 && given[start] === 0) start += 1
  const shortest = given.subarray(start)
  return (shortest[0] ?? 0) >= 0x80 ? element(2, Buffer.of(0), shortest) : element(2, shortest)
}

function numberOctets(value: number): Buffer {
  const octets = Buffer.alloc(6)
  octets.writeUIntBE(value, 0, 6)
  return octets
}

export function boolean(value: boolean): Buffer {
  return element(1, Buffer.of(value ? 0xff : 0))
}

export function octetString(octets: Uint8Array): Buffer {
  return element(4, octets)
}

/** `unused`: bits at the end that do not count. */
export function bitString(octets: Uint8Array, unused = 0): Buffer {
  return element(3, Buffer.of(unused), octets)
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text, 'utf8'))
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(6, Buffer.from([first * 40 + second, ...rest].flatMap(base128)))
}

function base128(value: number): number[] {
  const octets = [value % 128]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) octets.unshift((left % 128) | 0x80)
  return octets
}

/** RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050, whole seconds. */
export function time(at: Date): Buffer {
  const digits = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '')
  const year = at.getUTCFullYear()
  return year >= 1950 && year < 2050
    ? element(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : element(0x18, Buffer.from(digits, 'latin1'))
}

import { randomFillSync } from 'node:crypto'

/**
 * Key bytes at rest: `pad` is random, `hidden` is the key XOR the pad, and neither alone tells anything. The two stand
 * in separate allocations outside V8's heap, so that no collector moves or copies them.
 */
export interface Masked {
  readonly length: number
  readonly pad: Uint8Array
  readonly hidden: Uint8Array
}

/** An allocation of its own outside V8's heap: small typed arrays and Buffer's pool would be moved or shared. */
export function secretBytes(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length))
}

/** Masks `bytes` and wipes them: afterwards the only form of the key is the returned one. */
export function mask(bytes: Uint8Array): Masked {
  const pad = secretBytes(bytes.length)
  const hidden = secretBytes(bytes.length)
  randomFillSync(pad)
  for (let i = 0; i < bytes.length; i++) hidden[i] = (bytes[i] as number) ^ (pad[i] as number)
  wipe(bytes)
  return { length: bytes.length, pad, hidden }
}

/** Writes the key into `into` at `at` and returns the end. The caller wipes what was written once it is used. */
export function unmaskInto(masked: Masked, into: Uint8Array, at: number): number {
  const { length, pad, hidden } = masked
  for (let i = 0; i < length; i++) into[at + i] = (hidden[i] as number) ^ (pad[i] as number)
  return at + length
}

/** Calls `use` with the key's bytes in a buffer that is wiped when it returns or throws. `use` must not keep them. */
export function withUnmasked<T>(masked: Masked, use: (key: Uint8Array) => T): T {
  const bytes = secretBytes(masked.length)
  try {
    unmaskInto(masked, bytes, 0)
    return use(bytes)
  } finally {
    wipe(bytes)
  }
}

/** Overwrites with zeros; `start` and `end` in bytes. */
export function wipe(bytes: Uint8Array, start = 0, end = bytes.length): void {
  bytes.fill(0, start, end)
}

/** Ends a key: after this the masked form yields noise. */
export function forget(masked: Masked): void {
  wipe(masked.pad)
  randomFillSync(masked.hidden)
}

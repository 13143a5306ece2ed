import { SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { secretBytes, wipe } from '../secret/masked.ts'

/**
 * What every store does with the bytes that it found. One line ending at the end is an editor's or `echo`'s and is left
 * out. The rest must be visible ASCII (RFC 9110 §5.5 field-vchar): a key rides in a field, where a line break would
 * begin another field, and a space at its end would be lost. Returns an allocation of its own and wipes `bytes`;
 * STORE_KEY_INVALID names `where` and never the value.
 */
export function acceptKey(bytes: Uint8Array, where: string): Uint8Array {
  try {
    const end = withoutLineEnd(bytes)
    if (end === 0) throw invalid(`${where} is empty; set it to the key`)
    if (end > limits.keyBytesMax)
      throw invalid(`${where} holds ${end} bytes; a key has at most ${limits.keyBytesMax}, so this is something else`)
    for (let i = 0; i < end; i++) {
      const byte = bytes[i] as number
      if (byte > 0x20 && byte < 0x7f) continue
      throw invalid(
        `${where} holds ${describeByte(byte)} at byte ${i + 1}; a key is one word of visible ASCII characters`,
      )
    }
    const key = secretBytes(end)
    for (let i = 0; i < end; i++) key[i] = bytes[i] as number
    return key
  } finally {
    wipe(bytes)
  }
}

function withoutLineEnd(bytes: Uint8Array): number {
  const end = bytes.length
  if (end > 0 && bytes[end - 1] === 0x0a) return end > 1 && bytes[end - 2] === 0x0d ? end - 2 : end - 1
  return end
}

function describeByte(byte: number): string {
  if (byte === 0) return 'a NUL'
  if (byte === 0x0a || byte === 0x0d) return 'a line break'
  if (byte === 0x20 || byte === 0x09) return 'a space'
  return byte < 0x20 || byte === 0x7f ? 'a control character' : 'a character outside ASCII'
}

function invalid(message: string): SallyportError {
  return new SallyportError('STORE_KEY_INVALID', message)
}

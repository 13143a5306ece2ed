import { secretBytes } from '../secret/masked.ts'

/** `secretBytes` as a Buffer, for what may hold a key or its echo: of its own, outside the heap, and wiped by its owner. */
export function secretBuffer(length: number): Buffer {
  return Buffer.from(secretBytes(length).buffer)
}

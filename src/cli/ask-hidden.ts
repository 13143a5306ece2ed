import { limits } from '../limits.ts'
import { secretBytes, wipe } from '../secret/masked.ts'
import type { World } from './command.ts'

/** More than any key and its line ending, so that too long is seen and told. */
const bytesMax = limits.keyBytesMax + 3

/**
 * A secret from a terminal, unseen, or else from the whole of standard input. Resolves to its bytes, which the caller
 * wipes; to undefined when the user pressed Ctrl-C. Never makes a string of it, and leaves the terminal as it was.
 */
export async function askHidden(
  world: Pick<World, 'stdin' | 'process'>,
  question: string,
): Promise<Uint8Array | undefined> {
  const { stdin } = world
  if (!stdin.isTTY || !stdin.setRawMode) return readAll(stdin)
  // First: whoever types or pastes at once after the question must not be seen either.
  stdin.setRawMode(true)
  try {
    world.process.stderr.write(question)
    return await readLine(stdin)
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    world.process.stderr.write('\n')
  }
}

async function readAll(stdin: NodeJS.ReadableStream): Promise<Uint8Array> {
  const buffer = secretBytes(bytesMax)
  let length = 0
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    for (const byte of bytes) if (length < bytesMax) buffer[length++] = byte
    wipe(bytes)
    if (length === bytesMax) break
  }
  return buffer.subarray(0, length)
}

/** The terminal is in raw mode: its line editing is ours to do. */
async function readLine(stdin: NodeJS.ReadableStream): Promise<Uint8Array | undefined> {
  const buffer = secretBytes(bytesMax)
  let length = 0
  return new Promise((resolve) => {
    const end = (result: Uint8Array | undefined) => {
      stdin.off('data', onData)
      stdin.off('end', onEnd)
      resolve(result)
    }
    const onEnd = () => end(buffer.subarray(0, length))
    const take = (bytes: Uint8Array): 'entered' | 'cancelled' | 'unfinished' => {
      for (const byte of bytes) {
        if (byte === 0x0d || byte === 0x0a || byte === 0x04) return 'entered'
        if (byte === 0x03) return 'cancelled'
        if (byte === 0x7f || byte === 0x08) length = Math.max(0, length - 1)
        else if (byte === 0x15) length = 0
        else if (length < bytesMax) buffer[length++] = byte
      }
      return 'unfinished'
    }
    const onData = (chunk: Buffer | string) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      const outcome = take(bytes)
      wipe(bytes)
      if (outcome === 'entered') end(buffer.subarray(0, length))
      if (outcome === 'cancelled') {
        wipe(buffer)
        end(undefined)
      }
    }
    stdin.on('data', onData)
    stdin.on('end', onEnd)
    stdin.resume()
  })
}

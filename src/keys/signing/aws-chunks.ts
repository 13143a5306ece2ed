import { limits } from '../../limits.ts'
import { equalBytes } from '../../secret/equal.ts'
import type { PieceSigner, SigningFault, WithKey } from '../carrier.ts'
import { signForAws } from './aws-key.ts'
import { sha256 } from './aws-request.ts'

const empty = sha256('')
const lineEnd = Buffer.from('\r\n')

export interface AwsChunksOptions {
  readonly phantom: Uint8Array
  readonly withKey: WithKey
  /** `20150830T123600Z` */
  readonly time: string
  readonly scope: string
  /** Signatures of the head: the app's, and the one that replaces it. Each chunk's signature covers the one before. */
  readonly seed: string
  readonly newSeed: string
  /** Whether signed trailers follow the last chunk. */
  readonly hasTrailer: boolean
}

/**
 * The chunks of `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: `SIZE;chunk-signature=SIGNATURE`, each signed anew when all of it
 * is there. Holds one chunk, `limits.awsChunkBytesMax` at most.
 */
export function signAwsChunks(options: AwsChunksOptions): PieceSigner {
  const { phantom, withKey, time, scope } = options
  let [previous, newPrevious] = [options.seed, options.newSeed]
  let held = Buffer.alloc(0)
  let heldBytes = 0
  /** Bytes that are needed before anything can be judged. */
  let wanted = 1
  let state: 'chunks' | 'trailer' | 'over' = 'chunks'

  /** The new signature, or undefined where the app's is not its phantom's. */
  const signAnew = (kind: 'PAYLOAD' | 'TRAILER', given: string, digests: string): string | undefined => {
    const text = (before: string) => `AWS4-HMAC-SHA256-${kind}\n${time}\n${scope}\n${before}\n${digests}`
    if (!equalBytes(Buffer.from(signForAws(phantom, scope, text(previous))), Buffer.from(given))) return undefined
    const signature = withKey((key) => signForAws(key, scope, text(newPrevious)))
    previous = given
    newPrevious = signature
    return signature
  }

  /** What can go on of `bytes`, and how many of them that is; undefined where more is needed; `wanted` then says how many. */
  const take = (bytes: Buffer): { out: Buffer[]; taken: number } | SigningFault | undefined => {
    if (state === 'over') return { fault: 'something follows the last chunk of the signed body' }
    return state === 'trailer' ? takeTrailer(bytes) : takeChunk(bytes)
  }

  const takeChunk = (bytes: Buffer): ReturnType<typeof take> => {
    const end = bytes.indexOf(lineEnd)
    if (end < 0 || end > lineBytesMax) return needMore(bytes, lineBytesMax, 'the head of a signed chunk')
    const [, digits = '', given = ''] =
      /^([0-9a-fA-F]{1,8});chunk-signature=([0-9a-f]{64})$/.exec(bytes.toString('latin1', 0, end)) ?? []
    if (given === '') return { fault: 'a chunk of the signed body does not begin with its size and signature' }
    const size = Number.parseInt(digits, 16)
    if (size > limits.awsChunkBytesMax)
      return { fault: `a chunk of the signed body is larger than ${limits.awsChunkBytesMax} bytes` }
    const dataStart = end + 2
    const isLast = size === 0
    const chunkEnd = dataStart + size + (isLast && options.hasTrailer ? 0 : 2)
    if (bytes.length < chunkEnd) {
      wanted = chunkEnd
      return undefined
    }
    if (chunkEnd > dataStart + size && !bytes.subarray(dataStart + size, chunkEnd).equals(lineEnd))
      return { fault: 'a chunk of the signed body is longer than it says' }
    const digest = sha256(bytes.subarray(dataStart, dataStart + size))
    const signature = signAnew('PAYLOAD', given, `${empty}\n${digest}`)
    if (!signature) return { fault: 'a chunk of the body is not signed with the phantom, or not over its content' }
    if (isLast) state = options.hasTrailer ? 'trailer' : 'over'
    const head = Buffer.from(`${digits};chunk-signature=${signature}\r\n`)
    return { out: [head, bytes.subarray(dataStart, chunkEnd)], taken: chunkEnd }
  }

  /**
   * Lines `name:value`, the last of them the signature of the others, and an empty line. Some clients (minio-go) write a
   * line feed of its own before a line's end, as an example of AWS's does.
   */
  const takeTrailer = (bytes: Buffer): ReturnType<typeof take> => {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0 || end > limits.trailerBytesMax) return needMore(bytes, limits.trailerBytesMax, 'the signed trailer')
    const text = bytes.toString('latin1', 0, end)
    const [, lines = '', name = '', given = ''] =
      /^((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*\n?\r\n)*)(x-amz-trailer-signature:)([0-9a-f]{64})$/i.exec(text) ?? []
    if (given === '') return { fault: 'the trailer of the signed body does not end with its signature' }
    const canonical = lines
      .split('\r\n')
      .slice(0, -1)
      .map((line) => `${line.slice(0, line.indexOf(':')).toLowerCase()}:${line.slice(line.indexOf(':') + 1).trim()}\n`)
    const signature = signAnew('TRAILER', given, sha256(canonical.join('')))
    if (!signature) return { fault: 'the trailer of the body is not signed with the phantom, or not over its fields' }
    state = 'over'
    return { out: [Buffer.from(`${lines}${name}${signature}\r\n\r\n`, 'latin1')], taken: end + 4 }
  }

  const needMore = (bytes: Buffer, most: number, what: string): SigningFault | undefined => {
    if (bytes.length > most + 4) return { fault: `${what} is longer than ${most} bytes` }
    wanted = bytes.length + 1
    return undefined
  }

  /** Grows twofold: content that comes byte by byte costs no object for each. */
  const hold = (content: Uint8Array): void => {
    const length = heldBytes + content.length
    if (length > held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, Math.min(held.length * 2, wanted)))
      held.copy(larger, 0, 0, heldBytes)
      held = larger
    }
    held.set(content, heldBytes)
    heldBytes = length
  }

  return {
    push(content) {
      hold(content)
      if (heldBytes < wanted) return new Uint8Array(0)
      let rest = held.subarray(0, heldBytes)
      const out: Buffer[] = []
      while (rest.length > 0) {
        const taken = take(rest)
        if (taken && 'fault' in taken) return taken
        if (!taken) break
        out.push(...taken.out)
        rest = rest.subarray(taken.taken)
        wanted = 1
      }
      const goes = Buffer.concat(out)
      if (rest.length < heldBytes) {
        held = Buffer.from(rest)
        heldBytes = rest.length
      }
      return goes
    },
    end: () => (state === 'over' ? undefined : { fault: 'the signed body ended before its last chunk' }),
  }
}

/** Eight digits, the extension's name and the signature. */
const lineBytesMax = 8 + ';chunk-signature='.length + 64

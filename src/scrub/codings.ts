import { ok } from 'node:assert/strict'
import type { Transform } from 'node:stream'
import {
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import { SallyportError, systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { wipe } from '../secret/masked.ts'
import { canStep, endSteps, type Format, openSteps, type Steps } from './decode-steps.ts'

export type ContentCoding = 'gzip' | 'br' | 'zstd' | 'deflate'

/** What is coming out of a decoder, in the order in which it came. */
interface Listener {
  /** Lent for the call, and wiped behind it. */
  data(bytes: Buffer): void
  /** All was decoded and nothing is left over. Nothing follows. */
  done(): void
  /** UPSTREAM_MALFORMED: damaged, truncated, or with something behind its end. Nothing follows. */
  failed(error: SallyportError): void
}

/** Decodes piece by piece in memory that has a bound, whatever the ratio. */
export interface Decoder {
  /** `taken` is called when `bytes` are no longer read: until then nothing more should be written. */
  write(bytes: Uint8Array, taken: () => void): void
  end(): void
  /** No more `data` until `resume`, and so after a while nothing is taken. */
  pause(): void
  resume(): void
  destroy(): void
}

/** RFC 9110 §8.4.1.3: what is meant by `x-gzip` is gzip. */
const names: Readonly<Record<string, ContentCoding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  br: 'br',
  zstd: 'zstd',
  deflate: 'deflate',
}

/**
 * The codings of a Content-Encoding value (RFC 9110 §8.4) in the order in which they were applied, none for identity;
 * undefined where one is unknown or there are more than `limits.contentCodingsMax`.
 */
export function readContentCodings(value: string): readonly ContentCoding[] | undefined {
  const codings: ContentCoding[] = []
  for (const element of value.split(',')) {
    const name = element.replace(/^[ \t]+|[ \t]+$/g, '').toLowerCase()
    if (name === '' || name === 'identity') continue
    const coding = Object.hasOwn(names, name) ? names[name] : undefined
    if (coding === undefined || codings.length === limits.contentCodingsMax) return undefined
    codings.push(coding)
  }
  return codings
}

const zstdParameters = { [constants.ZSTD_d_windowLogMax]: Math.floor(Math.log2(limits.decoderWindowBytesMax)) }

/** RFC 9110 §8.4.1.2 means the zlib format (RFC 1950 §2.2); some send DEFLATE without it, as browsers know. */
const isZlib = (first: number, second: number): boolean =>
  (first & 15) === 8 && first >>> 4 <= 7 && ((first << 8) | second) % 31 === 0

/** How Node's decoders are used: below their streams where this Node lets us. */
export type Way = 'steps' | 'streams'
const bestWay: Way = canStep ? 'steps' : 'streams'

/** RFC 9110 §8.4.1.2: what `deflate` is, its first two bytes tell. */
function formatOf(coding: ContentCoding, first: number, second: number): Format {
  if (coding !== 'deflate') return coding
  return isZlib(first, second) ? 'zlib' : 'deflate'
}

/**
 * Decodes a whole body at once; undefined where that is longer than `lengthMax` after any of its codings. Throws
 * UPSTREAM_MALFORMED where it is damaged, truncated, or goes on behind its end. An empty body is empty in every coding.
 * The caller wipes the result, which is none of `bytes`.
 */
export function decodeWhole(
  codings: readonly ContentCoding[],
  bytes: Uint8Array,
  lengthMax: number,
  way = bestWay,
): Buffer | undefined {
  let decoded: Buffer | undefined
  for (const coding of codings.toReversed()) {
    const encoded: Uint8Array = decoded ?? bytes
    if (encoded.length === 0) break
    try {
      decoded = (way === 'steps' ? stepThrough : decodeOnce)(coding, encoded, lengthMax)
    } finally {
      if (encoded !== bytes) wipe(encoded)
    }
    if (!decoded) return undefined
  }
  return decoded ?? (bytes.length > lengthMax ? undefined : Buffer.from(bytes))
}

const nothing = Buffer.alloc(0)
/** What a whole body is decoded into. Wiped behind each. */
let whole: Buffer = nothing

function stepThrough(coding: ContentCoding, bytes: Uint8Array, lengthMax: number): Buffer | undefined {
  // One byte more, so that too long is told from just long enough.
  if (whole.length <= lengthMax) whole = Buffer.allocUnsafeSlow(lengthMax + 1)
  const into = whole.subarray(0, lengthMax + 1)
  const steps = openSteps(formatOf(coding, bytes[0] as number, bytes.length > 1 ? (bytes[1] as number) : -1))
  let written = 0
  try {
    const step = steps.step(bytes, 0, into, true)
    if (typeof step === 'string') {
      // Whatever it wrote.
      written = into.length
      throw malformed(coding, step)
    }
    written = step.written
    if (written > lengthMax) return undefined
    if (step.read < bytes.length) throw malformed(coding, 'something follows its end')
    return Buffer.from(into.subarray(0, written))
  } finally {
    steps.close()
    wipe(into, 0, written)
  }
}

/** In pieces of this size; two and more would be copied together, and stay behind. */
const wholePieceMax = 1_048_576

function decodeOnce(coding: ContentCoding, bytes: Uint8Array, lengthMax: number): Buffer | undefined {
  const options = {
    info: true,
    maxOutputLength: lengthMax,
    chunkSize: Math.max(64, Math.min(lengthMax + 1, wholePieceMax)),
  }
  try {
    // With `info` they return this, which their types do not say.
    const { buffer, engine } = decodeSync(coding, bytes, options) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    if (engine.bytesWritten !== bytes.length) {
      wipe(buffer)
      throw malformed(coding, 'something follows its end')
    }
    return buffer
  } catch (error) {
    if (error instanceof SallyportError) throw error
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw malformed(coding, systemCode(error))
  }
}

function decodeSync(coding: ContentCoding, bytes: Uint8Array, options: { chunkSize: number }): Buffer {
  if (coding === 'gzip') return gunzipSync(bytes, options)
  if (coding === 'br') return brotliDecompressSync(bytes, options)
  if (coding === 'zstd') return zstdDecompressSync(bytes, { ...options, params: zstdParameters })
  const isPlain = bytes.length > 1 && !isZlib(bytes[0] as number, bytes[1] as number)
  return isPlain ? inflateRawSync(bytes, options) : inflateSync(bytes, options)
}

function malformed(coding: ContentCoding, why: string): SallyportError {
  return new SallyportError('UPSTREAM_MALFORMED', `the answer’s ${coding} coding cannot be undone: ${why}`)
}

/** A decoder for `codings`, of which there is one at least, in the order in which they were applied. */
export function createDecoder(codings: readonly ContentCoding[], on: Listener, way = bestWay): Decoder {
  const [coding, ...others] = codings
  ok(coding, 'a decoder decodes something')
  const createOne = way === 'steps' ? createSteps : createStage
  if (others.length === 0) return createOne(coding, on)
  const inner = createOne(coding, {
    ...on,
    failed(error) {
      outer.destroy()
      on.failed(error)
    },
  })
  const outer = createDecoder(
    others,
    {
      data(lent) {
        outer.pause()
        const bytes = Buffer.from(lent)
        inner.write(bytes, () => {
          wipe(bytes)
          outer.resume()
        })
      },
      done: () => inner.end(),
      failed(error) {
        inner.destroy()
        on.failed(error)
      },
    },
    way,
  )
  return {
    write: outer.write,
    end: outer.end,
    pause: inner.pause,
    resume: inner.resume,
    destroy() {
      outer.destroy()
      inner.destroy()
    },
  }
}

/** What one step writes. Wiped behind each. */
const piece = Buffer.allocUnsafeSlow(65_536)
/** After so much in one go others have their turn. */
const turnBytesMax = 1_048_576

function createSteps(coding: ContentCoding, on: Listener): Decoder {
  let steps: Steps | undefined
  let input: Uint8Array = nothing
  let at = 0
  let taken: (() => void) | undefined
  /** The first byte of a deflate coding, until the second says what it is. */
  let first: number | undefined
  let isEnding = false
  let isPaused = false
  let isStepping = false
  let isOver = false
  /** The last step had no room left: there may be more without another byte. */
  let isFull = false

  function over(tell: () => void): void {
    if (isOver) return
    isOver = true
    clear()
    tell()
  }

  function clear(): void {
    if (isStepping) return
    steps?.close()
    steps = undefined
    input = nothing
    release()
  }

  function release(): void {
    const then = taken
    taken = undefined
    then?.()
  }

  function fail(why: string): void {
    over(() => on.failed(malformed(coding, why)))
  }

  function take(step: ReturnType<Steps['step']>): void {
    if (typeof step === 'string') {
      wipe(piece)
      fail(step)
      return
    }
    const { read, written } = step
    at += read
    isFull = written === piece.length
    if (written > 0) {
      on.data(piece.subarray(0, written))
      wipe(piece, 0, written)
    }
    if (!isFull && at < input.length) fail('something follows its end')
  }

  function run(): void {
    if (isStepping || isOver || !steps) return
    isStepping = true
    let done = 0
    while (!isPaused && !isOver && done < turnBytesMax) {
      if (at < input.length || isFull) {
        take(steps.step(input, at, piece, false))
        done += piece.length
      } else if (taken) release()
      else if (isEnding) {
        take(endSteps(steps, piece))
        if (!isFull) over(on.done)
      } else break
    }
    isStepping = false
    if (isOver) clear()
    else if (done >= turnBytesMax) setImmediate(run)
  }

  return {
    write(bytes, then) {
      if (bytes.length === 0 || isOver) {
        then()
        return
      }
      if (steps) input = bytes
      else if (coding === 'deflate' && first === undefined && bytes.length < 2) {
        first = bytes[0]
        then()
        return
      } else {
        input = first === undefined ? bytes : Buffer.concat([Uint8Array.of(first), bytes])
        steps = openSteps(formatOf(coding, input[0] as number, input[1] as number))
      }
      at = 0
      taken = then
      run()
    },
    end() {
      isEnding = true
      if (steps) run()
      else if (first === undefined) over(on.done)
      else fail('Z_BUF_ERROR')
    },
    pause() {
      isPaused = true
    },
    resume() {
      isPaused = false
      run()
    },
    destroy() {
      isOver = true
      clear()
    },
  }
}

function createStage(coding: ContentCoding, on: Listener): Decoder {
  let stream: Transform | undefined
  /** The first byte of a deflate coding, until the second says what it is. */
  let first: number | undefined
  let given = 0
  let isPaused = false
  let isOver = false

  function open(zlibOrNot: boolean): Transform {
    const opened = createStream(coding, zlibOrNot)
    opened.on('data', (bytes: Buffer) => {
      on.data(bytes)
      wipe(bytes)
    })
    opened.on('end', () => {
      if (isOver) return
      isOver = true
      if (opened.bytesWritten === given) on.done()
      else on.failed(malformed(coding, 'something follows its end'))
    })
    opened.on('error', (error) => {
      if (isOver) return
      isOver = true
      on.failed(malformed(coding, systemCode(error)))
    })
    if (isPaused) opened.pause()
    stream = opened
    return opened
  }

  /** Resolves what a deflate coding is at its second byte, and gives the stream what came before. */
  function openFor(bytes: Uint8Array): Transform | undefined {
    if (coding !== 'deflate') return open(true)
    if (first === undefined && bytes.length < 2) {
      first = bytes[0]
      return undefined
    }
    const opened = open(
      first === undefined ? isZlib(bytes[0] as number, bytes[1] as number) : isZlib(first, bytes[0] as number),
    )
    if (first !== undefined) opened.write(Uint8Array.of(first))
    return opened
  }

  return {
    write(bytes, taken) {
      given += bytes.length
      const to = bytes.length === 0 || isOver ? undefined : (stream ?? openFor(bytes))
      if (to) to.write(bytes, () => taken())
      else taken()
    },
    end() {
      if (isOver) return
      if (given > 0) {
        ;(stream ?? open(true)).end()
        return
      }
      isOver = true
      on.done()
    },
    pause() {
      isPaused = true
      stream?.pause()
    },
    resume() {
      isPaused = false
      stream?.resume()
    },
    destroy() {
      isOver = true
      stream?.destroy()
    },
  }
}

/** What a decoder hands on at once, bytes; the default of 16 KiB costs more calls. */
const pieceBytes = 32_768

function createStream(coding: ContentCoding, isWrapped: boolean): Transform & { readonly bytesWritten: number } {
  const options = { chunkSize: pieceBytes, readableHighWaterMark: pieceBytes }
  if (coding === 'gzip') return createGunzip(options)
  if (coding === 'br') return createBrotliDecompress(options)
  if (coding === 'zstd') return createZstdDecompress({ ...options, params: zstdParameters })
  return isWrapped ? createInflate(options) : createInflateRaw(options)
}

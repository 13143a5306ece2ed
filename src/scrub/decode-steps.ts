import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
} from 'node:zlib'
import { limits } from '../limits.ts'

/** What is decoded: a content coding, where deflate is either RFC 1950's or RFC 1951's. */
export type Format = 'gzip' | 'zlib' | 'deflate' | 'br' | 'zstd'

/**
 * A decoder of Node's without the stream around it: it decodes at once, from and into memory of ours. The stream makes
 * each answer cost a window, a turn of the thread pool and an object for the collector (measured: 240 µs for 64 KiB of
 * JSON in gzip, 70 so).
 */
export interface Steps {
  /**
   * Reads of `bytes` from `start` on, writes into `into` from its beginning, and says how much it read and wrote. Both
   * less than there was room for: the coding has ended there. `last`: nothing follows. Damaged, or cut short where it is
   * the last: the system's code instead.
   */
  step(bytes: Uint8Array, start: number, into: Uint8Array, last: boolean): Step | string
  /** No more of it: the memory in which it kept what it decoded is overwritten or given back. */
  close(): void
}

interface Step {
  readonly read: number
  readonly written: number
}

/** What Node's decoders have below their streams, in all its versions since 10; npm's own `minizlib` builds on it. */
interface Engine {
  readonly _handle: {
    writeSync(
      flush: number,
      bytes: Uint8Array,
      at: number,
      length: number,
      into: Uint8Array,
      to: number,
      room: number,
    ): void
    reset(): void
    onerror: (message: string, errno: number, code: string) => void
  }
  /** Room that was left, and bytes that were not read. */
  readonly _writeState: Uint32Array
  close(): void
}

interface Decoding {
  open(): unknown
  readonly flush: number
  readonly finish: number
  /** Encoded, as long as the window is: what came before is gone from it when this was decoded. */
  readonly blank: Uint8Array | undefined
}

const zstdParameters = { [constants.ZSTD_d_windowLogMax]: Math.floor(Math.log2(limits.decoderWindowBytesMax)) }
/** As long as the window of DEFLATE (RFC 1951 §2). */
const blank = Buffer.alloc(32_768)
const deflating = { flush: constants.Z_SYNC_FLUSH, finish: constants.Z_FINISH } as const

/** A decoder writes its window where more may follow, and not at the end. */
const unended = { finishFlush: constants.Z_SYNC_FLUSH }

const decodings: Readonly<Record<Format, Decoding>> = {
  gzip: { open: () => createGunzip(), ...deflating, blank: gzipSync(blank, unended) },
  zlib: { open: () => createInflate(), ...deflating, blank: deflateSync(blank, unended) },
  deflate: { open: () => createInflateRaw(), ...deflating, blank: deflateRawSync(blank, unended) },
  // Their windows are as large as the encoder chose: made anew for each answer, and given back behind it.
  br: {
    open: () => createBrotliDecompress(),
    flush: constants.BROTLI_OPERATION_FLUSH,
    finish: constants.BROTLI_OPERATION_FINISH,
    blank: undefined,
  },
  zstd: {
    open: () => createZstdDecompress({ params: zstdParameters }),
    flush: constants.ZSTD_e_flush,
    finish: constants.ZSTD_e_end,
    blank: undefined,
  },
}

/** Whether this Node's decoders have what `openSteps` needs. */
export const canStep: boolean = (['gzip', 'br', 'zstd'] as const).every((format) => {
  const engine = decodings[format].open() as Partial<Engine> & { destroy(): void }
  const { _handle: handle, _writeState: state } = engine
  const isSo =
    typeof handle?.writeSync === 'function' &&
    typeof handle.reset === 'function' &&
    state instanceof Uint32Array &&
    state.length === 2
  engine.destroy()
  return isSo
})

const free: Readonly<Record<Format, Engine[]>> = { gzip: [], zlib: [], deflate: [], br: [], zstd: [] }
/** Of each format: an engine is 40 KiB. */
const freeMax = 16
const nothing = new Uint8Array(0)

export function openSteps(format: Format): Steps {
  const decoding = decodings[format]
  const engine = free[format].pop() ?? (decoding.open() as Engine)
  const { _handle: handle, _writeState: state } = engine
  let failure = ''
  let isClosed = false
  let count = 0
  handle.onerror = (_message, _errno, code) => {
    failure = code
  }
  return {
    step(bytes, start, into, last) {
      const length = bytes.length - start
      count++
      handle.writeSync(last ? decoding.finish : decoding.flush, bytes, start, length, into, 0, into.length)
      if (failure !== '') return failure
      return { read: length - (state[1] as number), written: into.length - (state[0] as number) }
    },
    close() {
      if (isClosed) return
      isClosed = true
      const kept = free[format]
      if (!decoding.blank || failure !== '' || kept.length >= freeMax) {
        engine.close()
        return
      }
      handle.reset()
      // What was had in one step never was in the window.
      if (count > 1) {
        handle.writeSync(decoding.flush, decoding.blank, 0, decoding.blank.length, blankOut, 0, blankOut.length)
        handle.reset()
      }
      if (failure !== '') engine.close()
      else kept.push(engine)
    },
  }
}

const blankOut = Buffer.allocUnsafeSlow(blank.length)

/** The end of a coding whose pieces have all been read. Empty, or a failure. */
export function endSteps(steps: Steps, into: Uint8Array): Step | string {
  return steps.step(nothing, 0, into, true)
}

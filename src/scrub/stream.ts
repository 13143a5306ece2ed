import { limits } from '../limits.ts'
import { secretBytes, wipe } from '../secret/masked.ts'
import type { Matcher } from './matcher.ts'

/** Takes keys out of what is pushed through it, in the order in which it is pushed. */
export interface ScrubStream {
  /** Copies `bytes`; what of them can become a part of a key is held back. The caller wipes them. */
  push(bytes: Uint8Array): void
  /** Lets go what is held back: nothing follows soon, or what follows is another message. */
  flush(): void
  /** Lets go what is held back. Nothing may be pushed afterwards. */
  end(): void
}

export interface ScrubListener {
  /** Lent for the call. */
  emit(bytes: Buffer): void
  /**
   * A key's beginning had been let go before its end came. With `cut` nothing is emitted any more; without it the rest of
   * the key is emitted overwritten, and everything after it.
   */
  cut?(): void
}

/** Pieces of this size pass at once; larger ones in several. */
const pieceBytes = 65_536

/**
 * Holds back `matcher.longest - 1` bytes whatever they are: a stream that held back only what looks like a key would
 * answer, byte by byte, what the key is. Lets them go after `limits.holdBackMs` without a push.
 */
export function createScrubStream(matcher: Matcher, listener: ScrubListener): ScrubStream {
  const heldBytes = matcher.longest - 1
  // A Buffer, as in matcher.ts.
  const window = Buffer.from(secretBytes(2 * heldBytes + pieceBytes).buffer)
  let filled = 0
  let emitted = 0
  let isOver = false
  let timer: NodeJS.Timeout | undefined

  function emitTo(end: number): void {
    if (isOver || end <= emitted) return
    const bytes = window.subarray(emitted, end)
    emitted = end
    listener.emit(bytes)
  }

  function add(bytes: Uint8Array): void {
    // What was let go stays as long as a key could have begun in it.
    const past = Math.min(emitted, filled - heldBytes)
    if (filled + bytes.length > window.length && past > 0) {
      window.copyWithin(0, past, filled)
      wipe(window, filled - past, filled)
      emitted -= past
      filled -= past
    }
    window.set(bytes, filled)
    const from = filled
    filled += bytes.length
    const found = matcher.scrub(window, 0, from, filled, true)
    if (found >= 0 && found < emitted && listener.cut) {
      isOver = true
      clearTimeout(timer)
      listener.cut()
    }
    emitTo(filled - heldBytes)
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (!isOver) matcher.scrub(window, 0, filled, filled)
    emitTo(filled)
  }

  return {
    push(bytes) {
      for (let at = 0; at < bytes.length && !isOver; at += pieceBytes) add(bytes.subarray(at, at + pieceBytes))
      if (emitted === filled || isOver) return
      if (timer) timer.refresh()
      else timer = setTimeout(flush, limits.holdBackMs)
    },
    flush,
    end() {
      flush()
      isOver = true
      wipe(window)
    },
  }
}

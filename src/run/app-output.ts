import { closeSync, fstatSync, write } from 'node:fs'
import { Socket } from 'node:net'
import { isatty, ReadStream } from 'node:tty'
import { systemCode } from '../errors.ts'
import { type Kernel, type TerminalSettings, withTranslation } from '../kernel/kernel.ts'
import { limits } from '../limits.ts'
import type { Matcher } from '../scrub/matcher.ts'
import { createScrubStream } from '../scrub/stream.ts'
import { secretBytes, wipe } from '../secret/masked.ts'

/** The app's standard output and standard error, with the keys taken out on their way to ours. */
export interface AppOutput {
  /** For `spawn`. */
  readonly stdio: ['inherit', number | 'inherit', number | 'inherit']
  /** To be called when the app has its ends: while we have them too, it does not end. */
  started(): void
  /** Passes on the size of our terminal, and says whether it had changed. */
  resize(): boolean
  /** Resolves when all that the app wrote was passed on, or `limits.drainTimeoutMs` after it was called. */
  drained(): Promise<void>
}

/** One way from the app to one of our descriptors. */
interface Channel {
  readonly to: number
  resize(): boolean
  readonly ended: Promise<void>
}

/**
 * A pipe for each of standard output and error, or a pseudo-terminal where ours is a terminal; one for both where both are
 * the same file, so that what is written to the two keeps its order. Standard input stays ours, and with it the app's
 * session, its controlling terminal and everything that the terminal does with keys that are pressed. Undefined where the
 * system gives none.
 */
export function openAppOutput(kernel: Kernel, matcher: Matcher): AppOutput | undefined {
  const out = openChannel(kernel, matcher, 1)
  const error = isSameFile(1, 2) ? out : openChannel(kernel, matcher, 2)
  if (!out || !error) return undefined
  const channels = [...new Set([out, error])]
  return {
    stdio: ['inherit', out.to, error.to],
    started() {
      for (const { to } of channels) closeSync(to)
    },
    resize: () => channels.map((channel) => channel.resize()).includes(true),
    async drained() {
      const timer = Promise.withResolvers<void>()
      const timeout = setTimeout(timer.resolve, limits.drainTimeoutMs)
      // A child that the app left behind may keep its end for ever.
      await Promise.race([Promise.all(channels.map(({ ended }) => ended)), timer.promise])
      clearTimeout(timeout)
    },
  }
}

function isSameFile(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)]
    return a.dev === b.dev && a.ino === b.ino
  } catch {
    return false
  }
}

const readBytes = 65_536
/** What waits to be written while the app is not stopped yet, and as much again is being written. */
const waitingBytesMax = 2 * readBytes

function openChannel(kernel: Kernel, matcher: Matcher, descriptor: number): Channel | undefined {
  const isTerminal = isatty(descriptor)
  const ends = isTerminal ? kernel.createTerminal() : kernel.createPipe()
  if (!ends) return undefined
  const { from, to } = ends
  const terminal = isTerminal ? openTerminal(kernel, descriptor, from) : undefined
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const buffer = secretBytes(readBytes)
  const onread = {
    buffer,
    callback(count: number): boolean {
      terminal?.mirror()
      stream.push(buffer.subarray(0, count))
      wipe(buffer, 0, count)
      return writer.mayRead()
    },
  }
  const reader: Socket = isTerminal
    ? new ReadStream(from, { onread } as object)
    : new Socket({ fd: from, readable: true, writable: false, onread })
  const writer = createWriter(descriptor, {
    ready: () => void reader.resume(),
    // The app must learn that nobody reads, as it would from our own descriptor.
    failed: () => void reader.destroy(),
  })
  const stream = createScrubStream(matcher, { emit: writer.write })
  // A terminal whose last writer is gone answers EIO.
  reader.on('error', () => undefined)
  reader.on('close', () => {
    stream.end()
    terminal?.mirror()
    void writer.idle().then(end)
  })
  reader.resume()
  return { to, resize: () => terminal?.resize() ?? false, ended }
}

/**
 * Ours stays as it is, and the app's does not translate: what is written goes through both. An app that sets the mode of
 * its output (ncurses does) means the terminal that the keys are pressed on: ours.
 */
function openTerminal(kernel: Kernel, ours: number, app: number) {
  kernel.ignoreBackgroundOutput()
  const settings = kernel.terminalSettings(ours)
  if (settings) kernel.setTerminalSettings(app, withTranslation(settings, false))
  let last = kernel.terminalSettings(app)
  kernel.copyWindowSize(ours, app)

  function mirror(): void {
    const now = kernel.terminalSettings(app)
    if (!now || !last || now.bytes.equals(last.bytes)) return
    const translates = now.translates || (kernel.terminalSettings(ours)?.translates ?? true)
    kernel.setTerminalSettings(ours, withTranslation(now, translates))
    const own: TerminalSettings = withTranslation(now, false)
    kernel.setTerminalSettings(app, own)
    last = own
  }

  return { mirror, resize: () => kernel.copyWindowSize(ours, app) }
}

interface Writer {
  /** Copies `bytes`. */
  write(bytes: Uint8Array): void
  /** Whether more may be read before what waits was written. */
  mayRead(): boolean
  /** Resolves when nothing waits. */
  idle(): Promise<void>
}

/**
 * Writes to a descriptor that is not ours alone, as it is: a stream of Node's would make it non-blocking for everyone who
 * has it. So it waits on a thread of libuv's, and where another made it non-blocking, asks again. What comes meanwhile
 * waits in a second buffer; both stay, for at full speed new ones are more than the collector takes away.
 */
function createWriter(descriptor: number, on: { ready(): void; failed(): void }): Writer {
  let waiting = Buffer.allocUnsafeSlow(waitingBytesMax)
  let waitingBytes = 0
  let current = Buffer.allocUnsafeSlow(waitingBytesMax)
  /** What of `current` is still to be written. */
  let at = 0
  let end = 0
  let isWriting = false
  let isStopped = false
  let hasFailed = false
  const idle: (() => void)[] = []

  function next(): void {
    if (at === end) {
      const written = current
      current = waiting
      waiting = written
      at = 0
      end = waitingBytes
      waitingBytes = 0
    }
    isWriting = at < end
    if (isWriting) write(descriptor, current, at, end - at, null, written)
    else for (const resolve of idle.splice(0)) resolve()
    if (isStopped && waitingBytes === 0 && !hasFailed) {
      isStopped = false
      on.ready()
    }
  }

  function written(error: NodeJS.ErrnoException | null, count: number): void {
    const code = error === null ? undefined : systemCode(error)
    if (code === 'EAGAIN') {
      setTimeout(next, limits.outputRetryMs)
      return
    }
    if (code === undefined) at += count
    else if (code !== 'EINTR') {
      hasFailed = true
      at = end
      waitingBytes = 0
      on.failed()
    }
    next()
  }

  return {
    write(bytes) {
      if (hasFailed) return
      const needed = waitingBytes + bytes.length
      if (needed > waiting.length) {
        const larger = Buffer.allocUnsafeSlow(2 * needed)
        waiting.copy(larger, 0, 0, waitingBytes)
        waiting = larger
      }
      waiting.set(bytes, waitingBytes)
      waitingBytes = needed
      if (!isWriting) next()
    },
    mayRead() {
      isStopped = waitingBytes + readBytes > waiting.length
      return !isStopped
    },
    idle: () => new Promise((resolve) => (isWriting ? idle.push(resolve) : resolve())),
  }
}

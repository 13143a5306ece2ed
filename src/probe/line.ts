import { type Exchange, type ExchangeOptions, exchange, type ProbeRequest, type Way } from './exchange.ts'

/** The one way in which a probe sends: bound to the named origin, counted, and within the run's time. */
export interface Line {
  /** Undefined when the run's time is up, or when the service stopped answering: then nothing more is sent. */
  send(way: Way, request: ProbeRequest): Promise<Exchange | undefined>
  readonly sent: () => number
  readonly answered: () => number
  /** Answers that were longer or slower than the limits, and were read only to there. */
  readonly unfinished: () => number
  /** Why sending stopped before everything was sent; empty if it did not. */
  readonly stopped: () => string
}

export interface LineOptions extends ExchangeOptions {
  readonly totalTimeoutMs: number
  readonly signal?: AbortSignal
}

/** So many time-outs in a row mean that the service suffers, or has shut us out. */
const silenceMax = 8

export function openLine(options: LineOptions): Line {
  const endMs = performance.now() + options.totalTimeoutMs
  let sent = 0
  let answered = 0
  let unfinished = 0
  let silence = 0
  let slowestMs = 0
  let answersPlain = false
  let stopped = ''
  return {
    sent: () => sent,
    answered: () => answered,
    unfinished: () => unfinished,
    stopped: () => stopped,
    async send(way, request) {
      const leftMs = endMs - performance.now()
      if (options.signal?.aborted) stopped = 'it was interrupted'
      else if (leftMs <= 0) stopped = `the ${Math.round(options.totalTimeoutMs / 1_000)} seconds of the run were up`
      else if (silence >= silenceMax) stopped = `the service did not answer ${silenceMax} requests in a row`
      if (stopped !== '') return undefined
      sent++
      const { limits } = options
      const timeoutMs = Math.max(1, Math.min(limits.timeoutMs, leftMs))
      // Half-closing cuts off a slow answer (nginx takes it for a client that went away): not before the slowest so far
      // has had its time, and not at all once plain HTTP is known to be answered.
      const patienceMs = Math.min(Math.max(limits.halfCloseAfterMs, slowestMs * 4), timeoutMs * 0.7)
      const halfCloseAfterMs = answersPlain ? timeoutMs : patienceMs
      const result = await exchange({ ...options, limits: { ...limits, timeoutMs, halfCloseAfterMs } }, way, request)
      const { outcome } = result
      if (outcome.kind === 'answer') {
        answered++
        if (outcome.answer.end === 'bounded' || outcome.answer.end === 'timeout') unfinished++
        slowestMs = Math.max(slowestMs, result.tookMs)
        answersPlain ||= way.transport === 'plain'
      }
      silence = outcome.kind === 'timeout' ? silence + 1 : 0
      return result
    },
  }
}

import type { KeyKind } from '../keys/kind.ts'
import { findTraces } from '../traces/find-traces.ts'
import type { Trace } from '../traces/trace.ts'
import type { Answer } from './answer.ts'
import type { Check, SeenAnswer, Sighting } from './check.ts'
import type { Exchange, ProbeRequest, Way } from './exchange.ts'
import { type Canary, findCanary } from './find-canary.ts'
import { findKeys } from './find-keys.ts'
import { inParallel } from './in-parallel.ts'
import type { Line } from './line.ts'
import { provocationsOf, provocationsOfService } from './provocations.ts'

/** A sighting with what shows it. */
export interface Shown {
  readonly check: Check
  readonly sighting: Sighting
  readonly way: Way
  readonly request: ProbeRequest
  readonly route: string
}

export interface LeakOptions {
  readonly line: Line
  readonly checks: readonly Check[]
  readonly kinds: readonly KeyKind[]
  readonly traces: readonly Trace[]
  readonly canary: Canary | undefined
}

/** How many requests are under way at once. */
const atOnceMax = 4

/** Provokes errors on every route by the given way in, and reads every answer for what it should not show. */
export async function readLeaks(options: LeakOptions, way: Way, routes: readonly string[]): Promise<Shown[]> {
  const asked = [
    ...routes.flatMap((route) => provocationsOf(route).map((request) => ({ request, route }))),
    ...[...provocationsOfService(), ...options.checks.flatMap((check) => check.requests ?? [])].map((request) => ({
      request,
      route: request.target,
    })),
  ]
  const shown = await inParallel(asked, atOnceMax, async ({ request, route }) => {
    const exchange = await options.line.send(way, request)
    return exchange ? readExchange(options, exchange, route) : []
  })
  return shown.flat()
}

/** What one exchange shows; nothing where no HTTP came back. */
export function readExchange(options: Omit<LeakOptions, 'line'>, exchange: Exchange, route: string): Shown[] {
  const { outcome, request, way } = exchange
  if (outcome.kind !== 'answer') return []
  const seen = see(options, outcome.answer, request, route)
  return options.checks.flatMap((check) =>
    (check.readAnswer?.(seen) ?? []).map((sighting) => ({ check, sighting, way, request, route })),
  )
}

function see(options: Omit<LeakOptions, 'line'>, answer: Answer, request: ProbeRequest, route: string): SeenAnswer {
  const text = answer.head.toString('latin1') + answer.body.toString('latin1')
  return {
    request,
    route,
    answer,
    text,
    headBytes: answer.head.length,
    keys: findKeys(options.kinds, text),
    traces: findTraces(options.traces, text),
    canary: findCanary(options.canary, text),
  }
}

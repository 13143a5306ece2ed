import { table } from './frameworks/index.ts'
import type { Trace, TraceHit } from './trace.ts'
import { unescapeText } from './unescape.ts'

export interface FoundTrace {
  readonly trace: Trace
  readonly hit: TraceHit
  /** The text that the hit's places count in: as received, or unescaped once or twice. */
  readonly text: string
}

/** Every way of showing insides that the product knows. */
export async function loadTraces(): Promise<readonly Trace[]> {
  return Promise.all(table.map(({ load }) => load()))
}

/**
 * The traces that `text` (one character a byte) shows, at most one hit a trace. Escapes are undone up to twice: a page
 * that shows a JSON body is escaped twice. Linear in the text's length, which the caller bounds.
 */
export function findTraces(traces: readonly Trace[], text: string): FoundTrace[] {
  const found = new Map<Trace, FoundTrace>()
  for (let view = text, round = 0; round < 3; round++) {
    for (const trace of traces) {
      if (found.has(trace) || !trace.needles.some((needle) => view.includes(needle))) continue
      const hit = trace.find(view)
      if (hit) found.set(trace, { trace, hit, text: view })
    }
    const plainer = unescapeText(view)
    if (plainer === view) break
    view = plainer
  }
  return [...found.values()]
}

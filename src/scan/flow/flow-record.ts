import type { SinkKind } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import { joinLabels, type Label, type Trace } from './value.ts'

/** Something that leaves: what, where to, and from where. */
export interface Flow {
  readonly sink: SinkKind | 'raise' | 'constant'
  readonly labels: readonly Label[]
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  /** What happens there. */
  readonly says: string
  /** The route or function that it happens in: `GET /data`. */
  readonly context: string
  /** The name of the call, or of the constant. */
  readonly name: string
}

/** What has been found on the way: flows, and the steps that lead to them. */
export interface FlowRecord {
  /** Two flows at one place to one sink are one, with what both hold. */
  add(flow: Flow): void
  /** The same step after the same steps is the same object, so that results can be remembered. */
  step(before: Trace | undefined, file: SourceFile, at: Span, says: string): Trace
  flows(): readonly Flow[]
  /** Forgets the flows, not the steps. */
  clear(): void
}

interface Span {
  readonly start: number
  readonly end: number
}

const traceLengthMax = 40

export function newFlowRecord(): FlowRecord {
  const flows = new Map<string, Flow>()
  const traces = new Map<string, Trace>()
  return {
    add(flow) {
      const key = `${flow.sink} ${flow.file.path} ${flow.start}`
      const present = flows.get(key)
      flows.set(key, present ? { ...present, labels: joinLabels(present.labels, flow.labels) } : flow)
    },
    step(before, file, { start, end }, says) {
      if (before && (before.length >= traceLengthMax || (before.start === start && before.says === says))) return before
      const key = `${file.path}:${start}:${end}:${before?.id ?? ''}:${says}`
      let trace = traces.get(key)
      if (!trace) {
        const length = (before?.length ?? 0) + 1
        trace = { id: traces.size, file, start, end, says, ...(before ? { before } : {}), length }
        traces.set(key, trace)
      }
      return trace
    },
    flows: () => [...flows.values()],
    clear: () => flows.clear(),
  }
}

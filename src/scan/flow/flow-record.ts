import type { Option, OptionValue, SinkKind } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import { entryOf } from './entry-of.ts'
import type { Where } from './environments.ts'
import { type Label, sameLabel, type Trace } from './value.ts'

/** Something that leaves: what, where to, and from where. */
export interface Flow {
  /** `option`: something is told that later requests depend on; its name is the option's. */
  readonly sink: SinkKind | 'raise' | 'constant' | 'option'
  /** Each with its shortest path, and the others from other places. */
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
  /** The environments that it happens in; in words where they are not all. */
  readonly where: Where
  readonly holds?: string
  /** Of a request: where it goes and what its client was told. */
  readonly detail?: Detail
}

export type Detail = Readonly<Partial<Record<Option, OptionValue>>>

/** What has been found on the way: flows, and the steps that lead to them. */
export interface FlowRecord {
  /** Two flows at one place to one sink are one, with what both hold; two requests are one only where their details agree. */
  add(flow: Omit<Flow, 'holds'>): void
  /** The same step after the same steps is the same object, so that results can be remembered. */
  step(before: Trace | undefined, file: SourceFile, at: Span, says: string): Trace
  /** By path, place and sink. */
  flows(): readonly Omit<Flow, 'holds'>[]
}

interface Span {
  readonly start: number
  readonly end: number
}

const traceLengthMax = 40
const othersMax = 8
/** Of one request. */
const waysMax = 8

export function newFlowRecord(): FlowRecord {
  const flows = new Map<SourceFile, Map<string, Omit<Flow, 'holds'>>>()
  const ways = new Map<SourceFile, Map<string, Set<string>>>()
  const firsts = new Map<SourceFile, Map<number, Trace[]>>()
  const nexts: Map<number, Trace[]>[] = []
  let count = 0
  return {
    add(flow) {
      const inFile = entryOf(flows, flow.file, () => new Map())
      const key = keyOf(
        flow,
        entryOf(ways, flow.file, () => new Map()),
      )
      const present = inFile.get(key)
      inFile.set(key, present ? joinFlows(present, flow) : flow)
    },
    step(before, file, { start, end }, says) {
      if (before && (before.length >= traceLengthMax || (before.start === start && before.says === says))) return before
      let level = before ? nexts[before.id] : firsts.get(file)
      if (!level) {
        level = new Map()
        if (before) nexts[before.id] = level
        else firsts.set(file, level)
      }
      const here = level.get(start)
      for (const trace of here ?? []) if (trace.end === end && trace.says === says && trace.file === file) return trace
      const length = (before?.length ?? 0) + 1
      const trace: Trace = { id: count++, file, start, end, says, ...(before ? { before } : {}), length }
      if (here) here.push(trace)
      else level.set(start, [trace])
      return trace
    },
    flows: () =>
      [...flows.values()]
        .flatMap((inFile) => [...inFile.values()])
        .sort((a, b) =>
          a.file.path === b.file.path
            ? a.start - b.start || (a.sink < b.sink ? -1 : a.sink > b.sink ? 1 : 0)
            : a.file.path < b.file.path
              ? -1
              : 1,
        ),
  }
}

/** A request is told apart by where it goes and how: a key that goes to one host is not sent to another. */
function keyOf({ sink, start, name, detail }: Flow, ways: Map<string, Set<string>>): string {
  const place = `${sink} ${start}`
  if (sink === 'option') return `${place} ${name}`
  if (sink !== 'request') return place
  const way = JSON.stringify(Object.entries(detail ?? {}).sort())
  const known = entryOf(ways, place, () => new Set())
  if (known.size < waysMax) known.add(way)
  return known.has(way) ? `${place} ${way}` : place
}

function joinFlows(present: Omit<Flow, 'holds'>, added: Omit<Flow, 'holds'>): Omit<Flow, 'holds'> {
  const labels = [...present.labels]
  for (const label of added.labels) {
    const at = labels.findIndex((other) => sameLabel(other, label))
    const known = labels[at]
    if (known) labels[at] = joinWays(known, label)
    else labels.push(label)
  }
  const detail = present.detail && added.detail ? joinDetails(present.detail, added.detail) : present.detail
  return { ...present, labels, where: present.where | added.where, ...(detail ? { detail } : {}) }
}

/** Two ways of one key to one place: the shorter one, and the other where it begins elsewhere. */
function joinWays(known: Label, added: Label): Label {
  const where = known.where | added.where
  if (known.trace === added.trace) return where === known.where ? known : { ...known, where }
  const ways = [known.trace, added.trace, ...(known.others ?? []), ...(added.others ?? [])].sort(
    (a, b) => a.length - b.length || a.id - b.id,
  )
  const seen = new Set<Trace>()
  const kept: Trace[] = []
  for (const way of ways) {
    const source = sourceOf(way)
    if (seen.has(source) || kept.length > othersMax) continue
    seen.add(source)
    kept.push(way)
  }
  const [trace = known.trace, ...others] = kept
  return { ...known, where, trace, ...(others.length > 0 ? { others } : {}) }
}

function sourceOf(trace: Trace): Trace {
  let first = trace
  while (first.before) first = first.before
  return first
}

function joinDetails(a: Detail, b: Detail): Detail {
  const detail: Partial<Record<Option, OptionValue>> = { ...a }
  for (const option of new Set([...Object.keys(a), ...Object.keys(b)]) as Set<Option>)
    if (a[option] !== b[option]) detail[option] = '*'
  return detail
}

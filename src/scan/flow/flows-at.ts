import type { SourceFile } from '../source-file.ts'
import { entryOf } from './entry-of.ts'
import type { Flow } from './flow-record.ts'
import type { Label, Trace } from './value.ts'

interface Place {
  readonly file: SourceFile
  readonly start: number
}

const indexes = new WeakMap<readonly Flow[], ReadonlyMap<string, ReadonlyMap<number, readonly Flow[]>>>()

/** The flows that leave where a call begins; there may be as many flows as there are lines. */
export function flowsAt(flows: readonly Flow[], { path }: SourceFile, start: number): readonly Flow[] {
  let index = indexes.get(flows)
  if (!index) {
    index = indexed(flows)
    indexes.set(flows, index)
  }
  return index.get(path)?.get(start) ?? []
}

function indexed(flows: readonly Flow[]): ReadonlyMap<string, ReadonlyMap<number, readonly Flow[]>> {
  const index = new Map<string, Map<number, Flow[]>>()
  for (const flow of flows) {
    const inFile = entryOf(index, flow.file.path, () => new Map<number, Flow[]>())
    entryOf(inFile, flow.start, (): Flow[] => []).push(flow)
  }
  return index
}

/** Where they begin, by path. */
export function placesOf(places: Iterable<Place>): ReadonlyMap<string, ReadonlySet<number>> {
  const starts = new Map<string, Set<number>>()
  for (const { file, start } of places) entryOf(starts, file.path, () => new Set<number>()).add(start)
  return starts
}

/** Every step on the ways of the labels, once. */
export function stepsOf(labels: Iterable<Label>): ReadonlySet<Trace> {
  const steps = new Set<Trace>()
  for (const { trace } of labels)
    for (let step: Trace | undefined = trace; step && !steps.has(step); step = step.before) steps.add(step)
  return steps
}

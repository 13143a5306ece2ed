import type { KeyKind } from '../../keys/kind.ts'
import type { Flow } from './flow-record.ts'
import type { Label, Trace } from './value.ts'

/** `A`, `A and B`, `A, B and C`: the keys that are among the labels. */
export function keyNames(labels: readonly Label[]): string {
  const names = [...new Set(labels.map(({ name }) => name))].sort()
  const last = names.pop() ?? ''
  return names.length > 0 ? `${names.join(', ')} and ${last}` : last
}

/** How a key that is written in the source is called. */
export function literalName({ title }: KeyKind): string {
  return `a ${title} in the source`
}

/** The keys among a flow's labels: as they are, or as parts of an exception's message. */
export function keysOf(flow: Flow, as: 'itself' | 'message' | 'either'): readonly Label[] {
  return flow.labels.filter(
    ({ what, via }) =>
      (what === 'key' || what === 'settings') && (as === 'either' || (via !== undefined) === (as === 'message')),
  )
}

/** The shortest of the labels' paths, and the others: what a problem tells of how it comes about. */
export function pathsOf(labels: readonly Label[]): { readonly trace?: Trace; readonly otherTraces?: readonly Trace[] } {
  const all = labels.flatMap(({ trace, others }) => [trace, ...(others ?? [])])
  const [trace, ...otherTraces] = all.sort((a, b) => a.length - b.length || a.id - b.id)
  if (!trace) return {}
  return otherTraces.length > 0 ? { trace, otherTraces } : { trace }
}

/** `GET /data answers`, `Client#call writes`. */
export function inContext(context: string): string {
  return context === '' ? 'The program' : context
}

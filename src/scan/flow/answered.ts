import type { LabelKind } from '../model.ts'
import type { Problem } from '../rule.ts'
import type { Flow } from './flow-record.ts'
import { inContext, keyNames, pathsOf } from './key-labels.ts'
import type { Label } from './value.ts'
import { withNamesFor } from './without-labels.ts'

/**
 * The keys themselves that leave by one of the sinks, flow by flow. Where everything is answered that a key is a part of
 * (the whole environment) nothing is given: that is `settings`.
 */
export function* keysLeaving(
  flows: readonly Flow[],
  ...sinks: readonly Flow['sink'][]
): Generator<{ readonly flow: Flow; readonly keys: readonly Label[] }> {
  for (const flow of flows) {
    if (!sinks.includes(flow.sink) || labelsOf(flow, 'settings').length > 0) continue
    const keys = labelsOf(flow, 'key')
    if (keys.length > 0) yield { flow, keys }
  }
}

/** What a flow holds of a kind, and not as a part of an exception's message. */
export function labelsOf({ labels }: Flow, kind: LabelKind): readonly Label[] {
  return labels.filter(({ what, via }) => what === kind && via === undefined)
}

/** Sinks whose code still does its work with a name in the place of what it showed; a URL does not. */
const correctable = new Set<Flow['sink']>(['response', 'field', 'template'])

function isNamed({ what }: Label): boolean {
  return what === 'key' || what === 'credential'
}

/** A problem at a flow, named by where it happens and what leaves there; `correct` for what holds keys that are named. */
export function problemAt(
  flow: Flow,
  labels: readonly Label[],
  says: string,
  fix: string,
  correct: ((flow: Flow, labels: readonly Label[]) => string | undefined) | undefined = correctable.has(flow.sink)
    ? withNamesFor
    : undefined,
): Problem {
  const correction = labels.every(isNamed) ? correct?.(flow, labels) : undefined
  return {
    ...flow,
    message: `${inContext(flow.context)} ${says}.`,
    fix,
    ...(correction === undefined ? {} : { correction }),
    ...pathsOf(labels),
    identity: [flow.context, keyNames(labels)],
  }
}

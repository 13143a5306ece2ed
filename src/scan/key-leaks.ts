import type { Flow } from './flow/flow-record.ts'
import { inContext, keyNames, keysOf, pathsOf } from './flow/key-labels.ts'
import type { Label } from './flow/value.ts'
import type { SinkKind } from './model.ts'
import type { Problem } from './rule.ts'

/** How a rule tells of keys that leave through one sort of sink. */
interface Telling {
  /** After the context: `sends`. */
  readonly verb: string
  /** After the key's name: `to an error tracker, a trace or a metric`. */
  readonly where: string
  fix(names: string): string
  /** The corrected code, where it can be told. */
  correct?(flow: Flow, keys: readonly Label[]): string | undefined
}

/** One problem for each place where keys leave through sinks of this kind, as they are or in an exception's message. */
export function* keyLeaks(
  flows: readonly Flow[],
  sink: SinkKind,
  { verb, where, fix, correct }: Telling,
): Iterable<Problem> {
  for (const flow of flows) {
    const keys = flow.sink === sink ? keysOf(flow, 'either') : []
    if (keys.length === 0) continue
    const names = keyNames(keys)
    const quoted = isQuoted(keys)
    const correction = keys.some(({ what }) => what === 'settings') ? undefined : correct?.(flow, keys)
    yield {
      ...flow,
      message: `${inContext(flow.context)} ${verb} ${names} ${where}${quoted ? ' in the message of an exception' : ''}.`,
      fix: quoted
        ? `Keep ${names} out of what raises the exception, or hand on the exception’s class only.`
        : fix(names),
      ...(correction === undefined ? {} : { correction }),
      ...pathsOf(keys),
      identity: [flow.context, names, flow.name],
    }
  }
}

/** Whether keys are seen only as parts of an exception's message. */
function isQuoted(keys: readonly Label[]): boolean {
  return keys.every(({ via }) => via)
}

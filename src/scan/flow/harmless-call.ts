import type { Call } from '../form.ts'
import type { ModelIndex } from './index-models.ts'
import type { Knowledge } from './run.ts'

/** Tells calls that read an entry by a name that no secret has: `ENV['PORT']`. */
export function harmlessCall(index: ModelIndex, { isSecretName }: Knowledge): (call: Call) => boolean {
  return ({ name, receiver, args }) => {
    if (receiver?.kind !== 'read' || receiver.variable.scope === 'local') return false
    const type = index.typeOfValue(receiver.variable.name)
    const known = type === undefined ? undefined : index.exact(name, type, undefined)
    // What it gives may still be asked for a secret.
    if (!known || known.model.type !== undefined) return false
    const named = args.every((arg) => arg.kind === 'text') && args.every((arg) => isHarmlessName(arg))
    return known.sources.every((source) => source.named === 'argument' && source.names === undefined && named)
  }

  function isHarmlessName(arg: Call['args'][number]): boolean {
    return arg.kind === 'text' && !isSecretName(arg.value)
  }
}

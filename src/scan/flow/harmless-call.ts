import type { Call } from '../form.ts'
import type { SourceModel } from '../model.ts'
import type { ModelIndex } from './index-models.ts'
import type { Knowledge } from './run.ts'

/** Tells calls that read nothing worth following, by the text that they are given: `ENV['PORT']`, `system('ls')`. */
export function harmlessCall(index: ModelIndex, { isSecretName }: Knowledge): (call: Call) => boolean {
  return ({ name, receiver, args: [first] }) => {
    if (first?.kind !== 'text' || (receiver && (receiver.kind !== 'read' || receiver.variable.scope === 'local')))
      return false
    const on = receiver ? (index.typeOfValue(receiver.variable.name) ?? receiver.variable.name) : ''
    const known = index.exact(name, on, undefined)
    if (!known || known.sources.length === 0) return false
    const { type, typeWhere } = known.model
    // What it gives may still be asked for a secret.
    if (type !== undefined && (typeWhere === undefined || typeWhere.test(first.value))) return false
    return known.sources.every((source) => source.named === 'argument' && !counts(source, first.value))
  }

  function counts({ names }: SourceModel, text: string): boolean {
    return names === 'any' || (names ? names.test(text) : isSecretName(text))
  }
}

import type { CallModel, Model } from '../model.ts'

/** The models of all libraries, by the names that a program uses. */
export interface ModelIndex {
  /** What a call of `name` means on a receiver of `type` ('' for none, undefined for one of which nothing is known). */
  callOf(name: string, type: string | undefined, isInApp: boolean): CallModel | undefined
  /** The type of a constant or global variable. */
  typeOfValue(name: string): string | undefined
  /** The type that a variable or call of this name has as long as nothing more is known. */
  typeByName(name: string): string | undefined
  /** The type of an entry of an object of a type. */
  typeOfEntry(type: string, entry: string): string | undefined
  /** Whether a function of this name and number of parameters is an app. */
  answers(name: string, parameters: number): boolean
  /** Whether the call reads an entry of a dictionary. */
  readsEntry(name: string): boolean
  /** The nearest ancestor of a library's exception. */
  parentOf(exception: string): string | undefined
  /** Whether the call runs an app that it is given. */
  runsApps(name: string): boolean
}

interface IndexedCall {
  readonly call: CallModel
  /** The words of a framework mean what they mean only inside an app. */
  readonly isFramework: boolean
}

export function indexModels(models: readonly Model[]): ModelIndex {
  const calls = new Map<string, IndexedCall[]>()
  const values = new Map<string, string>()
  const entries = new Map<string, string>()
  const runs = new Set<string>()
  const reads = new Set(models.flatMap((model) => model.entryReads ?? []))
  const parents = new Map(models.flatMap((model) => Object.entries(model.parents ?? {})))
  const named = models.flatMap((model) => model.named ?? [])
  for (const model of models) {
    for (const call of model.calls ?? []) {
      const indexed = { call, isFramework: model.framework !== undefined }
      for (const name of call.names) calls.set(name, [...(calls.get(name) ?? []), indexed])
    }
    for (const [name, type] of Object.entries(model.values ?? {})) values.set(name, type)
    for (const [of, names] of Object.entries(model.entries ?? {})) {
      for (const [name, type] of Object.entries(names)) entries.set(`${of} ${name}`, type)
    }
    for (const name of model.runs ?? []) runs.add(name)
  }
  return {
    callOf(name, type, isInApp) {
      const candidates = calls.get(name)
      if (!candidates) return undefined
      const on = type?.startsWith('class ') ? type.slice('class '.length) : type
      const exact = candidates.find(({ call }) => on !== undefined && call.on.includes(on))
      if (exact) return on !== '' || !exact.isFramework || isInApp ? exact.call : undefined
      return type === '' ? undefined : candidates.find(({ call }) => call.on.includes('*'))?.call
    },
    typeOfValue: (name) => values.get(name),
    typeByName: (name) => named.find(({ pattern }) => pattern.test(name))?.type,
    typeOfEntry: (type, entry) => entries.get(`${type} ${entry}`),
    answers: (name, parameters) =>
      models.some(({ answers }) => answers?.name === name && answers.parameters === parameters),
    readsEntry: (name) => reads.has(name),
    parentOf: (exception) => parents.get(exception),
    runsApps: (name) => runs.has(name),
  }
}

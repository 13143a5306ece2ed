import type { Answers, CallModel, Framework, Model, SinkModel, SourceModel, Whole } from '../model.ts'
import { entryOf } from './entry-of.ts'

/** A call's model, ready to be asked again and again. */
export interface KnownCall {
  readonly model: CallModel
  readonly sources: readonly SourceModel[]
  readonly sinks: readonly SinkModel[]
  /** The words of a framework mean what they mean only inside an app of it. */
  readonly framework: Framework | undefined
}

/** What a word of a framework is for. */
export type Role = 'route' | 'tree' | 'group' | 'filter' | 'failure' | 'set' | 'settings' | 'configure'

/** The models of all libraries, by the names that a program uses. */
export interface ModelIndex {
  /** What a call of `name` means on what `on` names: '' for no receiver, a type, a constant. */
  exact(name: string, on: string, framework: Framework | undefined): KnownCall | undefined
  /** What it means on any receiver. */
  general(name: string): KnownCall | undefined
  /** What any call means on a receiver of this type that no other model knows. */
  anyName(on: string): KnownCall | undefined
  roleOf(framework: Framework, word: string): Role | undefined
  /** The type of a constant or global variable. */
  typeOfValue(name: string): string | undefined
  /** The type that a variable or call of this name has as long as nothing more is known. */
  typeByName(name: string): string | undefined
  /** The type of an entry of an object of a type. */
  typeOfEntry(type: string, entry: string): string | undefined
  /** What a whole object of a type is called where it is shown. */
  wholeOf(type: string): Whole | undefined
  /** What tells whether a function of this name and number of parameters is an app; undefined where none is. */
  answers(name: string, parameters: number): Answers | undefined
  /** Whether functions of this class handle what the program asks of others. */
  isAsking(ancestor: string): boolean
  /** Whether there is one object of the type, so that its entries are the same everywhere. */
  isShared(type: string): boolean
  /** Whether the call reads an entry of a dictionary. */
  readsEntry(name: string): boolean
  /** The function that hands the items of an object of the program on, one by one, where it takes in one of these. */
  readonly iterating: { readonly by: string; readonly mixins: ReadonlySet<string> }
  /** Whether what is read of the constant is told by the text that it is asked for: nothing but a secret of that name. */
  readsByName(constant: string): boolean
  /** Whether secrets are read from objects of this type. */
  leadsToSecrets(type: string): boolean
  /** The nearest ancestor of a library's exception. */
  parentOf(exception: string): string | undefined
  /** What an object of the program is asked when it is put in a text. */
  readonly asText: readonly string[]
  /** Classes and modules whose heirs are made from a dictionary of their attributes. */
  readonly valueObjects: ReadonlySet<string>
  /** Calls that give all attributes of such an object. */
  readonly attributesBy: ReadonlySet<string>
  /** Calls that put all variables of an object in a text. */
  inspects(name: string): boolean
  /** Classes of texts, lists and dictionaries, to which a program may add functions. */
  readonly valueClasses: readonly string[]
  /** Whether the call runs its block as code of its receiver. */
  runsWithin(name: string): boolean
  /** Whether the call ends the function that it stands in. */
  leaves(name: string): boolean
  /** Whether the call runs an app that it is given. */
  runsApps(name: string): boolean
  /** Whether the call puts an object of a class in front of an app. */
  stacks(name: string): boolean
}

export function indexModels(models: readonly Model[]): ModelIndex {
  const calls = new Map<string, Map<string, KnownCall[]>>()
  const values = new Map<string, string>()
  const entries = new Map<string, Map<string, string>>()
  const wholes = new Map(models.flatMap((model) => Object.entries(model.wholes ?? {})))
  const stacks = new Set(models.flatMap((model) => model.stacks ?? []))
  const within = new Set(models.flatMap((model) => model.runsWithin ?? []))
  const inspecting = new Set(models.flatMap((model) => model.inspects ?? []))
  const runs = new Set(models.flatMap((model) => model.runs ?? []))
  const asking = new Set(models.flatMap((model) => model.asking ?? []))
  const leaving = new Set(models.flatMap((model) => model.leaves ?? []))
  const sharedTypes = new Set(models.flatMap((model) => model.shared ?? []))
  const reads = new Set(models.flatMap((model) => model.entryReads ?? []))
  const parents = new Map(models.flatMap((model) => Object.entries(model.parents ?? {})))
  const named = models.flatMap((model) => model.named ?? [])
  const byName = new Map<string, string | undefined>()
  const leading = typesWithSecrets(models)
  const byText = typesReadByText(models)
  const answering = new Map<string, Map<number, Answers>>()
  const roles = new Map<Framework, Map<string, Role>>()
  for (const model of models) {
    for (const call of model.calls ?? []) addCall(calls, call, model.framework)
    for (const [name, type] of Object.entries(model.values ?? {})) values.set(name, type)
    for (const [of, types] of Object.entries(model.entries ?? {}))
      entries.set(of, new Map([...(entries.get(of) ?? []), ...Object.entries(types)]))
    if (model.framework) roles.set(model.framework, rolesOf(model.framework))
    const { answers } = model
    if (answers) entryOf(answering, answers.name, () => new Map<number, Answers>()).set(answers.parameters, answers)
  }
  return {
    exact(name, on, framework) {
      const found = calls.get(name)?.get(on)
      if (!found) return undefined
      const own = framework && found.find((known) => known.framework === framework)
      return own ?? found.find((known) => on !== '' || known.framework === undefined)
    },
    general: (name) => calls.get(name)?.get('*')?.[0],
    anyName: (on) => calls.get('*')?.get(on)?.[0],
    roleOf: (framework, word) => roles.get(framework)?.get(word),
    typeOfValue: (name) => values.get(name),
    typeByName(name) {
      if (byName.has(name)) return byName.get(name)
      const type = named.find(({ pattern }) => pattern.test(name))?.type
      byName.set(name, type)
      return type
    },
    typeOfEntry: (type, entry) => entries.get(type)?.get(entry),
    wholeOf: (type) => wholes.get(type),
    answers: (name, parameters) => answering.get(name)?.get(parameters),
    isAsking: (ancestor) => asking.has(ancestor),
    isShared: (type) => sharedTypes.has(type),
    readsEntry: (name) => reads.has(name),
    iterating: {
      by: models.find(({ iterating }) => iterating)?.iterating?.by ?? '',
      mixins: new Set(models.flatMap(({ iterating }) => iterating?.mixins ?? [])),
    },
    readsByName: (constant) => byText.has(values.get(constant) ?? ''),
    leadsToSecrets: (type) => leading.has(type),
    parentOf: (exception) => parents.get(exception),
    valueClasses: models.flatMap(({ valueClasses }) => valueClasses ?? []),
    valueObjects: new Set(models.flatMap(({ valueObjects }) => valueObjects?.bases ?? [])),
    attributesBy: new Set(models.flatMap(({ valueObjects }) => valueObjects?.whole ?? [])),
    inspects: (name) => inspecting.has(name),
    runsWithin: (name) => within.has(name),
    asText: models.flatMap(({ asText }) => asText ?? []),
    leaves: (name) => leaving.has(name),
    runsApps: (name) => runs.has(name),
    stacks: (name) => stacks.has(name),
  }
}

function addCall(
  calls: Map<string, Map<string, KnownCall[]>>,
  model: CallModel,
  framework: Framework | undefined,
): void {
  const known: KnownCall = { model, sources: listOf(model.source), sinks: listOf(model.sink), framework }
  for (const name of model.names) {
    const byReceiver = entryOf(calls, name, () => new Map())
    for (const on of model.on) {
      const present = byReceiver.get(on)
      const same = present?.findIndex((other: KnownCall) => other.framework === framework) ?? -1
      const other = present?.[same]
      if (present && other) present[same] = joinCalls(other, known)
      else if (present) present.push(known)
      else byReceiver.set(on, [known])
    }
  }
}

/** Two models of one call: what either of them says; where they contradict each other, the first. */
function joinCalls(first: KnownCall, second: KnownCall): KnownCall {
  const gives = [...new Set([...(first.model.gives ?? []), ...(second.model.gives ?? [])])]
  const options = [...(first.model.options ?? []), ...(second.model.options ?? [])]
  const typeBy = { ...second.model.typeBy, ...first.model.typeBy }
  return {
    model: {
      ...second.model,
      ...first.model,
      ...(gives.length > 0 ? { gives } : {}),
      ...(options.length > 0 ? { options } : {}),
      ...(Object.keys(typeBy).length > 0 ? { typeBy } : {}),
    },
    sources: [...new Set([...first.sources, ...second.sources])],
    sinks: [...new Set([...first.sinks, ...second.sinks])],
    framework: first.framework,
  }
}

/** Types whose objects give secrets when they are asked, or objects of such a type. */
function typesWithSecrets(models: readonly Model[]): ReadonlySet<string> {
  const calls = models.flatMap((model) => (model.framework ? [] : (model.calls ?? [])))
  const leading = new Set<string>()
  const add = (names: readonly string[]) => {
    for (const name of names) if (/^[a-z]/.test(name)) leading.add(name)
  }
  for (const { on, source } of calls) if (listOf(source).some(({ label }) => label === 'key')) add(on)
  for (let size = -1; size < leading.size; ) {
    size = leading.size
    for (const { on, type, typeBy } of calls) {
      if (type !== undefined && leading.has(type)) add(on)
      for (const [taken, made] of Object.entries(typeBy ?? {})) if (leading.has(made)) add([taken])
    }
  }
  return leading
}

/** Types whose secrets are had by their names, and whose other entries are asked for nothing more. */
function typesReadByText(models: readonly Model[]): ReadonlySet<string> {
  const byText = new Set<string>()
  const others = new Set<string>()
  for (const { on, source, type } of models.flatMap((model) => model.calls ?? [])) {
    const read = listOf(source).filter(({ named }) => named === 'argument' || named === 'each argument')
    if (read.length === 0) continue
    const isByText = type === undefined && read.every(({ names }) => names === undefined)
    for (const receiver of on) (isByText ? byText : others).add(receiver)
  }
  for (const other of others) byText.delete(other)
  return byText
}

export function listOf<T extends object>(given: T | readonly T[] | undefined): readonly T[] {
  if (given === undefined) return []
  return Array.isArray(given) ? given : [given as T]
}

function rolesOf(framework: Framework): Map<string, Role> {
  const roles = new Map<string, Role>()
  const give = (words: readonly string[], role: Role) => {
    for (const word of words) roles.set(word, role)
  }
  give(framework.configures, 'configure')
  give(framework.filters, 'filter')
  give(framework.settings, 'settings')
  give(framework.sets, 'set')
  give(framework.failures, 'failure')
  give(framework.trees ?? [], 'tree')
  give(framework.groups ?? [], 'group')
  give(framework.routes, 'route')
  return roles
}

import type { CallModel, Model } from '../model.ts'
import { entryOf } from './entry-of.ts'
import { listOf, type ModelIndex } from './index-models.ts'

export interface Triggers {
  /** Whether code that mentions these names may read something worth following. */
  fire(mentions: ReadonlySet<string>): boolean
  /** In code that answers requests. */
  fireInApp(mentions: ReadonlySet<string>): boolean
  /** Whether code asks other hosts, so that what its client is told matters although no key is read there. */
  asks(mentions: ReadonlySet<string>): boolean
  /** What says how a request is verified, or what it shows of itself: in a text without any of these words only the request itself is. */
  readonly askedHow: readonly string[]
}

/** What makes code worth following. */
interface Trigger {
  /** Names that say so alone. */
  readonly names: Set<string>
  /** Names that say so together with a constant. */
  readonly withConstant: Map<string, Set<string>>
  /** Types of which an object is made there. */
  readonly types: Set<string>
  /** Names that say so together with an object of the type. */
  readonly askedOf: Map<string, Set<string>>
}

/** One way to an object of a type: what is mentioned there, and the type of what it is made from. */
interface Maker {
  readonly type: string
  readonly also?: string
  readonly from?: string
}

/** By one of the names that are mentioned. */
type Makers = ReadonlyMap<string, readonly Maker[]>

const made = new WeakMap<ModelIndex, Triggers>()

/**
 * From the models, once for all programs: constants and calls that lead to a source. A call that every object may have
 * (`[]`, `read`) says nothing; the constant that its receiver comes from does, and the call that makes it.
 */
export function triggersOf(models: readonly Model[], index: ModelIndex): Triggers {
  const triggers = made.get(index) ?? makeTriggers(models, index)
  made.set(index, triggers)
  return triggers
}

function makeTriggers(models: readonly Model[], index: ModelIndex): Triggers {
  const anywhere = newTrigger()
  const inApps = newTrigger()
  const asking = newTrigger()
  inApps.names.add('rescue ')
  for (const model of models) {
    for (const name of model.watched ?? []) anywhere.names.add(name)
    for (const call of model.calls ?? []) {
      const labels = listOf(call.source).map(({ label }) => label)
      if (labels.length === 0) continue
      const isSecret = labels.some((label) => label === 'key' || label === 'settings')
      // What an upstream answered, or a client sent, matters where requests are answered.
      addCall(isSecret && !model.framework ? anywhere : inApps, call, index)
    }
  }
  for (const call of models.flatMap((model) => model.calls ?? []).filter(isAsking)) addAsking(asking, call)
  const makers = makersOf(models)
  const fire = (mentions: ReadonlySet<string>) => firesBy(anywhere, makers, mentions)
  return {
    fire,
    fireInApp: (mentions) => fire(mentions) || firesBy(inApps, makers, mentions),
    asks: (mentions) => firesBy(asking, makers, mentions),
    askedHow: [...new Set(models.flatMap((model) => [...wordsOfVerification(model), ...(model.tellingHow ?? [])]))],
  }
}

function newTrigger(): Trigger {
  return { names: new Set(), withConstant: new Map(), types: new Set(), askedOf: new Map() }
}

/** The names of the options and calls that say it, and the words that they are given. */
function wordsOfVerification({ calls = [] }: Model): string[] {
  return calls.flatMap(({ names, options = [] }) =>
    options.flatMap(({ option, from, means }) => {
      if (option !== 'verification') return []
      const own = 'named' in from ? [from.named.slice(from.named.lastIndexOf('.') + 1)] : names
      const constants = Object.keys(means ?? {}).filter((word) => /^[A-Z]/.test(word))
      return [...own.map((name) => name.replace(/=$/, '')), ...constants]
    }),
  )
}

/** A request to another host, or what its verification depends on. */
function isAsking({ sink, options }: CallModel): boolean {
  return (
    listOf(sink).some(({ kind }) => kind === 'request') ||
    (options?.some(({ option }) => option === 'verification') ?? false)
  )
}

function addCall(trigger: Trigger, { on, names }: CallModel, index: ModelIndex): void {
  for (const receiver of on) {
    if (isConstant(receiver)) addWithConstant(trigger, receiver, names)
    else if (receiver === '' || receiver === '*') for (const name of names) trigger.names.add(name)
    else {
      for (const name of names) if (name !== '*' && !isCommon(name, index)) trigger.names.add(name)
      trigger.types.add(receiver)
    }
  }
}

/** Calls on what was made are told together with what makes it: `open` alone says nothing, nor does `URI.parse`. */
function addAsking({ withConstant, askedOf }: Trigger, { on, names }: CallModel): void {
  for (const receiver of on) {
    if (receiver === '' || receiver === '*') continue
    const together = entryOf(isConstant(receiver) ? withConstant : askedOf, receiver, () => new Set<string>())
    for (const name of names) together.add(name)
  }
}

function addWithConstant(trigger: Trigger, constant: string, names: readonly string[]): void {
  const together = entryOf(trigger.withConstant, constant, () => new Set<string>())
  for (const name of names) together.add(name)
}

function firesBy(trigger: Trigger, makers: Makers, mentions: ReadonlySet<string>): boolean {
  for (const name of mentions) {
    if (trigger.names.has(name)) return true
    for (const other of trigger.withConstant.get(name) ?? []) if (mentions.has(other)) return true
  }
  if (trigger.types.size === 0 && trigger.askedOf.size === 0) return false
  for (const type of typesMade(makers, mentions)) {
    if (trigger.types.has(type)) return true
    for (const name of trigger.askedOf.get(type) ?? []) if (mentions.has(name)) return true
  }
  return false
}

const makingRoundsMax = 4

/** The types of the objects that code with these mentions may make, over the types of what they are made from. */
function typesMade(makers: Makers, mentions: ReadonlySet<string>): ReadonlySet<string> {
  const types = new Set<string>()
  let waiting: Maker[] = []
  for (const name of mentions) {
    for (const maker of makers.get(name) ?? []) {
      if (maker.also !== undefined && !mentions.has(maker.also)) continue
      if (maker.from === undefined) types.add(maker.type)
      else waiting.push(maker)
    }
  }
  for (let round = 1; round < makingRoundsMax; round++) {
    const before = types.size
    const known = new Set(types)
    waiting = waiting.filter(({ type, from }) => {
      if (from === undefined || !known.has(from)) return true
      types.add(type)
      return false
    })
    if (types.size === before) break
  }
  return types
}

function makersOf(models: readonly Model[]): Makers {
  const makers = new Map<string, Maker[]>()
  const add = (name: string, maker: Maker) => entryOf(makers, name, () => []).push(maker)
  for (const { values, calls } of models) {
    for (const [name, type] of Object.entries(values ?? {})) add(name, { type })
    for (const { on, type, typeBy, names } of calls ?? []) {
      for (const receiver of on) {
        const fromConstant = isConstant(receiver)
        for (const name of names) {
          const also = fromConstant ? { also: receiver } : {}
          const from = receiver === '' || fromConstant ? {} : { from: receiver }
          if (type !== undefined && receiver !== '*') add(name, { type, ...also, ...from })
          for (const [taken, result] of Object.entries(typeBy ?? {})) add(name, { type: result, ...also, from: taken })
        }
      }
    }
  }
  return makers
}

/** A name that objects of every sort answer to. */
function isCommon(name: string, index: ModelIndex): boolean {
  return name.length < 6 || index.general(name) !== undefined || index.readsEntry(name)
}

function isConstant(name: string): boolean {
  return /^[A-Z$]/.test(name)
}

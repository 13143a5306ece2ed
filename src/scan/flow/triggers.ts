import type { CallModel, Model } from '../model.ts'
import { entryOf } from './entry-of.ts'
import { listOf, type ModelIndex } from './index-models.ts'

/** Names that make code worth following: all of one list are mentioned in it. */
type Trigger = readonly string[]

export interface Triggers {
  /** Whether code that mentions these names may read something worth following. */
  fire(mentions: ReadonlySet<string>): boolean
  /** In code that answers requests. */
  fireInApp(mentions: ReadonlySet<string>): boolean
  /** Whether code asks other hosts, so that what its client is told matters although no key is read there. */
  asks(mentions: ReadonlySet<string>): boolean
}

const made = new WeakMap<ModelIndex, Triggers>()

/**
 * From the models, once for all programs: constants and calls that lead to a source. A call that every object may have (`[]`, `read`) says
 * nothing; the constant that its receiver comes from does, and the call that makes it.
 */
export function triggersOf(models: readonly Model[], index: ModelIndex): Triggers {
  const triggers = made.get(index) ?? makeTriggers(models, index)
  made.set(index, triggers)
  return triggers
}

function makeTriggers(models: readonly Model[], index: ModelIndex): Triggers {
  const anywhere: Trigger[] = models.flatMap(({ watched }) => (watched ?? []).map((name) => [name]))
  const inApps: Trigger[] = [['rescue ']]
  const makers = makersOf(models)
  for (const model of models) {
    for (const call of model.calls ?? []) {
      const labels = listOf(call.source).map(({ label }) => label)
      if (labels.length === 0) continue
      const isSecret = labels.some((label) => label === 'key' || label === 'settings')
      // What an upstream answered, or a client sent, matters where requests are answered.
      const list = isSecret && !model.framework ? anywhere : inApps
      list.push(...leadingTo(call, makers, index))
    }
  }
  const fire = firing(anywhere)
  const fireInApp = firing(inApps)
  return { fire, fireInApp: (mentions) => fireInApp(mentions) || fire(mentions), asks: firing(asking(models)) }
}

/** The constants and calls of the libraries that ask, and of what verification depends on. */
function asking(models: readonly Model[]): Trigger[] {
  const triggers: Trigger[] = []
  for (const { calls = [] } of models) {
    const asks = calls.some(
      ({ sink, options }) =>
        listOf(sink).some(({ kind }) => kind === 'request') || options?.some(({ option }) => option === 'verification'),
    )
    if (!asks) continue
    for (const { on, names } of calls)
      for (const receiver of on.filter(isConstant)) triggers.push(...names.map((name) => [receiver, name]))
  }
  return triggers
}

function firing(triggers: readonly Trigger[]): (mentions: ReadonlySet<string>) => boolean {
  const byFirst = new Map<string, Trigger[]>()
  const seen = new Set<string>()
  for (const trigger of triggers) {
    const key = [...trigger].sort().join(' ')
    if (seen.has(key)) continue
    seen.add(key)
    entryOf(byFirst, trigger[0] ?? '', () => []).push(trigger)
  }
  return (mentions) => {
    for (const [first, list] of byFirst)
      if (mentions.has(first) && list.some((trigger) => trigger.every((name) => mentions.has(name)))) return true
    return false
  }
}

/** By type: what is mentioned where an object of it is made. */
type Makers = ReadonlyMap<string, readonly { readonly mentions: Trigger; readonly from?: string }[]>

function makersOf(models: readonly Model[]): Makers {
  const makers = new Map<string, { readonly mentions: Trigger; readonly from?: string }[]>()
  const add = (type: string, mentions: Trigger, from?: string) => {
    makers.set(type, [...(makers.get(type) ?? []), from === undefined ? { mentions } : { mentions, from }])
  }
  for (const { values, calls } of models) {
    for (const [name, type] of Object.entries(values ?? {})) add(type, [name])
    for (const { on, type, typeBy, names } of calls ?? []) {
      for (const receiver of on)
        for (const name of names) {
          const own = isConstant(receiver) ? [receiver, name] : [name]
          const from = receiver === '' || isConstant(receiver) ? undefined : receiver
          if (type !== undefined && receiver !== '*') add(type, own, from)
          for (const [taken, made] of Object.entries(typeBy ?? {})) add(made, own, taken)
        }
    }
  }
  return makers
}

function leadingTo(call: CallModel, makers: Makers, index: ModelIndex): Trigger[] {
  const triggers: Trigger[] = []
  for (const on of call.on) {
    if (on === '' || on === '*') triggers.push(...call.names.map((name) => [name]))
    else if (isConstant(on)) triggers.push(...call.names.map((name) => [on, name]))
    else {
      triggers.push(...call.names.filter((name) => name !== '*' && !isCommon(name, index)).map((name) => [name]))
      triggers.push(...making(on, makers, 0))
    }
  }
  return triggers
}

const makingDepthMax = 3

/** What is mentioned where objects of the type are made, over the types of what they are made from. */
function making(type: string, makers: Makers, depth: number): Trigger[] {
  if (depth > makingDepthMax) return []
  return (makers.get(type) ?? []).flatMap(({ mentions, from }): Trigger[] => {
    if (from === undefined) return [mentions]
    if (from === type) return []
    return making(from, makers, depth + 1).map((before) => [...new Set([...before, ...mentions])])
  })
}

/** A name that objects of every sort answer to. */
function isCommon(name: string, index: ModelIndex): boolean {
  return name.length < 6 || index.general(name) !== undefined || index.readsEntry(name)
}

function isConstant(name: string): boolean {
  return /^[A-Z$]/.test(name)
}

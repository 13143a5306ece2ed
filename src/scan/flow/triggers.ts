import type { CallModel, Model } from '../model.ts'
import { listOf, type ModelIndex } from './index-models.ts'

/** Names whose mention makes code worth following. */
export interface Triggers {
  /** In any code. */
  readonly anywhere: ReadonlySet<string>
  /** In code that answers requests. */
  readonly inApps: ReadonlySet<string>
}

/**
 * From the models: constants and calls that lead to a source. A call that every object may have (`[]`, `read`) says
 * nothing; the constant that its receiver comes from does.
 */
export function triggersOf(models: readonly Model[], index: ModelIndex): Triggers {
  const anywhere = new Set<string>(models.flatMap(({ watched }) => watched ?? []))
  const inApps = new Set<string>(['rescue '])
  const makers = makersOf(models)
  for (const model of models) {
    for (const call of model.calls ?? []) {
      const labels = listOf(call.source).map(({ label }) => label)
      if (labels.length === 0) continue
      const isSecret = labels.some((label) => label === 'key' || label === 'settings')
      // What an upstream answered matters only to whoever passes it on.
      const names = isSecret && !model.framework ? anywhere : inApps
      for (const name of leadingTo(call, makers, index)) names.add(name)
    }
  }
  return { anywhere, inApps }
}

interface Maker {
  readonly name: string
  readonly isType: boolean
}

/** By type: what makes an object of it. */
function makersOf(models: readonly Model[]): ReadonlyMap<string, readonly Maker[]> {
  const makers = new Map<string, Maker[]>()
  const add = (type: string, maker: Maker) => makers.set(type, [...(makers.get(type) ?? []), maker])
  for (const { values, calls } of models) {
    for (const [name, type] of Object.entries(values ?? {})) add(type, { name, isType: false })
    for (const { on, type, names } of calls ?? []) {
      if (type === undefined) continue
      for (const receiver of on) {
        if (receiver === '') for (const name of names) add(type, { name, isType: false })
        else if (receiver !== '*') add(type, { name: receiver, isType: !isConstant(receiver) })
      }
    }
  }
  return makers
}

function leadingTo(
  call: CallModel,
  makers: ReadonlyMap<string, readonly Maker[]>,
  index: ModelIndex,
): ReadonlySet<string> {
  const names = new Set<string>()
  for (const on of call.on) {
    if (on === '' || on === '*') for (const name of call.names) names.add(name)
    else if (isConstant(on)) names.add(on)
    else {
      for (const name of call.names) if (name !== '*' && !isCommon(name, index)) names.add(name)
      for (const maker of constantsMaking(on, makers)) names.add(maker)
    }
  }
  return names
}

function constantsMaking(type: string, makers: ReadonlyMap<string, readonly Maker[]>): ReadonlySet<string> {
  const seen = new Set([type])
  const found = new Set<string>()
  for (const current of seen)
    for (const { name, isType } of makers.get(current) ?? []) {
      if (isType) seen.add(name)
      else found.add(name)
    }
  return found
}

/** A name that objects of every sort answer to. */
function isCommon(name: string, index: ModelIndex): boolean {
  return name.length < 6 || index.general(name) !== undefined || index.readsEntry(name)
}

function isConstant(name: string): boolean {
  return /^[A-Z$]/.test(name)
}

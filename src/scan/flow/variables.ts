import { entryOf } from './entry-of.ts'
import { joinValues, type Value } from './value.ts'

/** The variables of a function or a block, inside those around it. */
export interface Variables {
  readonly own: Map<string, Value>
  readonly outer: Variables | undefined
  /** Of one arm of a branch: holds what the arm writes until the arms are joined. */
  readonly isArm?: boolean
}

export function readLocal(variables: Variables, name: string): Value | undefined {
  for (let level: Variables | undefined = variables; level; level = level.outer) {
    const value = level.own.get(name)
    if (value) return value
  }
  return undefined
}

interface ArmWrite {
  readonly arm: number
  readonly value: Value
}

/** What each variable is given in which arm, in the order of the arms; most arms of very many write few. */
export function writesByName(arms: readonly ReadonlyMap<string, Value>[]): ReadonlyMap<string, readonly ArmWrite[]> {
  const byName = new Map<string, ArmWrite[]>()
  for (const [arm, own] of arms.entries())
    for (const [name, value] of own) entryOf(byName, name, (): ArmWrite[] => []).push({ arm, value })
  return byName
}

/** What a variable holds behind the arms: after the first that leaves it as it was, `before` is among it. */
export function joinArms(writes: readonly ArmWrite[], arms: number, before: Value, start: Value): Value {
  let joined = start
  let isKept = writes.length === arms
  for (const [index, { arm, value }] of writes.entries()) {
    if (!isKept && arm !== index) {
      joined = joinValues(joined, before)
      isKept = true
    }
    joined = joinValues(joined, value)
  }
  return isKept ? joined : joinValues(joined, before)
}

/** Inside an arm the write stays with the arm; outside of a block that may run or not, the old value may remain. */
export function writeLocal(variables: Variables, name: string, value: Value, adds: boolean): void {
  let arm: Variables | undefined
  let leftBlock = false
  for (let level: Variables | undefined = variables; level; level = level.outer) {
    const present = level.own.get(name)
    if (present) {
      const target = arm ?? level
      target.own.set(name, adds || leftBlock ? joinValues(value, present) : value)
      return
    }
    if (level.isArm) arm ??= level
    else leftBlock = true
  }
  variables.own.set(name, value)
}

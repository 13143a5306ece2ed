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

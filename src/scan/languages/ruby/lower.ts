import type { Expression } from '../../form.ts'
import type { ParseProblem } from '../../language.ts'
import { calls } from './lower-calls.ts'
import { control } from './lower-control.ts'
import { definitions } from './lower-definitions.ts'
import { literals } from './lower-literals.ts'
import { patterns } from './lower-patterns.ts'
import { variables } from './lower-variables.ts'
import { type Lower, newLowering } from './lowering.ts'
import { types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'
import { outlineOf } from './walk-tree.ts'

/** By the number of a node: how it is lowered. Every node has its own. */
export const lowerings: readonly (Lower | undefined)[] = lowerTable()

export interface LoweredTree {
  readonly program: Expression
  readonly problems: readonly ParseProblem[]
}

/**
 * Ruby's tree in the common form. Not recursive: a whole is made after its parts. What is nested too deeply is left out
 * and told.
 */
export function lower(tree: RubyTree): LoweredTree {
  const outline = outlineOf(tree)
  const { order } = outline
  const made = new Array<Expression>(order.length)
  const lowering = newLowering(tree, outline, made)
  for (let index = order.length - 1; index >= 0; index--) {
    const node = order[index] ?? 0
    const lowerNode = lowerings[(tree.words[node] ?? 0) & 0xffff]
    if (!lowerNode) throw new Error(`no lowering for node ${(tree.words[node] ?? 0) & 0xffff}`)
    made[index] = lowerNode(node, lowering)
  }
  return { program: lowering.made(tree.root), problems: outline.problems }
}

function lowerTable(): (Lower | undefined)[] {
  const table = new Array<Lower | undefined>(Object.keys(types).length + 1)
  // Later ones take precedence: a constant that is given a class is a definition.
  for (const part of [literals, variables, calls, control, patterns, definitions])
    for (const [type, lowerNode] of part) table[type] = lowerNode
  return table
}

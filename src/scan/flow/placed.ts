import { type Expression, partsOf } from '../form.ts'
import { entryOf } from './entry-of.ts'

/** An expression where it stands. */
export interface Placed {
  readonly expression: Expression
  /** What encloses it, outermost first. */
  enclosing(): readonly Enclosing[]
}

export interface Enclosing {
  readonly expression: Expression
  /** Of a branch: whether it is enclosed in an arm, and not in a test. */
  readonly isArm: boolean
}

/** The code of a file by place. */
export interface Places {
  /** What begins and ends there, outermost first. */
  at(start: number, end: number): readonly Placed[]
  /** Where it stands, or stands first. */
  of(expression: Expression): Placed | undefined
}

const places = new WeakMap<Expression, Places>()

/** Made once for a form, so that to ask for each of very many places takes no walk through all of it. */
export function placesIn(form: Expression): Places {
  let known = places.get(form)
  if (!known) {
    known = newPlaces(form)
    places.set(form, known)
  }
  return known
}

/** Not recursive; numbered as they are met, for an expression may stand in several places. */
function newPlaces(form: Expression): Places {
  const expressions: Expression[] = []
  const parents: number[] = []
  /** Among the parts of what encloses it. */
  const positions: number[] = []
  const byStart = new Map<number, number[]>()
  const first = new Map<Expression, number>()
  const stack: { readonly expression: Expression; readonly parent: number; readonly position: number }[] = [
    { expression: form, parent: -1, position: 0 },
  ]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { expression, parent, position } = next
    const number = expressions.length
    expressions.push(expression)
    parents.push(parent)
    positions.push(position)
    entryOf(byStart, expression.start, (): number[] => []).push(number)
    if (!first.has(expression)) first.set(expression, number)
    const parts = partsOf(expression)
    for (let index = parts.length - 1; index >= 0; index--) {
      const part = parts[index]
      if (part) stack.push({ expression: part, parent: number, position: index })
    }
  }
  const placed = (expression: Expression, number: number): Placed => ({
    expression,
    enclosing() {
      const around: Enclosing[] = []
      for (let inner = number, at = parents[number] ?? -1; at >= 0; inner = at, at = parents[at] ?? -1) {
        const outer = expressions[at]
        if (outer)
          around.push({
            expression: outer,
            isArm: outer.kind === 'branch' && (positions[inner] ?? 0) >= outer.tests.length,
          })
      }
      return around.reverse()
    },
  })
  return {
    at: (start, end) =>
      (byStart.get(start) ?? []).flatMap((number) => {
        const expression = expressions[number]
        return expression?.end === end ? [placed(expression, number)] : []
      }),
    of(expression) {
      const number = first.get(expression)
      return number === undefined ? undefined : placed(expression, number)
    },
  }
}

import { type Attempt, type Expression, type Rescue, walk } from '../form.ts'
import type { Flow } from './flow-record.ts'
import { placesIn } from './placed.ts'
import type { Program } from './program.ts'

const wide = new Set(['StandardError', 'Exception', 'RuntimeError', '::StandardError', '::Exception'])

/** Whether the function that raises it catches it itself, and neither hands it on nor looks at it. */
export function isRescuedUnseen(program: Program, { file, start, end }: Flow): boolean {
  const form = program.file(file.path)?.form()
  if (!form) return false
  return placesIn(form)
    .at(start, end)
    .some(({ expression, enclosing }) => {
      if (expression.kind !== 'throw') return false
      const around = enclosing().map((outer) => outer.expression)
      const own = around.slice(around.findLastIndex(({ kind }) => kind === 'define') + 1)
      return own.some(
        (outer) => outer.kind === 'attempt' && holds(outer.body, expression) && endsThere(outer, expression.error),
      )
    })
}

function holds(outer: Expression, { start, end }: Expression): boolean {
  return outer.start <= start && end <= outer.end
}

function endsThere({ rescues }: Attempt, error: string | undefined): boolean {
  const first = rescues.find(
    ({ catches }) => catches.length === 0 || catches.some((name) => wide.has(name) || name === error),
  )
  return first !== undefined && !seesOrRaises(first)
}

function seesOrRaises({ variable, body }: Rescue): boolean {
  let does = false
  walk(body, (expression) => {
    does ||= expression.kind === 'throw'
    does ||=
      expression.kind === 'read' &&
      (expression.variable.name === variable?.name || /^\$[!@]$/.test(expression.variable.name))
  })
  return does
}

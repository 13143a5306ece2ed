import { type Attempt, type Expression, type Rescue, walk } from '../form.ts'
import type { Flow } from './flow-record.ts'
import type { Program } from './program.ts'

const wide = new Set(['StandardError', 'Exception', 'RuntimeError', '::StandardError', '::Exception'])

/** Whether the function that raises it catches it itself, and neither hands it on nor looks at it. */
export function isRescuedUnseen(program: Program, { file, start, end }: Flow): boolean {
  const form = program.files.find(({ path }) => path === file.path)?.form()
  let rescued = false
  if (form)
    walk(form, (expression, enclosing) => {
      if (expression.kind !== 'throw' || expression.start !== start || expression.end !== end) return
      const own = enclosing.slice(enclosing.findLastIndex(({ kind }) => kind === 'define') + 1)
      rescued ||= own.some(
        (around) => around.kind === 'attempt' && holds(around.body, expression) && endsThere(around, expression.error),
      )
    })
  return rescued
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

import type { Branch } from '../form.ts'
import type { Flow } from './flow-record.ts'
import { placesIn } from './placed.ts'
import type { Program } from './program.ts'

/** The branches with tests that decide, within its function, whether the code at a place runs. */
export function branchesAround({ file, start, end }: Flow, program: Program): readonly Branch[] {
  const form = program.file(file.path)?.form()
  const innermost = form && placesIn(form).at(start, end).at(-1)
  let around: Branch[] = []
  for (const { expression, isArm } of innermost?.enclosing() ?? []) {
    if (expression.kind === 'branch' && isArm && expression.tests.length > 0) around.push(expression)
    if (expression.kind === 'define') around = []
  }
  return around
}

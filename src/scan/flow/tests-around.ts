import { type Expression, walk } from '../form.ts'
import type { Flow } from './flow-record.ts'
import type { Program } from './program.ts'

/** The tests that decide, within its function, whether the code at a place runs. */
export function testsAround({ file, start, end }: Flow, program: Program): readonly Expression[] {
  const form = program.files.find(({ path }) => path === file.path)?.form()
  let tests: readonly Expression[] = []
  if (!form) return tests
  walk(form, (expression, enclosing) => {
    if (expression.start !== start || expression.end !== end) return
    let around: Expression[] = []
    for (const [index, outer] of enclosing.entries()) {
      const next = enclosing[index + 1] ?? expression
      if (outer.kind === 'branch' && outer.arms.includes(next)) around.push(...outer.tests)
      if (outer.kind === 'define') around = []
    }
    tests = around
  })
  return tests
}

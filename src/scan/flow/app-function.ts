import { type Closure, type Expression, walk } from '../form.ts'
import type { Answers } from '../model.ts'
import type { ModelIndex } from './index-models.ts'
import type { Program } from './program.ts'
import { tailsOf } from './tails.ts'

/** Whether the function takes a request's environment and answers, by its name and what it does with what it takes. */
export function isAppFunction(
  index: ModelIndex,
  program: Program,
  owner: string,
  name: string,
  closure: Closure,
): boolean {
  const answers = index.answers(name, closure.params.length)
  if (!answers || program.outside(owner).some((ancestor) => index.isAsking(ancestor))) return false
  const [taken] = closure.params
  if (!taken || answers.takes.test(taken.name)) return true
  return answersInThree(closure) || handlesEnvironment(closure.body, taken.name, answers)
}

function answersInThree({ body }: Closure): boolean {
  for (const tail of tailsOf(body)) if (tail.kind === 'list' && tail.items.length === 3) return true
  return false
}

function handlesEnvironment(body: Expression, taken: string, { name, entries, makes }: Answers): boolean {
  const isTaken = (part: Expression | undefined) => part?.kind === 'read' && part.variable.name === taken
  let handles = false
  walk(body, (part) => {
    if (handles || part.kind !== 'call') return
    const [first] = part.args
    if (part.name === '[]') handles = isTaken(part.receiver) && first?.kind === 'text' && entries.test(first.value)
    else if (part.name === 'new')
      handles = isTaken(first) && part.receiver?.kind === 'read' && makes.test(part.receiver.variable.name)
    else handles = part.name === name && part.receiver?.kind === 'read' && isTaken(first) && isKept(part.receiver)
  })
  return handles
}

/** Another app is kept by the object that stands in front of it. */
function isKept(receiver: Expression): boolean {
  return receiver.kind === 'read' && receiver.variable.scope === 'instance' && /app/.test(receiver.variable.name)
}

import type { Expression } from '../form.ts'

/** The expressions that can be the value of a body. */
export function tailsOf(body: Expression, tails = new Set<Expression>()): ReadonlySet<Expression> {
  if (body.kind === 'sequence') {
    const last = body.body.at(-1)
    return last ? tailsOf(last, tails) : tails
  }
  if (body.kind === 'branch') for (const arm of body.arms) tailsOf(arm, tails)
  else if (body.kind === 'attempt') {
    tailsOf(body.body, tails)
    for (const rescue of body.rescues) tailsOf(rescue.body, tails)
  } else if (body.kind !== 'constant' && body.kind !== 'leave') tails.add(body)
  return tails
}

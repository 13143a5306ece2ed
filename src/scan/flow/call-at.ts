import { type Call, type Expression, walk } from '../form.ts'
import { entryOf } from './entry-of.ts'
import type { Flow } from './flow-record.ts'
import { placesIn } from './placed.ts'
import type { Program } from './program.ts'
import type { Label, Trace } from './value.ts'

/** What a flow's client has chosen of what leaves. */
export function inputsOf(flow: Flow): readonly Label[] {
  return flow.labels.filter(({ what }) => what === 'input')
}

/** The call that a flow ends in; undefined where it ends in none, or its file can no longer be read. */
export function callAt(program: Program, { file, start, end, name }: Flow): Call | undefined {
  const form = program.file(file.path)?.form()
  if (!form) return undefined
  let found: Call | undefined
  for (const { expression } of placesIn(form).at(start, end))
    if (expression.kind === 'call' && expression.name === name) found = expression
  return found
}

/** What a local variable was written to, where it is written once in its function; any other expression itself. */
export function writtenAs(
  program: Program,
  { file }: Flow,
  expression: Expression | undefined,
): Expression | undefined {
  if (expression?.kind !== 'read' || expression.variable.scope !== 'local') return expression
  const form = program.file(file.path)?.form()
  const placed = form && placesIn(form).of(expression)
  if (!form || !placed) return expression
  const around = placed.enclosing().find(({ expression: { kind } }) => kind === 'define')?.expression ?? form
  const values = writesIn(around).get(expression.variable.name) ?? []
  return values.length === 1 ? values[0] : expression
}

const writes = new WeakMap<Expression, ReadonlyMap<string, readonly Expression[]>>()

/** What the local variables of a function are written to; looked up once. */
function writesIn(around: Expression): ReadonlyMap<string, readonly Expression[]> {
  const known = writes.get(around)
  if (known) return known
  const values = new Map<string, Expression[]>()
  walk(around, (part) => {
    if (part.kind === 'write' && part.variable.scope === 'local')
      entryOf(values, part.variable.name, (): Expression[] => []).push(part.value)
  })
  writes.set(around, values)
  return values
}

/** The arguments that are taken by position: no options, no environment of a program. */
export function positionalOf({ args }: Call): readonly Expression[] {
  return args.filter(({ kind }) => kind !== 'table')
}

/** Whether a text that is known stands before, or behind, whatever is not known in it. */
export function isFramed(expression: Expression | undefined, charactersMin = 1): boolean {
  if (expression?.kind === 'call' && ['to_s', 'to_sym', 'freeze', 'camelize', 'classify'].includes(expression.name))
    return isFramed(expression.receiver, charactersMin)
  const parts =
    expression?.kind === 'join'
      ? expression.parts
      : expression?.kind === 'call' && expression.name === '+'
        ? [expression.receiver, ...expression.args]
        : []
  return [parts[0], parts.at(-1)].some((part) => part?.kind === 'text' && part.value.length >= charactersMin)
}

/** Whether what is opened may begin as the client likes: not behind another text, and not made an absolute path. */
export function isAtBeginning({ within, cleared }: Label): boolean {
  return !within && (cleared === undefined || cleared === 'parents')
}

/** Whether a path ends in a name that is known, whatever folder it is in. */
export function endsInName(expression: Expression | undefined): boolean {
  if (expression?.kind === 'join') return isNameOf(expression.parts.at(-1), /\/[^/]+$/)
  if (expression?.kind !== 'call') return false
  const { name, args } = expression
  if (name === 'join' || name === '/') return isNameOf(args.at(-1), /^\/?[^/.][^/]*$|\/[^/]+$/)
  return name === '+' && isNameOf(args.at(-1), /\/[^/]+$/)
}

function isNameOf(part: Expression | undefined, form: RegExp): boolean {
  return part?.kind === 'text' && !part.symbol && form.test(part.value)
}

/** What stands last in a text that is put together, or in a path: the part that is not of the program. */
export function lastPart(expression: Expression | undefined): Expression | undefined {
  if (expression?.kind === 'join') return expression.parts.findLast(isOpen)
  if (expression?.kind !== 'call') return undefined
  return ['join', '+', '/', 'expand_path', 'absolute_path'].includes(expression.name)
    ? expression.args[expression.name.endsWith('_path') ? 'find' : 'findLast'](isOpen)
    : undefined
}

function isOpen(expression: Expression | undefined): expression is Expression {
  return expression !== undefined && expression.kind !== 'text' && expression.kind !== 'constant'
}

/** The innermost part of where a flow ends that its path goes through: what in it is the cause. */
export function innerPart(
  { file, start, end }: Flow,
  trace: Trace,
): { readonly start: number; readonly end: number } | undefined {
  let part: Trace | undefined
  for (let step: Trace | undefined = trace; step; step = step.before) {
    if (step.file !== file || step.start < start || step.end > end) break
    if (step.start === start && step.end === end) continue
    if (!part || step.end - step.start <= part.end - part.start) part = step
  }
  return part
}

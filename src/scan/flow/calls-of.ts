import { type Call, type Expression, walk } from '../form.ts'
import type { SourceFile } from '../source-file.ts'
import type { Topic } from '../topics.ts'
import type { Program } from './program.ts'

export interface FoundCall {
  readonly call: Call
  readonly source: SourceFile
  /** Outermost first. */
  readonly enclosing: readonly Expression[]
}

/**
 * Every call of one of these names, in the order of the files and their places; with `words` only in files in whose text
 * one of them stands, and which are like `pattern`: a common name alone would have every file read.
 */
export function callsOf(
  program: Program,
  names: ReadonlySet<string>,
  words?: readonly string[] | Topic,
  pattern?: RegExp,
): readonly FoundCall[] {
  const found: FoundCall[] = []
  for (const { source, form } of program.codeMentioning(names, words, pattern))
    walk(form, (expression, enclosing) => {
      if (expression.kind === 'call' && names.has(expression.name))
        found.push({ call: expression, source, enclosing: [...enclosing] })
    })
  return found
}

/** The value of a named argument. */
export function optionOf({ args }: Call, name: string): Expression | undefined {
  for (const arg of args)
    if (arg.kind === 'table')
      for (const { key, value } of arg.entries) if (key?.kind === 'text' && key.value === name) return value
  return undefined
}

/** The full name of a constant, as it is written. */
export function constantOf(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'read' && expression.variable.scope === 'constant'
    ? expression.variable.name.replace(/^::/, '')
    : undefined
}

/** The pairs of name and value that a call is given: `set :name, value` and `set name: value`. */
export function pairsOf({ args }: Call): readonly { readonly name: string; readonly value: Expression }[] {
  const [first, second] = args
  if (first?.kind === 'text' && second) return [{ name: first.value, value: second }]
  return first?.kind === 'table'
    ? first.entries.flatMap(({ key, value }) => (key?.kind === 'text' ? [{ name: key.value, value }] : []))
    : []
}

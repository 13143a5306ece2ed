import type { z } from 'zod'
import { nearest } from './nearest.ts'
import type { Path, Show } from './problem.ts'
import { examples } from './schema.ts'

type Issue = z.core.$ZodIssue

/** One issue of the schema in our words. */
export interface Explanation {
  readonly path: Path
  /** Whether the place is the property's name, not its value. */
  readonly on: 'name' | 'value'
  readonly message: string
}

interface Context {
  readonly data: unknown
  readonly show: Show
}

/** Given to the parser: of unknown names, the message lists the known ones for `explainIssue`. */
export function listKnownNames(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined
  const schema = issue.inst as z.core.$ZodObject | undefined
  return Object.keys(schema?._zod.def.shape ?? {}).join(' ')
}

/** An issue names everything that it is about, so several explanations may come of it. `data` is what was parsed. */
export function explainIssue(issue: Issue, context: Context, base: Path = []): Explanation[] {
  const path: Path = [...base, ...(issue.path as (string | number)[])]
  const value = valueAt(context.data, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        on: 'name',
        message: unknownName(key, issue.message.split(' '), context),
      }))
    case 'invalid_union':
      return explainUnion(issue, context, path, value)
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, on: 'name', message }))
    case 'invalid_type':
      return [{ path, on: 'value', message: wrongType(value, path, article(issue.expected)) }]
    case 'invalid_value':
      return [{ path, on: 'value', message: wrongChoice(value, path, issue.values.map(String), context) }]
    default:
      return [{ path, on: 'value', message: issue.message }]
  }
}

/** The explanation of the form that the user most likely meant. */
function explainUnion(
  issue: Issue & { code: 'invalid_union' },
  context: Context,
  path: Path,
  value: unknown,
): Explanation[] {
  if (value === undefined) return [{ path, on: 'value', message: missing(path) }]
  if ('discriminator' in issue && typeof issue.discriminator === 'string') {
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
    return [{ path, on: 'value', message: wrongChoice(value, path, options, context) }]
  }
  const fitting = issue.errors.filter((option) => !option.some(isOfAnotherForm))
  if (fitting.length === 0) {
    const inner = issue.errors.flat()
    const forms = inner.flatMap((one) => (one.code === 'invalid_type' ? [article(one.expected)] : []))
    const choices = inner.flatMap((one) => (one.code === 'invalid_value' ? one.values.map(String) : []))
    const message =
      choices.length > 0 && typeof value === 'string'
        ? wrongChoice(value, path, choices, context)
        : wrongType(value, path, [...new Set([...choices, ...forms])].join(' or '))
    return [{ path, on: 'value', message }]
  }
  const [best = []] = [...fitting].sort((a, b) => weight(a) - weight(b))
  return best.flatMap((inner) => explainIssue(inner, context, path))
}

/** A text where settings are wanted, or the reverse: another form of the union was meant. */
function isOfAnotherForm({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

/** A setting that the form does not know counts more than one that is missing: the user has written the former. */
function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length * 2 : 1), 0)
}

function wrongType(value: unknown, path: Path, wanted: string): string {
  if (value === undefined) return missing(path)
  if (value === null) return `is empty; ${sayWanted(wanted, path)}`
  const isPlain = typeof value === 'number' || typeof value === 'boolean'
  if (isPlain && wanted.includes('text')) return `is ${kindOf(value)} where text is needed; put it in quotes`
  return `is ${kindOf(value)}; ${sayWanted(wanted, path)}`
}

function sayWanted(wanted: string, path: Path): string {
  return `write ${wanted}${exampleOf(path)}`
}

function missing(path: Path): string {
  return `is missing; add it${exampleOf(path)}`
}

function exampleOf(path: Path): string {
  const name = path.at(-1)
  const example = typeof name === 'string' ? examples[name] : undefined
  return example === undefined ? '' : `, for example \`${name}: ${example}\``
}

function wrongChoice(value: unknown, path: Path, choices: readonly string[], { show }: Context): string {
  if (value === undefined) return missing(path)
  const list = choices.length === 1 ? `write ${choices[0]}` : `it is one of ${choices.join(', ')}`
  if (typeof value !== 'string') return `is ${kindOf(value)}; ${list}`
  const near = nearest(value, choices)
  return `${show(value)} is not known; ${near ? `did you mean ${near}?` : list}`
}

function unknownName(name: string, known: readonly string[], { show }: Context): string {
  const near = nearest(name, known)
  return `${show(name)} is no setting; ${near ? `did you mean ${near}?` : `here stand ${known.join(', ')}`}`
}

function article(expected: string): string {
  const words: Record<string, string> = {
    string: 'text',
    object: 'settings (`name: value` lines)',
    record: 'settings (`name: value` lines)',
    array: 'a list',
    int: 'a whole number',
    number: 'a number',
  }
  return words[expected] ?? expected
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'empty'
  if (typeof value === 'object') return 'a group of settings'
  if (typeof value === 'boolean') return 'a truth value'
  return typeof value === 'number' ? 'a number' : 'text'
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}

import { limits } from '../../../limits.ts'
import { type Call, type Expression, type Table, type Variable, walk } from '../../form.ts'

/** What stands for a part of a text that is not known. */
const unknownPart = '…'

/** What is known where an expression of a configuration is evaluated. */
export interface Known {
  readonly environment: ReadonlyMap<string, string>
  /** What is written to a variable, where that is one thing. */
  variable(variable: Variable): Expression | undefined
}

const depthMax = 20

/**
 * What a file's variables hold: those that are written once. No more than `scanVariablesMax` are looked up in one file,
 * for texts that are made of each other many times would take for ever.
 */
export function knownIn(root: Expression, environment: ReadonlyMap<string, string>): Known {
  const written = new Map<string, Expression | undefined>()
  walk(root, (expression) => {
    if (expression.kind !== 'write') return
    const key = `${expression.variable.scope} ${expression.variable.name}`
    written.set(key, written.has(key) || expression.adds ? undefined : expression.value)
  })
  let left: number = limits.scanVariablesMax
  return { environment, variable: ({ scope, name }) => (left-- > 0 ? written.get(`${scope} ${name}`) : undefined) }
}

/** The text, number or symbol that an expression is; parts that are not known are `…`; undefined where all is unknown. */
export function textValue(expression: Expression | undefined, known: Known, depth = 0): string | undefined {
  if (!expression || depth > depthMax) return undefined
  switch (expression.kind) {
    case 'text':
      return expression.value
    case 'constant':
      return expression.value === null || expression.value === 'pattern' ? undefined : String(expression.value)
    case 'join':
      return expression.parts.map((part) => textValue(part, known, depth + 1) ?? unknownPart).join('')
    case 'sequence':
      return textValue(expression.body.at(-1), known, depth + 1)
    case 'branch':
      // `a || b`: the first that is known to be something.
      return expression.tests.length > 0
        ? undefined
        : expression.arms.map((arm) => textValue(arm, known, depth + 1)).find((value) => value !== undefined)
    case 'read':
      return textValue(known.variable(expression.variable), known, depth + 1)
    case 'call':
      return callValue(expression, known, depth + 1)
    default:
      return undefined
  }
}

const passing = new Set([
  'to_s',
  'to_i',
  'to_sym',
  'to_str',
  'freeze',
  'strip',
  'chomp',
  'expand_path',
  'to_path',
  'dup',
])

function callValue(call: Call, known: Known, depth: number): string | undefined {
  const { receiver, name, args, block } = call
  const [first, second] = args
  if (receiver && isConstant(receiver, 'ENV') && (name === '[]' || name === 'fetch')) {
    const given = known.environment.get(textValue(first, known, depth) ?? '')
    return given ?? textValue(second ?? (block?.kind === 'closure' ? block.body : undefined), known, depth)
  }
  if (name === 'join' && receiver) {
    const isFile = isConstant(receiver, 'File')
    const parts = args.map((arg) => textValue(arg, known, depth) ?? unknownPart)
    return (isFile ? parts : [textValue(receiver, known, depth) ?? unknownPart, ...parts]).join('/')
  }
  if (name === 'expand_path' && receiver && isConstant(receiver, 'File')) return textValue(first, known, depth)
  if (name === 'Integer' || name === 'String' || name === 'Pathname') return textValue(first, known, depth)
  if (passing.has(name) && receiver) return textValue(receiver, known, depth)
  if (name === '+' && receiver) {
    const parts = [textValue(receiver, known, depth), textValue(first, known, depth)]
    return parts.every((part) => part === undefined) ? undefined : parts.map((part) => part ?? unknownPart).join('')
  }
  if (name === 'format' || name === '%') return unknownPart
  return undefined
}

export function isConstant(expression: Expression | undefined, ...names: readonly string[]): boolean {
  return (
    expression?.kind === 'read' &&
    expression.variable.scope === 'constant' &&
    names.includes(expression.variable.name.replace(/^::/, ''))
  )
}

/** The entries of a dictionary by the text of their keys, merged ones included; undefined where it is none. */
export function tableValue(
  expression: Expression | undefined,
  known: Known,
  depth = 0,
): ReadonlyMap<string, Expression> | undefined {
  if (!expression || depth > depthMax) return undefined
  if (expression.kind === 'table') return entriesOf(expression, known, depth)
  if (expression.kind === 'read') return tableValue(known.variable(expression.variable), known, depth + 1)
  if (expression.kind === 'sequence') return tableValue(expression.body.at(-1), known, depth + 1)
  if (expression.kind !== 'call') return undefined
  const { receiver, name, args } = expression
  if (name === 'merge' || name === 'merge!' || name === 'update') {
    const parts = [receiver, ...args].map((part) => tableValue(part, known, depth + 1))
    return parts.some((part) => part) ? new Map(parts.flatMap((part) => [...(part ?? [])])) : undefined
  }
  return name === 'freeze' || name === 'to_h' ? tableValue(receiver, known, depth + 1) : undefined
}

function entriesOf(table: Table, known: Known, depth: number): ReadonlyMap<string, Expression> {
  const entries = new Map<string, Expression>()
  for (const { key, value } of table.entries) {
    if (!key) for (const [name, inner] of tableValue(value, known, depth + 1) ?? []) entries.set(name, inner)
    const name = key && textValue(key, known)
    if (name !== undefined) entries.set(name, value)
  }
  return entries
}

/** What OpenSSL is told about client certificates; undefined where that is computed. */
export interface Verification {
  readonly asks: boolean
  readonly refusesNone: boolean
}

/** `VERIFY_PEER | VERIFY_FAIL_IF_NO_PEER_CERT`, whatever module the names come from; also as numbers (1, 2). */
export function verificationOf(expression: Expression | undefined, known: Known): Verification | undefined {
  if (!expression) return undefined
  const flags = flagsOf(expression, known, 0)
  return flags === undefined ? undefined : { asks: (flags & 1) !== 0, refusesNone: (flags & 3) === 3 }
}

const flagNames: Readonly<Record<string, number>> = {
  VERIFY_NONE: 0,
  VERIFY_PEER: 1,
  VERIFY_FAIL_IF_NO_PEER_CERT: 2,
  VERIFY_CLIENT_ONCE: 4,
}

function flagsOf(expression: Expression | undefined, known: Known, depth: number): number | undefined {
  if (!expression || depth > depthMax) return undefined
  if (expression.kind === 'constant')
    return typeof expression.value === 'number' ? expression.value : expression.value === null ? 0 : undefined
  if (expression.kind === 'read') {
    const last = expression.variable.name.slice(expression.variable.name.lastIndexOf(':') + 1)
    if (Object.hasOwn(flagNames, last)) return flagNames[last]
    return flagsOf(known.variable(expression.variable), known, depth + 1)
  }
  if (expression.kind === 'sequence') return flagsOf(expression.body.at(-1), known, depth + 1)
  if (expression.kind !== 'call' || (expression.name !== '|' && expression.name !== '+')) return undefined
  const [left, right] = [expression.receiver, expression.args[0]].map((side) => flagsOf(side, known, depth + 1))
  return left === undefined || right === undefined ? undefined : left | right
}

/** Whether a verification callback says yes to every certificate: `proc { true }`. */
export function acceptsAll(callback: Expression | undefined, known: Known): boolean {
  const closure = callback?.kind === 'read' ? known.variable(callback.variable) : callback
  if (closure?.kind !== 'closure') return false
  const last = closure.body.kind === 'sequence' ? closure.body.body.at(-1) : closure.body
  return last?.kind === 'constant' && last.value === true
}

/** Whether an expression is surely true, or surely is not; undefined where it is computed. */
export function truthOf(expression: Expression | undefined, known: Known): boolean | undefined {
  if (!expression) return undefined
  if (expression.kind === 'constant') return expression.value !== false && expression.value !== null
  if (expression.kind === 'text' || expression.kind === 'table') return true
  if (expression.kind === 'read') return truthOf(known.variable(expression.variable), known)
  return undefined
}

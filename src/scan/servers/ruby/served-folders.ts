import { type Call, type Expression, walk } from '../../form.ts'
import type { SourceFile } from '../../source-file.ts'
import { type Known, knownIn, textValue } from './evaluate.ts'

/** A folder whose files a program answers with, and the call that says so. */
export interface ServedFolder {
  /** Relative to what is scanned, without a slash at its end; '' is the whole. */
  readonly folder: string
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  /** Where the folder is named. */
  readonly named: { readonly start: number; readonly end: number }
}

const servers = /^(?:::)?Rack::(?:Files?|Directory|Static|TryStatic|SendfileStatic)$/

/** The folders that a file's code serves; `program` is the folder that the program is started in. */
export function servedFolders(file: SourceFile, form: Expression, program: string): readonly ServedFolder[] {
  const known = knownIn(form, new Map())
  const found: ServedFolder[] = []
  walk(form, (expression) => {
    if (expression.kind !== 'call') return
    const value = folderOf(expression)
    const folder = value && resolve(value, known, file.path, program)
    const { start, end } = expression
    if (value && folder !== undefined) found.push({ folder, file, start, end, named: value })
  })
  return found
}

/** The argument that names the folder, where the call serves all of it. */
function folderOf({ name, receiver, args }: Call): Expression | undefined {
  const [first, second] = args
  if (name === 'set' && first?.kind === 'text' && /^public(?:_folder|_dir)?$/.test(first.value)) return second
  if (name === 'new' && isServer(receiver)) return first?.kind === 'table' ? undefined : first
  if ((name !== 'use' && name !== 'run') || !isServer(first)) return undefined
  const root = entryOf(args, 'root')
  const urls = entryOf(args, 'urls')
  const items = urls?.kind === 'list' ? urls.items : []
  return items.some((item) => item.kind === 'text' && (item.value === '' || item.value === '/')) ? root : undefined
}

function isServer(expression: Expression | undefined): boolean {
  return (
    expression?.kind === 'read' && expression.variable.scope === 'constant' && servers.test(expression.variable.name)
  )
}

function entryOf(args: readonly Expression[], name: string): Expression | undefined {
  for (const arg of args)
    if (arg.kind === 'table')
      for (const { key, value } of arg.entries) if (key?.kind === 'text' && key.value === name) return value
  return undefined
}

const depthMax = 12

/** The folder relative to what is scanned; undefined where it is not known, or outside. */
function resolve(
  expression: Expression | undefined,
  known: Known,
  path: string,
  program: string,
  depth = 0,
): string | undefined {
  if (!expression || depth > depthMax) return undefined
  const of = (part: Expression | undefined) => resolve(part, known, path, program, depth + 1)
  if (expression.kind === 'call') {
    const { name, args, receiver } = expression
    if (name === '__dir__' || (name === 'dirname' && isThisFile(args[0]))) return folderOfPath(path)
    if (name === 'root' || name === 'pwd' || name === 'getwd') return program
    if (name === 'expand_path' || name === 'absolute_path') {
      const base = isThisFile(args[1]) ? path : args[1] ? of(args[1]) : program
      return base === undefined
        ? undefined
        : within(base, textValue(args[0], known) ?? (args[1] ? undefined : of(args[0])))
    }
    if (name === 'join') {
      const [first, ...others] = receiver && receiver.kind !== 'read' ? [receiver, ...args] : args
      return others.reduce<string | undefined>(
        (base, part) => (base === undefined ? undefined : within(base, textValue(part, known))),
        of(first),
      )
    }
    if (name === 'to_s' || name === 'freeze') return of(receiver)
    if (name === '+') {
      const base = of(receiver)
      return base === undefined ? undefined : within(base, textValue(args[0], known)?.replace(/^\//, ''))
    }
  }
  if (expression.kind === 'join') {
    const [first, ...others] = expression.parts
    const base = first?.kind === 'text' ? undefined : of(first)
    if (base !== undefined)
      return within(
        base,
        others
          .map((part) => textValue(part, known) ?? '\0')
          .join('')
          .replace(/^\//, ''),
      )
  }
  if (expression.kind === 'closure') return of(expression.body)
  return within(program, textValue(expression, known))
}

function isThisFile(expression: Expression | undefined): boolean {
  return (
    (expression?.kind === 'text' && expression.value.length === 0) ||
    (expression?.kind === 'call' && expression.name === '__FILE__') ||
    (expression?.kind === 'read' && expression.variable.name === '__FILE__')
  )
}

function within(base: string, path: string | undefined): string | undefined {
  if (path === undefined || path.startsWith('/') || path.startsWith('~') || path.includes('…') || path.includes('\0'))
    return undefined
  const parts = base === '' ? [] : base.split('/')
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

function folderOfPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

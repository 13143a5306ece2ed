import { type Call, type Expression, type Scope, walk } from './form.ts'
import type { Parsed, Survey, SurveyedMethod, SurveyedScope } from './language.ts'

/** Calls that take modules into the class or module that they stand in. */
export const mixinCalls = new Set(['include', 'extend', 'prepend', 'helpers', 'register'])

/** Calls whose first argument names a function or a variable. */
export const namingCalls = new Set([
  ...['send', 'public_send', '__send__', 'try', 'try!', 'method'],
  ...['instance_variable_get', 'instance_variable_set'],
])

/** Calls that every file is taken to have: there is hardly one without the first, and patterns call the others. */
export const mentionedByAll: readonly string[] = ['[]', '[]=', '!', 'deconstruct', 'deconstruct_keys']

/** What a file in the common form defines and mentions. */
export function surveyOf({ program, problems, loads, loadsUnknown }: Parsed): Survey {
  const scopes: SurveyedScope[] = []
  const methods: SurveyedMethod[] = []
  const mentions = new Set(mentionedByAll)
  const writes = new Set<string>()
  const topBlocks = new Set<string>()
  const entries = new Map<string, Set<string>>()
  const open = new Set<string>()
  const mixins = new Map<string, string[]>()
  if (program) {
    walk(program, (expression, enclosing) => {
      switch (expression.kind) {
        case 'scope': {
          const name = joinName(ownerOf(enclosing), expression.name)
          const own: string[] = []
          mixins.set(name, own)
          scopes.push({ name, ...(expression.parent === undefined ? {} : { parent: expression.parent }), mixins: own })
          if (expression.parent !== undefined) mentions.add(expression.parent)
          break
        }
        case 'define':
          methods.push({
            name: expression.name,
            owner: ownerOf(enclosing),
            on: expression.on,
            start: expression.closure.start,
          })
          break
        case 'call':
          mentions.add(expression.name)
          for (const name of namedBy(expression)) mentions.add(name)
          noteEntry(expression, entries)
          if (isTopBlock(expression, enclosing)) topBlocks.add(expression.name)
          if (mixinCalls.has(expression.name) && isOnOwn(expression))
            mixins.get(ownerOf(enclosing))?.push(...constantsOf(expression))
          break
        case 'read':
          if (expression.variable.scope !== 'local') mentions.add(expression.variable.name)
          if (expression.variable.scope === 'constant' && !isAskedForText(enclosing.at(-1), expression))
            open.add(expression.variable.name)
          break
        case 'write':
          if (expression.variable.scope !== 'local') {
            mentions.add(expression.variable.name)
            writes.add(lastName(expression.variable.name))
          }
          break
      }
    })
  }
  return {
    scopes,
    methods,
    mentions: [...mentions].join('\n'),
    writes: [...writes].join('\n'),
    topBlocks: [...topBlocks].join('\n'),
    entries: entryLines(entries, open),
    loads,
    loadsUnknown,
    problems,
    understood: program !== undefined,
  }
}

function noteEntry(call: Call, entries: Map<string, Set<string>>): void {
  const { receiver, args } = call
  if (receiver?.kind !== 'read' || !isAskedForText(call, receiver)) return
  for (const arg of args) if (arg.kind === 'text') addEntry(entries, receiver.variable.name, arg.value)
}

/** Whether it is a constant that a call asks for a text, and for nothing that is not written there. */
function isAskedForText(parent: Expression | undefined, constant: Expression): boolean {
  if (parent?.kind !== 'call' || parent.receiver !== constant || !asksForText(parent.name)) return false
  if (constant.kind !== 'read' || constant.variable.scope !== 'constant') return false
  return parent.args[0]?.kind === 'text' && !parent.args.some(({ kind }) => kind === 'spread')
}

/** Not what writes, nor an operator: `+=` is more than it looks like. */
export function asksForText(call: string): boolean {
  return call === '[]' || /^\w+[?!]?$/.test(call)
}

export function addEntry(entries: Map<string, Set<string>>, constant: string, text: string): void {
  const texts = entries.get(constant)
  if (texts) texts.add(text)
  else entries.set(constant, new Set([text]))
}

/** A line each, of the constants that are not open; a text with a line feed, or a long one, makes its constant open. */
export function entryLines(entries: ReadonlyMap<string, ReadonlySet<string>>, open: ReadonlySet<string>): string {
  const lines: string[] = []
  for (const [constant, texts] of entries) {
    if (open.has(constant) || ![...texts].every((text) => isEntry(text))) continue
    for (const text of texts) lines.push(`${constant} ${text}`)
  }
  return lines.join('\n')
}

const entryCharactersMax = 80

function isEntry(text: string): boolean {
  return text.length <= entryCharactersMax && !text.includes('\n')
}

/** On the scope itself, or in what is run when a module is taken in: `base.extend(Functions)`. */
function isOnOwn({ receiver }: Call): boolean {
  return (
    !receiver || (receiver.kind === 'read' && receiver.variable.scope === 'local' && receiver.variable.name !== 'self')
  )
}

function isTopBlock({ name, receiver, block }: Call, enclosing: readonly Expression[]): boolean {
  return !receiver && block !== undefined && name !== 'super' && ownerOf(enclosing) === ''
}

/** What a call of its sort calls, reads or writes by its name. */
export function namedBy({ name, args: [first] }: Call): readonly string[] {
  return first?.kind === 'text' && namingCalls.has(name) ? [first.value] : []
}

function constantsOf(call: Call): string[] {
  return call.args.flatMap((arg) =>
    arg.kind === 'read' && arg.variable.scope === 'constant' ? [arg.variable.name] : [],
  )
}

/** The full name of the innermost class or module around an expression. */
export function ownerOf(enclosing: readonly Expression[]): string {
  let owner = ''
  for (const expression of enclosing)
    if (expression.kind === 'scope') owner = joinName(owner, (expression as Scope).name)
  return owner
}

/** `Base` of `Sinatra::Base`. */
export function lastName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}

/** `::Base` is meant from anywhere. */
export function joinName(scope: string, name: string): string {
  if (name.startsWith('::')) return name.slice(2)
  return scope === '' ? name : `${scope}::${name}`
}

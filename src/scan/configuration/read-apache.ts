import { limits } from '../../limits.ts'
import type { SourceFile } from '../source-file.ts'
import { templateText } from './template-text.ts'

export interface ApacheWord {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A line, or `<Name words>` with what stands up to `</Name>`. Names in lower case. */
export interface ApacheDirective {
  readonly name: string
  readonly args: readonly ApacheWord[]
  readonly block?: readonly ApacheDirective[]
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

export interface ReadApache {
  readonly directives: readonly ApacheDirective[]
  readonly problems: readonly { readonly start: number; readonly says: string }[]
}

interface Open {
  readonly name: string
  readonly args: readonly ApacheWord[]
  readonly start: number
  readonly end: number
  readonly directives: ApacheDirective[]
}

/** Reads Apache's configuration syntax, templates of it included. Linear in the text; never throws. */
export function readApache(file: SourceFile): ReadApache {
  const text = templateText(file.text)
  const root: ApacheDirective[] = []
  const open: Open[] = []
  const problems: { start: number; says: string }[] = []
  const current = () => open.at(-1)?.directives ?? root
  let number = 0
  for (let from = 0; from < text.length && number < limits.configurationDirectivesMax; number++) {
    const end = lineEnd(text, from)
    const start = from + leadingBlanks(text, from, end)
    from = end + 1
    if (start >= end || text[start] === '#') continue
    const isTag = text[start] === '<'
    const inner = isTag ? start + Math.max(text.slice(start, end).lastIndexOf('>'), 1) : end
    const [first, ...args] = wordsOf(text, isTag ? start + 1 : start, Math.min(inner, end))
    if (!first) continue
    const name = first.value.toLowerCase()
    const last = isTag ? Math.min(inner + 1, end) : (args.at(-1)?.end ?? first.end)
    if (!isTag) current().push({ name, args, file, start, end: last })
    else if (!name.startsWith('/')) {
      if (open.length >= limits.configurationDepthMax) {
        problems.push({ start, says: `is nested more than ${limits.configurationDepthMax} deep` })
        break
      }
      open.push({ name, args, start, end: last, directives: [] })
    } else {
      const block = open.pop()
      if (block?.name !== name.slice(1)) problems.push({ start, says: 'closes a section that is not open' })
      if (block) close(block, current(), file)
    }
  }
  for (let block = open.pop(); block; block = open.pop()) {
    problems.push({ start: block.start, says: 'opens a section that is not closed' })
    close(block, current(), file)
  }
  return { directives: root, problems }
}

function close({ directives, ...rest }: Open, into: ApacheDirective[], file: SourceFile): void {
  into.push({ ...rest, block: directives, file })
}

/** A backslash at its end continues a line. */
function lineEnd(text: string, from: number): number {
  let at = from
  while (true) {
    const end = text.indexOf('\n', at)
    if (end === -1) return text.length
    if (text[end - 1] !== '\\' && !(text[end - 1] === '\r' && text[end - 2] === '\\')) return end
    at = end + 1
  }
}

function leadingBlanks(text: string, from: number, end: number): number {
  let at = from
  while (at < end && /\s/.test(text[at] ?? '')) at++
  return at - from
}

function wordsOf(text: string, from: number, end: number): ApacheWord[] {
  const words: ApacheWord[] = []
  let at = from
  while (at < end) {
    const character = text[at] ?? ''
    if (/\s/.test(character) || (character === '\\' && /[\r\n]/.test(text[at + 1] ?? ''))) {
      at++
      continue
    }
    const start = at
    const quote = character === '"' || character === "'" ? character : ''
    let value = ''
    for (at = quote ? at + 1 : at; at < end; at++) {
      const next = text[at] ?? ''
      if (quote ? next === quote : /\s/.test(next)) break
      if (next === '\\' && (text[at + 1] === '"' || text[at + 1] === "'")) at++
      value += text[at] ?? ''
    }
    if (quote && at < end) at++
    words.push({ value, start, end: Math.max(at, start + 1) })
    at = Math.max(at, start + 1)
  }
  return words
}

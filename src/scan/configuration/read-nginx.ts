import { limits } from '../../limits.ts'
import type { SourceFile } from '../source-file.ts'
import { templateText } from './template-text.ts'

/** A word of a directive, unquoted. */
export interface NginxWord {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** `name words;` or `name words { block }`. */
export interface NginxDirective {
  readonly name: string
  readonly args: readonly NginxWord[]
  readonly block?: readonly NginxDirective[]
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

export interface ReadNginx {
  readonly directives: readonly NginxDirective[]
  /** Offset and half a sentence; what was read before it counts all the same. */
  readonly problems: readonly { readonly start: number; readonly says: string }[]
}

interface OpenBlock {
  readonly directives: NginxDirective[]
  readonly name: string
  readonly args: readonly NginxWord[]
  readonly start: number
}

/** Reads nginx's configuration syntax, templates of it included. Linear in the text; never throws. */
export function readNginx(file: SourceFile): ReadNginx {
  const text = templateText(file.text)
  const problems: { start: number; says: string }[] = []
  const root: NginxDirective[] = []
  const open: OpenBlock[] = []
  let words: NginxWord[] = []
  let at = 0
  let number = 0
  const current = () => open.at(-1)?.directives ?? root
  for (at = skipBlanks(text, at); at < text.length; at = skipBlanks(text, at)) {
    const character = text[at]
    if (character === ';') {
      const [name, ...args] = words
      if (name) current().push({ name: name.value, args, file, start: name.start, end: at + 1 })
      words = []
      at++
      number++
    } else if (character === '{') {
      const [name, ...args] = words
      if (!name) problems.push({ start: at, says: 'opens a block without a name' })
      const start = name?.start ?? at
      if (name?.value.endsWith('_by_lua_block')) at = skipCode(text, at) - 1
      else if (open.length >= limits.configurationDepthMax) {
        problems.push({ start: at, says: `is nested more than ${limits.configurationDepthMax} deep` })
        break
      } else open.push({ directives: [], name: name?.value ?? '', args, start })
      words = []
      at++
    } else if (character === '}') {
      const block = open.pop()
      words = []
      at++
      if (block) {
        const { directives, ...rest } = block
        current().push({ ...rest, block: directives, file, end: at })
      } else problems.push({ start: at - 1, says: 'closes a block that is not open' })
    } else {
      const word = wordAt(text, at)
      words.push(word)
      at = word.end
    }
    if (number > limits.configurationDirectivesMax) {
      problems.push({ start: at, says: `holds more than ${limits.configurationDirectivesMax} directives` })
      break
    }
  }
  for (let block = open.pop(); block; block = open.pop()) {
    problems.push({ start: block.start, says: 'opens a block that is not closed' })
    const { directives, ...rest } = block
    current().push({ ...rest, block: directives, file, end: text.length })
  }
  return { directives: root, problems }
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const character = text[at] ?? ''
    if (character === '#') {
      const end = text.indexOf('\n', at)
      if (end === -1) return text.length
      at = end + 1
    } else if (/\s/.test(character)) at++
    else break
  }
  return at
}

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', '"': '"', "'": "'", '\\': '\\' }

function wordAt(text: string, start: number): NginxWord {
  const quote = text[start] === '"' || text[start] === "'" ? text[start] : undefined
  let at = quote ? start + 1 : start
  let from = at
  let value = ''
  while (at < text.length) {
    const character = text[at] ?? ''
    if (character === '\\') {
      const escaped = escapes[text[at + 1] ?? '']
      if (escaped !== undefined) {
        value += text.slice(from, at) + escaped
        from = at + 2
      }
      at += 2
    } else if (quote ? character === quote : /[\s;{]/.test(character) && !(character === '{' && text[at - 1] === '$'))
      break
    else if (!quote && character === '}' && !text.slice(Math.max(start, at - 80), at).includes('${')) break
    else at++
  }
  at = Math.min(at, text.length)
  value += text.slice(from, at)
  const end = quote ? Math.min(at + 1, text.length) : at
  // A character that begins no word here would otherwise be looked at for ever.
  return { value, start, end: Math.max(end, start + 1) }
}

/** The end of a block of Lua: braces balance outside of its strings and comments. */
function skipCode(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
    else if (character === '"' || character === "'") {
      for (at++; at < text.length && text[at] !== character && text[at] !== '\n'; at++) if (text[at] === '\\') at++
    } else if (character === '-' && text[at + 1] === '-') {
      const end = text.indexOf('\n', at)
      if (end === -1) return text.length
      at = end
    }
  }
  return text.length
}

import { limits } from '../../limits.ts'
import type { SourceFile } from '../source-file.ts'
import { templateText } from './template-text.ts'

/** A word of a line, unquoted. */
export interface HaproxyWord {
  readonly value: string
  readonly start: number
  readonly end: number
}

export interface HaproxyLine {
  readonly file: SourceFile
  readonly words: readonly HaproxyWord[]
  readonly start: number
  readonly end: number
}

/** `frontend name` and the lines below it. */
export interface HaproxySection {
  readonly kind: string
  readonly name: string
  readonly head: HaproxyLine
  readonly lines: readonly HaproxyLine[]
}

const kinds = new Set([
  ...['global', 'defaults', 'frontend', 'backend', 'listen', 'peers', 'mailers', 'resolvers', 'userlist', 'cache'],
  ...['program', 'http-errors', 'ring', 'fcgi-app', 'crt-store', 'traces', 'acme', 'log-profile'],
])

/** Reads haproxy's configuration, templates of it included. Linear in the text; never throws. */
export function readHaproxy(file: SourceFile): readonly HaproxySection[] {
  const text = templateText(file.text)
  const sections: { kind: string; name: string; head: HaproxyLine; lines: HaproxyLine[] }[] = []
  let number = 0
  for (let from = 0; from < text.length && number < limits.configurationDirectivesMax; number++) {
    const { words, end } = lineAt(text, from)
    from = end
    const [first, second] = words
    if (!first || first.value.startsWith('.')) continue
    const line = { file, words, start: first.start, end: words.at(-1)?.end ?? first.end }
    if (kinds.has(first.value)) sections.push({ kind: first.value, name: second?.value ?? '', head: line, lines: [] })
    else sections.at(-1)?.lines.push(line)
  }
  return sections
}

/** A backslash escapes one character, a line feed among them; `"` keeps escapes, `'` nothing. */
function lineAt(text: string, from: number): { words: HaproxyWord[]; end: number } {
  const words: HaproxyWord[] = []
  let at = from
  while (at < text.length && text[at] !== '\n') {
    const character = text[at] ?? ''
    if (character === '#') {
      const end = text.indexOf('\n', at)
      return { words, end: end === -1 ? text.length : end + 1 }
    }
    if (/\s/.test(character)) at++
    else if (character === '\\' && text[at + 1] === '\n') at += 2
    else {
      const word = wordAt(text, at)
      words.push(word)
      at = word.end
    }
  }
  return { words, end: at + 1 }
}

function wordAt(text: string, start: number): HaproxyWord {
  let value = ''
  let quote = ''
  let at = start
  for (; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\n' || (quote === '' && (/\s/.test(character) || character === '#'))) break
    if (character === '\\' && quote !== "'") {
      at++
      if (text[at] === '\n' || at >= text.length) break
      value += text[at]
    } else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
    else value += character
  }
  const end = Math.max(Math.min(at, text.length), start + 1)
  return { value, start, end }
}

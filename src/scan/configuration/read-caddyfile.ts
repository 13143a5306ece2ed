import { limits } from '../../limits.ts'
import type { SourceFile } from '../source-file.ts'
import { templateText } from './template-text.ts'

export interface CaddyWord {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A line, with the block that its brace opens. The name of a site is its first address; of the global block ''. */
export interface CaddyDirective {
  readonly name: string
  readonly args: readonly CaddyWord[]
  readonly block?: readonly CaddyDirective[]
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

export interface ReadCaddyfile {
  readonly directives: readonly CaddyDirective[]
  readonly problems: readonly { readonly start: number; readonly says: string }[]
}

interface Token {
  readonly value: string
  readonly start: number
  readonly end: number
  /** Whether it is the first of its line. */
  readonly isFirst: boolean
  readonly isQuoted: boolean
}

/** Reads a Caddyfile; snippets are put where they are imported. Linear in the text; never throws. */
export function readCaddyfile(file: SourceFile): ReadCaddyfile {
  const problems: { start: number; says: string }[] = []
  const root: CaddyDirective[] = []
  const open: { words: Token[]; start: number; directives: CaddyDirective[] }[] = []
  let words: Token[] = []
  const current = () => open.at(-1)?.directives ?? root
  const flush = () => {
    const [name, ...args] = words
    if (name) current().push({ name: name.value, args, file, start: name.start, end: words.at(-1)?.end ?? name.end })
    words = []
  }
  let number = 0
  for (const token of tokensOf(templateText(file.text))) {
    if (++number > limits.configurationDirectivesMax) break
    const isComma = words.at(-1)?.value.endsWith(',') === true && open.length === 0
    if (token.isFirst && !isComma) flush()
    if (token.value === '{' && !token.isQuoted) {
      if (open.length >= limits.configurationDepthMax) {
        problems.push({ start: token.start, says: `is nested more than ${limits.configurationDepthMax} deep` })
        break
      }
      open.push({ words, start: words[0]?.start ?? token.start, directives: [] })
      words = []
    } else if (token.value === '}' && !token.isQuoted) {
      flush()
      const block = open.pop()
      if (block) close(block, token.end)
      else problems.push({ start: token.start, says: 'closes a block that is not open' })
    } else words.push(token)
  }
  flush()
  for (let block = open.pop(); block; block = open.pop()) {
    problems.push({ start: block.start, says: 'opens a block that is not closed' })
    close(block, file.text.length)
  }
  return { directives: withoutBraces(root, file), problems }

  function close(block: { words: Token[]; start: number; directives: CaddyDirective[] }, end: number): void {
    const [name, ...args] = block.words
    current().push({ name: name?.value ?? '', args, block: block.directives, file, start: block.start, end })
  }
}

/** A file of one site may leave its braces out: its first line is the address. */
function withoutBraces(root: readonly CaddyDirective[], file: SourceFile): readonly CaddyDirective[] {
  const [first, ...rest] = root
  if (!first || root.some(({ block, name }) => block && !isDirectiveName(name))) return root
  return [{ ...first, file, block: rest }]
}

function isDirectiveName(name: string): boolean {
  return /^(?:reverse_proxy|tls|log|handle|handle_path|route|header|file_server|encode|respond|@)/.test(name)
}

function* tokensOf(text: string): Generator<Token> {
  let isFirst = true
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? ''
    if (character === '\n') {
      isFirst = true
      at++
    } else if (/\s/.test(character)) at++
    else if (character === '\\' && /[\r\n]/.test(text[at + 1] ?? '')) at = text.indexOf('\n', at) + 1
    else if (character === '#') {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end
    } else {
      const token = tokenAt(text, at, isFirst)
      yield token
      isFirst = false
      at = token.end
    }
  }
}

function tokenAt(text: string, start: number, isFirst: boolean): Token {
  const quote = text[start] === '"' || text[start] === '`' ? text[start] : undefined
  let value = ''
  let at = quote ? start + 1 : start
  for (; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quote ? character === quote : /\s/.test(character)) break
    if (character === '\\' && quote === '"' && text[at + 1] === '"') at++
    value += text[at] ?? ''
  }
  const end = Math.min(quote ? at + 1 : at, text.length)
  return { value, start, end: Math.max(end, start + 1), isFirst, isQuoted: quote !== undefined }
}

/** The directives with each `import` of a snippet replaced by what the snippet holds. */
export function withSnippets(directives: readonly CaddyDirective[]): readonly CaddyDirective[] {
  const snippets = new Map(
    directives
      .filter(({ name, block }) => block && /^\(.+\)$/.test(name))
      .map((one) => [one.name.slice(1, -1), one.block ?? []]),
  )
  let left: number = limits.configurationIncludesMax
  const expand = (list: readonly CaddyDirective[], chain: readonly string[]): readonly CaddyDirective[] =>
    list.flatMap((directive): readonly CaddyDirective[] => {
      const name = directive.args[0]?.value ?? ''
      const snippet = directive.name === 'import' && !chain.includes(name) ? snippets.get(name) : undefined
      if (snippet) return left-- > 0 ? expand(snippet, [...chain, name]) : []
      return [directive.block ? { ...directive, block: expand(directive.block, chain) } : directive]
    })
  return expand(
    directives.filter(({ name }) => !/^\(.+\)$/.test(name)),
    [],
  )
}

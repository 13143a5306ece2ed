import { entryOf } from './flow/entry-of.ts'

/** The patterns of one .gitignore, as gitignore(5) has them. */
export interface IgnoreFile {
  /** The folder that it stands in, relative to what is walked, '' for the root. */
  readonly folder: string
  /** Where it stands above the root: the root's path from there. */
  readonly above: string
  readonly patterns: readonly Pattern[]
  /** Of patterns without a wildcard their indexes, ascending: by the name, and of anchored ones by the path. */
  readonly byName: ReadonlyMap<string, readonly number[]>
  readonly byPath: ReadonlyMap<string, readonly number[]>
  /** Indexes of the others. */
  readonly wild: readonly number[]
}

/** How much more may be compared; patterns that are not compared any more leave nothing out. */
export interface Effort {
  stepsLeft: number
}

interface Pattern {
  readonly negated: boolean
  readonly folderOnly: boolean
  /** Matched against the whole path below the file's folder; else against any name. */
  readonly anchored: boolean
  /** Of an anchored pattern: what stands before its first wildcard. */
  readonly prefix: string
  readonly segments: readonly Segment[]
  /** Of `*.log` what names end in. */
  readonly suffix?: string
}

/** What stands between two slashes; `**` by itself for any number of folders. */
type Segment = '**' | readonly Token[]

type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'class'; accepts(character: string): boolean }

export function parseIgnoreFile(folder: string, text: string, above = ''): IgnoreFile {
  const patterns = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap(parsePattern)
  const byName = new Map<string, number[]>()
  const byPath = new Map<string, number[]>()
  const wild: number[] = []
  for (const [index, { anchored, prefix, segments }] of patterns.entries()) {
    const [segment] = segments
    const rest = segments.length === 1 && segment !== undefined && segment !== '**' ? asText(segment) : undefined
    if (rest === undefined || (anchored && rest !== '')) wild.push(index)
    else entryOf(anchored ? byPath : byName, anchored ? prefix : rest, (): number[] => []).push(index)
  }
  return { folder, above, patterns, byName, byPath, wild }
}

/** Undefined for tokens that stand for other texts too. */
function asText(tokens: readonly Token[]): string | undefined {
  let text = ''
  for (const token of tokens) {
    if (token.kind !== 'text') return undefined
    text += token.text
  }
  return text
}

function parsePattern(line: string): Pattern[] {
  let text = withoutBlanksAtEnd(line)
  if (text === '' || text.startsWith('#')) return []
  const negated = text.startsWith('!')
  if (negated) text = text.slice(1)
  const folderOnly = text.endsWith('/')
  if (folderOnly) text = text.slice(0, -1)
  const anchored = text.includes('/')
  const pattern = bytesAsText(text.replace(/^\//, ''))
  // Git compares this part as it is and looks for `**` in the rest: in `a**/b` it stands for folders, too.
  const prefix = anchored ? (/^[^*?[\\]*/.exec(pattern)?.[0] ?? '') : ''
  const segments = parseSegments(pattern.slice(prefix.length))
  if (!segments || text === '') return []
  const [segment] = segments
  const [first, ...rest] = segment === undefined || segment === '**' ? [] : segment
  const suffix = !anchored && first?.kind === 'star' ? asText(rest) : undefined
  return [{ negated, folderOnly, anchored, prefix, segments, ...(suffix === undefined ? {} : { suffix }) }]
}

/** Blanks at the end do not count unless escaped. */
function withoutBlanksAtEnd(line: string): string {
  let end = line.length
  while (line[end - 1] === ' ') end--
  let backslashes = 0
  while (line[end - 1 - backslashes] === '\\') backslashes++
  return end < line.length && backslashes % 2 === 1 ? line.slice(0, end + 1) : line.slice(0, end)
}

/** Undefined for what git matches with nothing: a class that is not closed, a backslash at the end. */
function parseSegments(pattern: string): Segment[] | undefined {
  const segments: Segment[] = []
  let tokens: Token[] = []
  let begin = 0
  const close = (at: number, next: number) => {
    segments.push(/^\*{2,}$/.test(pattern.slice(begin, at)) ? '**' : tokens)
    tokens = []
    begin = next
  }
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] ?? ''
    const slash = character === '/' ? 1 : character === '\\' && pattern[at + 1] === '/' ? 2 : 0
    if (slash > 0) {
      close(at, at + slash)
      at += slash
    } else if (character === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' })
      at++
    } else if (character === '?') {
      tokens.push({ kind: 'any' })
      at++
    } else if (character === '[') {
      const parsed = parseClass(pattern, at + 1)
      if (!parsed) return undefined
      tokens.push({ kind: 'class', accepts: parsed.accepts })
      at = parsed.end
    } else {
      const isEscape = character === '\\'
      if (isEscape && at + 1 === pattern.length) return undefined
      tokens.push({ kind: 'text', text: isEscape ? (pattern[at + 1] ?? '') : character })
      at += isEscape ? 2 : 1
    }
  }
  close(pattern.length, pattern.length)
  return segments
}

const named: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is meant
  cntrl: /[\u0000-\u001f\u007f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
}

/** From behind `[`. A `]` at the beginning is a member. */
function parseClass(
  pattern: string,
  start: number,
): { readonly accepts: (character: string) => boolean; readonly end: number } | undefined {
  const negated = pattern[start] === '!' || pattern[start] === '^'
  const members: ((character: string) => boolean)[] = []
  let at = negated ? start + 1 : start
  let previous = ''
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    const character = pattern[at]
    if (character === undefined) return undefined
    if (character === '[' && pattern[at + 1] === ':') {
      const end = pattern.indexOf(':]', at + 2)
      const set = end === -1 ? undefined : named[pattern.slice(at + 2, end)]
      if (end !== -1 && !set) return undefined
      if (set) {
        members.push((given) => set.test(given))
        at = end + 2
        previous = ''
        continue
      }
    }
    const isRange = character === '-' && previous !== '' && pattern[at + 1] !== undefined && pattern[at + 1] !== ']'
    if (isRange) at++
    if (pattern[at] === '\\') at++
    const member = pattern[at]
    if (member === undefined) return undefined
    const from = isRange ? previous : member
    members.push((given) => given >= from && given <= member)
    previous = isRange ? '' : member
    at++
  }
  return { accepts: (given) => members.some((accepts) => accepts(given)) !== negated, end: at + 1 }
}

/** Whether the files, outermost first, ignore `path`: the last pattern that matches decides. */
export function isIgnored(
  files: readonly IgnoreFile[],
  path: string,
  isFolder: boolean,
  effort: Effort = { stepsLeft: Number.POSITIVE_INFINITY },
): boolean {
  for (let i = files.length - 1; i >= 0; i--) {
    const file = files[i]
    if (!file || (file.folder !== '' && !path.startsWith(`${file.folder}/`))) continue
    const below = file.folder === '' ? path : path.slice(file.folder.length + 1)
    const whole = bytesAsText(file.above === '' ? below : `${file.above}/${below}`)
    const decided = file.patterns[lastMatch(file, whole, isFolder, effort)]
    if (decided) return !decided.negated
  }
  return false
}

/** The index of the last pattern that matches, -1 where none does: very many patterns may be names and nothing else. */
function lastMatch(
  { patterns, byName, byPath, wild }: IgnoreFile,
  path: string,
  isFolder: boolean,
  effort: Effort,
): number {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const counts = (index: number) => isFolder || patterns[index]?.folderOnly === false
  const exact = [byName.get(name), byPath.get(path)].map((indexes) => indexes?.findLast(counts) ?? -1)
  let last = Math.max(...exact)
  for (let at = wild.length - 1; at >= 0; at--) {
    const index = wild[at] ?? -1
    const pattern = patterns[index]
    if (index < last) break
    if (effort.stepsLeft-- <= 0) return -1
    if (pattern && counts(index) && matches(pattern, path, name, effort)) last = index
  }
  return last
}

function matches({ anchored, prefix, segments, suffix }: Pattern, path: string, name: string, effort: Effort): boolean {
  if (anchored) {
    if (!path.startsWith(prefix)) return false
    return matchSegments(segments, path.slice(prefix.length).split('/'), effort)
  }
  if (suffix !== undefined) return name.endsWith(suffix)
  const [segment] = segments
  return segment === '**' || (segment !== undefined && matchName(segment, name, effort))
}

/** Linear tables instead of backtracking: patterns come from strangers. */
function matchSegments(segments: readonly Segment[], names: readonly string[], effort: Effort): boolean {
  let reachable = new Set([0])
  for (const [index, segment] of segments.entries()) {
    const next = new Set<number>()
    for (const at of reachable) {
      if (segment === '**') {
        // At the end it stands for what is inside, so for one name at least.
        for (let to = index === segments.length - 1 ? at + 1 : at; to <= names.length; to++) next.add(to)
        effort.stepsLeft -= names.length
        // Whatever else is reachable is behind the first.
        break
      }
      if (at < names.length && matchName(segment, names[at] ?? '', effort)) next.add(at + 1)
    }
    if (next.size === 0) return false
    reachable = next
  }
  return reachable.has(names.length)
}

/** Going back only to the last `*` is enough. */
function matchName(tokens: readonly Token[], name: string, effort: Effort): boolean {
  let at = 0
  let star = -1
  let retry = 0
  for (let i = 0; i < name.length; ) {
    const token = tokens[at]
    if (effort.stepsLeft-- <= 0) return false
    if (token?.kind === 'star') {
      star = ++at
      retry = i
    } else if (token && accepts(token, name[i] ?? '')) {
      at++
      i++
    } else if (star !== -1) {
      at = star
      i = ++retry
    } else return false
  }
  while (tokens[at]?.kind === 'star') at++
  return at === tokens.length
}

function accepts(token: Token, character: string): boolean {
  if (token.kind === 'text') return token.text === character
  return token.kind === 'any' || (token.kind === 'class' && token.accepts(character))
}

/** Git matches bytes: `?` is a half of an é. */
function bytesAsText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  return /^[\u0000-\u007f]*$/.test(text) ? text : Buffer.from(text).toString('latin1')
}

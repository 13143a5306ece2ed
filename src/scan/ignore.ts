/** One line of a .gitignore, as gitignore(5) has it. */
interface Pattern {
  readonly negated: boolean
  readonly folderOnly: boolean
  /** Matched against the whole path below the file's folder; else against any name. */
  readonly anchored: boolean
  readonly segments: readonly string[]
}

/** The patterns of one .gitignore. */
export interface IgnoreFile {
  /** The folder that it stands in, relative, '' for the root. */
  readonly folder: string
  readonly patterns: readonly Pattern[]
}

export function parseIgnoreFile(folder: string, text: string): IgnoreFile {
  return { folder, patterns: text.split(/\r?\n/).flatMap(parsePattern) }
}

function parsePattern(line: string): Pattern[] {
  // Blanks at the end do not count unless escaped.
  let text = line.replace(/(?<!\\)\s+$/, '')
  if (text === '' || text.startsWith('#')) return []
  const negated = text.startsWith('!')
  if (negated) text = text.slice(1)
  const folderOnly = text.endsWith('/')
  if (folderOnly) text = text.slice(0, -1)
  const anchored = text.includes('/')
  const segments = text.replace(/^\//, '').split('/')
  return [{ negated, folderOnly, anchored, segments }]
}

/** Whether the files, outermost first, ignore `path`: the last pattern that matches decides. */
export function isIgnored(files: readonly IgnoreFile[], path: string, isFolder: boolean): boolean {
  for (let i = files.length - 1; i >= 0; i--) {
    const file = files[i]
    if (!file || (file.folder !== '' && !path.startsWith(`${file.folder}/`))) continue
    const below = file.folder === '' ? path : path.slice(file.folder.length + 1)
    const decided = file.patterns.findLast((pattern) => (isFolder || !pattern.folderOnly) && matches(pattern, below))
    if (decided) return !decided.negated
  }
  return false
}

function matches(pattern: Pattern, path: string): boolean {
  const names = path.split('/')
  if (pattern.anchored) return matchSegments(pattern.segments, names)
  return matchName(pattern.segments[0] ?? '', names.at(-1) ?? '')
}

/** More asterisks than two mean the same. */
const anyDepth = /^\*{2,}$/

/** `**` stands for any number of folders. Linear tables instead of backtracking: patterns come from strangers. */
function matchSegments(segments: readonly string[], names: readonly string[]): boolean {
  let reachable = new Set([0])
  for (const [index, segment] of segments.entries()) {
    const next = new Set<number>()
    for (const at of reachable) {
      if (anyDepth.test(segment)) {
        // At the end it stands for what is inside, so for one name at least.
        for (let to = index === segments.length - 1 ? at + 1 : at; to <= names.length; to++) next.add(to)
      } else if (at < names.length && matchName(segment, names[at] ?? '')) next.add(at + 1)
    }
    reachable = next
  }
  return reachable.has(names.length)
}

/** `*`, `?`, `[a-z]`, `[!a-z]` and `\`. Going back only to the last `*` is enough. */
function matchName(pattern: string, name: string): boolean {
  let at = 0
  let star = -1
  let retry = 0
  let i = 0
  while (i < name.length) {
    const token = tokenAt(pattern, at)
    if (token.kind === 'star') {
      star = token.end
      retry = i
      at = token.end
    } else if (token.kind !== 'end' && token.accepts(name[i] ?? '')) {
      at = token.end
      i++
    } else if (star !== -1) {
      at = star
      i = ++retry
    } else return false
  }
  while (tokenAt(pattern, at).kind === 'star') at++
  return at >= pattern.length
}

interface Token {
  readonly kind: 'star' | 'one' | 'end'
  readonly end: number
  accepts(character: string): boolean
}

const none = () => false

function tokenAt(pattern: string, at: number): Token {
  const character = pattern[at]
  if (character === undefined) return { kind: 'end', end: at, accepts: none }
  if (character === '*') return { kind: 'star', end: at + 1, accepts: none }
  if (character === '?') return { kind: 'one', end: at + 1, accepts: () => true }
  if (character === '\\') return { kind: 'one', end: at + 2, accepts: (given) => given === pattern[at + 1] }
  const close = character === '[' ? pattern.indexOf(']', at + 2) : -1
  if (close !== -1)
    return { kind: 'one', end: close + 1, accepts: (given) => inClass(pattern.slice(at + 1, close), given) }
  return { kind: 'one', end: at + 1, accepts: (given) => given === character }
}

function inClass(members: string, given: string): boolean {
  const negated = /^[!^]/.test(members)
  const list = negated ? members.slice(1) : members
  let found = false
  for (let i = 0; i < list.length; i++) {
    const from = list[i] ?? ''
    const to = list[i + 1] === '-' && i + 2 < list.length ? (list[i + 2] ?? '') : from
    if (given >= from && given <= to) found = true
    if (to !== from) i += 2
  }
  return found !== negated
}

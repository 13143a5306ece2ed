import type { CommentSyntax } from './comment-syntax.ts'

/** The text of a comment on one line, without what begins and ends it. */
export interface LineComment {
  /** From 0. */
  readonly line: number
  /** Offset of the text in the file. */
  readonly start: number
  readonly text: string
  /** Whether code stands before it on its line. */
  readonly isTrailing: boolean
}

/** What goes on from the line before. */
type Inside = { readonly kind: 'block' | 'fence' | 'heredoc'; readonly close: string } | undefined

/**
 * Comments, a line each, in the order of the text. Linear in it. Looks at quotes a line at a time: an apostrophe that it
 * misreads spoils one line, and not the rest of the file.
 */
export function* findComments(text: string, syntax: CommentSyntax): Generator<LineComment> {
  const lines = text.split('\n')
  const ends = syntax.heredocs ? lastLines(lines) : undefined
  let inside: Inside
  let offset = 0
  for (const [line, content] of lines.entries()) {
    if (inside?.kind === 'heredoc') {
      if (content.trim() === inside.close) inside = undefined
    } else {
      const scanned = scanLine(content, inside, syntax, (name) => (ends?.get(name) ?? -1) > line)
      inside = scanned.inside
      for (const { start, end, isTrailing } of scanned.comments)
        yield { line, start: offset + start, text: content.slice(start, end), isTrailing }
    }
    offset += content.length + 1
  }
}

/** Of each text that a line consists of, the last line. */
function lastLines(lines: readonly string[]): ReadonlyMap<string, number> {
  return new Map(lines.map((content, index) => [content.trim(), index] as const))
}

interface ScannedLine {
  readonly comments: { readonly start: number; readonly end: number; readonly isTrailing: boolean }[]
  readonly inside: Inside
}

function scanLine(
  content: string,
  before: Inside,
  syntax: CommentSyntax,
  isClosed: (heredoc: string) => boolean,
): ScannedLine {
  const comments: ScannedLine['comments'] = []
  let heredoc: string | undefined
  let isTrailing = false
  let at = 0
  if (before) {
    const close = content.indexOf(before.close)
    if (before.kind === 'block') comments.push({ start: 0, end: close === -1 ? content.length : close, isTrailing })
    if (close === -1) return { comments, inside: before }
    at = close + before.close.length
    isTrailing = before.kind === 'fence'
  }
  while (at < content.length) {
    const opened = opensAt(content, at, syntax)
    if (opened?.kind === 'line') {
      comments.push({ start: opened.end, end: content.length, isTrailing })
      break
    }
    if (opened) {
      const close = content.indexOf(opened.close, opened.end)
      if (opened.kind === 'block')
        comments.push({ start: opened.end, end: close === -1 ? content.length : close, isTrailing })
      else isTrailing = true
      if (close === -1) return { comments, inside: { kind: opened.kind, close: opened.close } }
      at = close + opened.close.length
      continue
    }
    if (syntax.heredocs) {
      const name = heredocAt(content, at)
      if (name !== undefined && isClosed(name)) heredoc = name
    }
    const character = content[at] ?? ''
    if (character.trim() !== '') isTrailing = true
    at = syntax.quotes.includes(character) ? endOfText(content, at, character) : at + 1
  }
  return { comments, inside: heredoc === undefined ? undefined : { kind: 'heredoc', close: heredoc } }
}

type Opened =
  | { readonly kind: 'line'; readonly end: number }
  | { readonly kind: 'block' | 'fence'; readonly end: number; readonly close: string }

function opensAt(content: string, at: number, { line, block, fences }: CommentSyntax): Opened | undefined {
  for (const [open, close] of block)
    if (content.startsWith(open, at)) return { kind: 'block', end: at + open.length, close }
  for (const fence of fences)
    if (content.startsWith(fence, at)) return { kind: 'fence', end: at + fence.length, close: fence }
  // `http://` is no comment, nor is `a#b`.
  const isApart = at === 0 || /\s|[;{}()]/.test(content[at - 1] ?? '')
  if (!isApart) return undefined
  for (const open of line) if (content.startsWith(open, at)) return { kind: 'line', end: at + open.length }
  return undefined
}

const heredocStart = /<<[~-]?(["'`]?)([A-Za-z_]\w{0,80})\1/y

function heredocAt(content: string, at: number): string | undefined {
  if (content[at] !== '<') return undefined
  heredocStart.lastIndex = at
  return heredocStart.exec(content)?.[2]
}

/** Behind the closing quote; where there is none on the line, behind the opening one: it was an apostrophe. */
function endOfText(content: string, start: number, quote: string): number {
  for (let at = start + 1; at < content.length; at++) {
    if (content[at] === '\\') at++
    else if (content[at] === quote) return at + 1
  }
  return start + 1
}

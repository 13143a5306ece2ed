import type { SourceFile } from '../source-file.ts'
import { commentSyntax } from './comment-syntax.ts'
import { findComments, type LineComment } from './find-comments.ts'

/** A comment `sallyport: allow RULE, RULE -- reason`; offsets into the file's text. */
export interface AllowComment {
  readonly start: number
  readonly end: number
  /** The line that it is about, from 1. */
  readonly covers: number
  readonly rules: readonly { readonly id: string; readonly start: number; readonly end: number }[]
  /** Empty where there is none: then nothing is allowed. */
  readonly reason: string
}

const mark = 'sallyport:'
// At the beginning of a comment, or behind another one's words: `# nosec # sallyport: allow …`.
const allow = /(?:^|\s[#/;*-]{1,3})[ \t#/;*!-]{0,8}sallyport:[ \t]{0,4}allow\b/

const commentsMax = 10_000

/** In the order of the text. Only in comments, as far as the file's syntax is known. */
export function findAllows(source: SourceFile): AllowComment[] {
  const { path, bytes } = source
  // Hardly any file has one, and most are not needed as text at all.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(mark)) return []
  const { text } = source
  const comments = [...findComments(text, commentSyntax(path))]
  const lines = text.split('\n')
  const withCode = linesWithCode(lines, comments)
  return comments
    .filter(({ text: content }) => content.includes(mark))
    .slice(0, commentsMax)
    .flatMap((comment) => {
      const found = parseAllow(comment)
      if (!found) return []
      const covers = comment.isTrailing ? comment.line : (withCode[comment.line + 1] ?? comment.line)
      return [{ ...found, covers: covers + 1 }]
    })
}

/** Of each line, the first from there on that holds more than comments. */
function linesWithCode(lines: readonly string[], comments: readonly LineComment[]): readonly number[] {
  const alone = new Set(comments.filter(({ isTrailing }) => !isTrailing).map(({ line }) => line))
  const next: number[] = []
  let last = lines.length - 1
  for (let line = lines.length - 1; line >= 0; line--) {
    if (!alone.has(line) && lines[line]?.trim() !== '') last = line
    next[line] = last
  }
  return next
}

function parseAllow({ start, text }: LineComment): Omit<AllowComment, 'covers'> | undefined {
  const match = allow.exec(text)
  if (!match) return undefined
  const body = match.index + match[0].length
  const rest = text.slice(body)
  const dash = /\s(?:--|—|–)(?=\s|$)/.exec(rest)
  const names = dash ? rest.slice(0, dash.index) : rest
  const reason = dash ? rest.slice(dash.index + dash[0].length).trim() : ''
  const from = start + match.index + match[0].indexOf(mark)
  const rules = [...names.matchAll(/[^\s,]+/g)].map(({ index, 0: id }) => {
    const at = start + body + index
    return { id, start: at, end: at + id.length }
  })
  return { start: from, end: start + body + rest.trimEnd().length, rules, reason }
}

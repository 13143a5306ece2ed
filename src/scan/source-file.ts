import type { SourcePlace } from '../finding/finding.ts'
import { coverSecrets } from './cover-secrets.ts'
import type { Masker } from './mask-source.ts'

/** One file as the scanner holds it. Everything that leaves it goes through its masker. */
export interface SourceFile {
  /** Relative to what is scanned, with `/`. */
  readonly path: string
  /** UTF-8, as far as the file is; without a byte order mark. */
  readonly bytes: Uint8Array
  /** What is not UTF-8 became replacement characters: keys are ASCII and are found all the same. Made when asked for. */
  readonly text: string
  /** The place from `start` to `end`, UTF-16 offsets; with the line's masked text. */
  place(start: number, end: number): SourcePlace
  /** The masked text from `start` to `end`. */
  quote(start: number, end: number): string
  /** A text of the file, masked; it must be one that is recognised as it stands. */
  masked(part: string): string
  /** A sentence that is made of names of the file: without the keys that have been used as names. */
  sentence(text: string): string
}

const lineTextMax = 400

/**
 * `content` may be a function that reads the bytes, and reads them again when they are let go between two uses.
 * `origin` is where the content begins in its file, lines and columns from 0: of a large file only a part is held.
 */
export function sourceFile(
  path: string,
  content: Uint8Array | string | (() => Uint8Array),
  mask: Masker,
  origin = { line: 0, column: 0 },
): SourceFile {
  let starts: readonly number[] | undefined
  const bytesOf = bytesFrom(content)
  const whole = textFrom(content, bytesOf)
  const cover = coverSecrets(whole, path, mask)
  const lineAt = (offset: number): number => {
    starts ??= lineStarts(whole())
    return lastAtMost(starts, offset)
  }
  const startOf = (line: number) => starts?.[line] ?? 0
  const columnOf = (line: number, offset: number) => offset - startOf(line) + 1 + (line === 0 ? origin.column : 0)
  return {
    path,
    get text() {
      return whole()
    },
    get bytes() {
      return bytesOf()
    },
    place(start, end) {
      const line = lineAt(start)
      const endLine = lineAt(end)
      return {
        file: path,
        line: origin.line + line + 1,
        column: columnOf(line, start),
        endLine: origin.line + endLine + 1,
        endColumn: columnOf(endLine, end),
        ...maskedLine(whole(), startOf(line), start, end, cover),
      }
    },
    masked: (part) => mask(part.slice(0, lineTextMax)),
    sentence: (text) => mask.shapes?.(text) ?? text,
    quote: (start, end) => cover(start, Math.min(end, start + lineTextMax, whole().length)),
  }
}

function bytesFrom(content: Uint8Array | string | (() => Uint8Array)): () => Uint8Array {
  if (typeof content === 'function') return content
  let bytes: Uint8Array | undefined
  return () => {
    bytes ??= typeof content === 'string' ? Buffer.from(content) : content
    return bytes
  }
}

function textFrom(content: Uint8Array | string | (() => Uint8Array), bytesOf: () => Uint8Array): () => string {
  if (typeof content === 'string') return () => content
  // As long as the same bytes are held their text is; it goes with them.
  const texts = new WeakMap<Uint8Array, string>()
  return () => {
    const bytes = bytesOf()
    const known = texts.get(bytes)
    if (known !== undefined) return known
    const text = decoder.decode(bytes)
    texts.set(bytes, text)
    return text
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A very long line is not recorded whole: its beginning when the place is there, nothing when it is far inside. */
function maskedLine(
  text: string,
  lineStart: number,
  start: number,
  end: number,
  cover: (from: number, to: number) => string,
): Pick<SourcePlace, 'text' | 'shown'> {
  const lineFeed = text.indexOf('\n', lineStart)
  const lineEnd = lineFeed === -1 ? text.length : lineFeed
  if (lineEnd - lineStart > lineTextMax) {
    // A key cut in half would not be recognised: cut only at blanks.
    const cut = text.lastIndexOf(' ', lineStart + lineTextMax)
    return { text: cut > start ? `${cover(lineStart, cut)} …` : '' }
  }
  const line = text.slice(lineStart, lineEnd).replace(/\r$/, '')
  const masked = cover(lineStart, lineStart + line.length)
  if (masked === line) return { text: masked }
  // What stands before and behind is masked by itself only where that is how it reads in the whole.
  const before = cover(lineStart, Math.min(start, lineStart + line.length))
  const behind = end < lineStart + line.length ? cover(Math.max(end, lineStart), lineStart + line.length) : ''
  if (!masked.startsWith(before) || !masked.endsWith(behind) || before.length + behind.length > masked.length)
    return { text: masked }
  return { text: masked, shown: { start: before.length, end: masked.length - behind.length } }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((sorted[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}

import type { SourcePlace } from '../finding/finding.ts'
import type { Masker } from './mask-source.ts'

/** One file as the scanner holds it. Everything that leaves it goes through its masker. */
export interface SourceFile {
  /** Relative to what is scanned, with `/`. */
  readonly path: string
  readonly text: string
  /** The place from `start` to `end`, UTF-16 offsets; with the line's masked text. */
  place(start: number, end: number): SourcePlace
  /** The masked text from `start` to `end`. */
  quote(start: number, end: number): string
}

const lineTextMax = 400

export function sourceFile(path: string, text: string, mask: Masker): SourceFile {
  let starts: readonly number[] | undefined
  const lineAt = (offset: number): number => {
    starts ??= lineStarts(text)
    return lastAtMost(starts, offset)
  }
  const startOf = (line: number) => starts?.[line] ?? 0
  return {
    path,
    text,
    place(start, end) {
      const line = lineAt(start)
      const endLine = lineAt(end)
      const lineStart = startOf(line)
      return {
        file: path,
        line: line + 1,
        column: start - lineStart + 1,
        endLine: endLine + 1,
        endColumn: end - startOf(endLine) + 1,
        text: maskedLine(text, lineStart, start, mask),
      }
    },
    quote: (start, end) => mask(text.slice(start, Math.min(end, start + lineTextMax))),
  }
}

/** A very long line is not recorded whole: its beginning when the place is there, nothing when it is far inside. */
function maskedLine(text: string, lineStart: number, start: number, mask: Masker): string {
  const lineFeed = text.indexOf('\n', lineStart)
  const end = lineFeed === -1 ? text.length : lineFeed
  if (end - lineStart <= lineTextMax) return mask(text.slice(lineStart, end).replace(/\r$/, ''))
  // A key cut in half would not be recognised: cut only at blanks.
  const cut = text.lastIndexOf(' ', lineStart + lineTextMax)
  return cut > start ? `${mask(text.slice(lineStart, cut))} …` : ''
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

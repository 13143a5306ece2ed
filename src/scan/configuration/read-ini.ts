import type { SourceFile } from '../source-file.ts'
import { templateText } from './template-text.ts'

/** `name = value`, the name in lower case. */
export interface IniLine {
  readonly file: SourceFile
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
  readonly valueStart: number
}

/** What stands before the first `[name]` has the name ''. */
export interface IniSection {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly lines: readonly IniLine[]
}

/** Reads a file of sections and assignments, as stunnel has it: `;` and `#` begin a comment. Linear; never throws. */
export function readIni(file: SourceFile): readonly IniSection[] {
  const text = templateText(file.text)
  let current: { name: string; start: number; end: number; lines: IniLine[] } = {
    name: '',
    start: 0,
    end: 0,
    lines: [],
  }
  const sections = [current]
  for (let from = 0; from < text.length; ) {
    const feed = text.indexOf('\n', from)
    const end = feed === -1 ? text.length : feed
    const raw = text.slice(from, end)
    const trimmed = raw.trim()
    const start = from + raw.length - raw.trimStart().length
    from = end + 1
    if (trimmed === '' || trimmed.startsWith(';') || trimmed.startsWith('#')) continue
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
      current = { name: trimmed.slice(1, -1).trim(), start, end: start + trimmed.length, lines: [] }
      sections.push(current)
      continue
    }
    const equals = trimmed.indexOf('=')
    if (equals === -1) continue
    const value = trimmed.slice(equals + 1)
    current.lines.push({
      file,
      name: trimmed.slice(0, equals).trim().toLowerCase(),
      value: value.trim(),
      start,
      end: start + trimmed.length,
      valueStart: start + equals + 1 + value.length - value.trimStart().length,
    })
  }
  return sections
}

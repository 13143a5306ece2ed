import { continuesStatement, opensBlock, opensStatement, type TemplateWriter } from './template-writer.ts'

/** A line of a template whose blocks are told by indentation; places in the template. */
export interface Line {
  /** Where its first character stands that is no blank. */
  readonly from: number
  /** Where it ends, without the line's end. */
  readonly to: number
  readonly indent: number
}

/** The lines that are not blank. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = []
  for (let at = 0; at <= text.length; ) {
    const found = text.indexOf('\n', at)
    const end = found === -1 ? text.length : found
    let to = end
    while (to > at && /\s/.test(text[to - 1] ?? '')) to--
    let from = at
    while (from < to && /\s/.test(text[from] ?? '')) from++
    if (from < to) lines.push({ from, to, indent: from - at })
    at = end + 1
  }
  return lines
}

/** Statements of a template that are open, and are closed by the indentation of a later line. */
export interface Blocks {
  /** A line begins: what was open and is not around it ends. */
  line(indent: number, at: number, code: string | undefined): void
  /** Code, or code whose value is a part of the text; opens a block where it goes on with one. */
  code(from: number, to: number, indent: number): void
  output(from: number, to: number, tagFrom: number, indent: number): void
  end(at: number): void
}

export function newBlocks(writer: TemplateWriter): Blocks {
  const open: { readonly indent: number; readonly closedBy: string }[] = []
  const close = (indent: number, at: number) => {
    for (let last = open.at(-1); last && last.indent >= indent; last = open.at(-1)) {
      open.pop()
      writer.own(last.closedBy, at)
    }
  }
  const opened = (code: string, indent: number) => {
    const isBraced = /\{\s*(?:\|[^|\n]*\|)?\s*$/.test(code.slice(-200))
    if (opensStatement(code) || opensBlock(code)) open.push({ indent, closedBy: isBraced ? '}' : 'end' })
  }
  return {
    line(indent, at, code) {
      // `- else` stands where its `- if` does.
      const continues = code !== undefined && continuesStatement(code)
      close(continues ? indent + 1 : indent, at)
    },
    code(from, to, indent) {
      const code = writer.text.slice(from, to)
      writer.code(from, to)
      if (!continuesStatement(code)) opened(code, indent)
    },
    output(from, to, tagFrom, indent) {
      const code = writer.text.slice(from, to)
      if (opensBlock(code)) writer.outputBlock(from, to, tagFrom)
      else writer.output(from, to, tagFrom, to)
      if (opensBlock(code)) opened(code, indent)
    },
    end: (at) => close(0, at),
  }
}

/** The line with which code ends that goes on after a comma, a backslash or (where `|` says so) in further lines. */
export function lastLineOf(lines: readonly Line[], index: number, text: string): number {
  let last = index
  for (let line = lines[last]; line && last + 1 < lines.length; line = lines[last]) {
    const end = text[line.to - 1]
    if (end !== ',' && end !== '\\') break
    last++
  }
  return last
}

/** The line after all that are indented more than the one at `index`. */
export function afterNested(lines: readonly Line[], index: number): number {
  const indent = lines[index]?.indent ?? 0
  let next = index + 1
  while (next < lines.length && (lines[next]?.indent ?? 0) > indent) next++
  return next
}

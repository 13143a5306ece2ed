import { limits } from '../../../../limits.ts'
import { translateTags } from './erb.ts'
import { afterNested, type Blocks, type Line, lastLineOf, linesOf, newBlocks } from './indented.ts'
import { closing, newTemplateWriter, type TemplateWriter, type TranslatedTemplate } from './template-writer.ts'

interface Haml {
  readonly writer: TemplateWriter
  readonly blocks: Blocks
  readonly lines: readonly Line[]
}

/** Haml: code, output, attributes and `#{}` in whatever is text. */
export function translateHaml(text: string): TranslatedTemplate {
  const writer = newTemplateWriter(text)
  const haml = { writer, blocks: newBlocks(writer), lines: linesOf(text) }
  for (let index = 0; index < haml.lines.length; ) index = translateLine(haml, index)
  haml.blocks.end(text.length)
  return writer.translated()
}

/** Gives the line to go on with. */
function translateLine(haml: Haml, index: number): number {
  const { writer, blocks, lines } = haml
  const { text } = writer
  const line = lines[index]
  if (!line) return index + 1
  const { from, to, indent } = line
  const said = text.slice(from, Math.min(to, from + 40))
  if (said.startsWith('-#')) return afterNested(lines, index)
  blocks.line(indent, from, said.startsWith('-') ? text.slice(from + 1, Math.min(to, from + 40)) : undefined)
  if (said.startsWith('-')) {
    const last = lastLineOf(lines, index, text)
    blocks.code(from + 1, endOf(lines[last] ?? line, text), indent)
    return last + 1
  }
  if (said.startsWith(':')) return translateFilter(haml, index)
  if (/^[%.#](?!\{)/.test(said)) return translateElement(haml, index)
  return translateRest(haml, index, from, indent)
}

/** ` |` at the end says that the text goes on. */
function endOf(line: Line, text: string): number {
  return text[line.to - 1] === '|' && /\s/.test(text[line.to - 2] ?? '') ? line.to - 1 : line.to
}

/** What a line has from `from` on: output, or a text with interpolations. */
function translateRest({ writer, blocks, lines }: Haml, index: number, from: number, indent: number): number {
  const { text } = writer
  const line = lines[index]
  if (!line) return index + 1
  const marks = /^(?:[!&]?={1,2}|~)/.exec(text.slice(from, from + 3))?.[0]
  if (marks === undefined || marks.endsWith('==')) {
    writer.interpolations(from, line.to)
    return index + 1
  }
  const last = lastLineOf(lines, index, text)
  blocks.output(from + marks.length, endOf(lines[last] ?? line, text), from, indent)
  return last + 1
}

/** `%tag.class#id{…}(…)[…]= code`. */
function translateElement(haml: Haml, index: number): number {
  const { writer, lines } = haml
  const { text } = writer
  const line = lines[index]
  if (!line) return index + 1
  let at = line.from
  let current = index
  while (at < line.to && /[\w%.#:@-]/.test(text[at] ?? '')) at++
  while ('{(['.includes(text[at] ?? ' ')) {
    if (writer.problems.length >= limits.templateProblemsMax) return index + 1
    const close = closing(text, at, Math.min(text.length, at + limits.templateAttributesMax))
    if (close === -1) {
      writer.problems.push({ start: at, message: 'attributes that are not closed' })
      return index + 1
    }
    if (text[at] === '(') translateAttributes(writer, at + 1, close)
    else writer.output(at, close + 1, at, close + 1)
    at = close + 1
    while (current + 1 < lines.length && (lines[current]?.to ?? 0) < at) current++
  }
  while (/[<>/]/.test(text[at] ?? '')) at++
  const end = lines[current]
  if (!end || at >= end.to) return current + 1
  return translateRest(haml, current, at, line.indent)
}

/** `name=value`: a text, a variable or a call without arguments. */
function translateAttributes(writer: TemplateWriter, from: number, to: number): void {
  const { text } = writer
  for (const found of text.slice(from, to).matchAll(/=\s{0,9}("(?:[^"\\]|\\.)*"|'[^']*'|[@$]{0,2}[\w.]+)/g)) {
    const value = found[1] ?? ''
    const end = from + found.index + found[0].length
    if (value.startsWith('"') || value.startsWith("'")) writer.interpolations(end - value.length, end)
    else writer.output(end - value.length, end, end - value.length, end)
  }
}

/** `:ruby` is code, `:erb` has tags, all others are texts. */
function translateFilter({ writer, lines }: Haml, index: number): number {
  const after = afterNested(lines, index)
  const line = lines[index]
  const [first, last] = [lines[index + 1], lines[after - 1]]
  if (!line || !first || !last || after === index + 1) return after
  const name = writer.text.slice(line.from + 1, line.to).trim()
  if (name === 'ruby') writer.code(first.from, last.to)
  else if (name === 'erb') translateTags(writer, first.from, last.to)
  else writer.interpolations(first.from, last.to)
  return after
}

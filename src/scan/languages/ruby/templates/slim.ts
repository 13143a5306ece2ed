import { afterNested, type Blocks, type Line, lastLineOf, linesOf, newBlocks } from './indented.ts'
import { closing, newTemplateWriter, type TemplateWriter, type TranslatedTemplate } from './template-writer.ts'

interface Slim {
  readonly writer: TemplateWriter
  readonly blocks: Blocks
  readonly lines: readonly Line[]
}

/** Slim: code, output, attributes with Ruby values and `#{}` in whatever is text. */
export function translateSlim(text: string): TranslatedTemplate {
  const writer = newTemplateWriter(text)
  const slim = { writer, blocks: newBlocks(writer), lines: linesOf(text) }
  for (let index = 0; index < slim.lines.length; ) index = translateLine(slim, index)
  slim.blocks.end(text.length)
  return writer.translated()
}

/** Gives the line to go on with. */
function translateLine(slim: Slim, index: number): number {
  const { writer, blocks, lines } = slim
  const { text } = writer
  const line = lines[index]
  if (!line) return index + 1
  const { from, to, indent } = line
  const said = text.slice(from, Math.min(to, from + 40))
  if (said.startsWith('/') && !said.startsWith('/!')) return afterNested(lines, index)
  blocks.line(indent, from, said.startsWith('-') ? text.slice(from + 1, Math.min(to, from + 40)) : undefined)
  if (said.startsWith('-')) {
    const last = lastLineOf(lines, index, text)
    blocks.code(from + 1, lines[last]?.to ?? to, indent)
    return last + 1
  }
  // A text goes on in the lines that are indented more.
  if (/^[|'<]|^\/!/.test(said)) {
    const after = said.startsWith('<') ? index + 1 : afterNested(lines, index)
    writer.interpolations(from, lines[after - 1]?.to ?? to)
    return after
  }
  const engine = /^(\w+):$/.exec(text.slice(from, to))?.[1]
  if (engine !== undefined) return translateEngine(slim, index, engine)
  if (said.startsWith('=')) return translateOutput(slim, index, from, indent)
  return translateElement(slim, index, from)
}

/** `ruby:` is code, all others are texts. */
function translateEngine({ writer, lines }: Slim, index: number, engine: string): number {
  const after = afterNested(lines, index)
  const [first, last] = [lines[index + 1], lines[after - 1]]
  if (!first || !last || after === index + 1) return after
  if (engine === 'ruby') writer.code(first.from, last.to)
  else writer.interpolations(first.from, last.to)
  return after
}

function translateOutput({ writer, blocks, lines }: Slim, index: number, from: number, indent: number): number {
  const { text } = writer
  const line = lines[index]
  const marks = /^={1,2}[<>']{0,2}/.exec(text.slice(from, from + 4))?.[0] ?? '='
  const last = lastLineOf(lines, index, text)
  blocks.output(from + marks.length, lines[last]?.to ?? line?.to ?? from, from, indent)
  return last + 1
}

/** `tag.class#id attribute=value = code`, and elements in it after a colon. */
function translateElement(slim: Slim, index: number, from: number): number {
  const { writer, lines } = slim
  const { text } = writer
  const line = lines[index]
  if (!line) return index + 1
  for (let element = from; ; ) {
    const at = translateTag(writer, element, line.to)
    if (at >= line.to) return index + 1
    if (text[at] === '=') return translateOutput(slim, index, at, line.indent)
    if (text[at] !== ':' || !/\s/.test(text[at + 1] ?? '') || at === element) {
      writer.interpolations(at, line.to)
      return index + 1
    }
    element = afterBlanks(text, at + 1, line.to)
  }
}

/** Gives where what is in the element begins. */
function translateTag(writer: TemplateWriter, from: number, to: number): number {
  const { text } = writer
  let at = from
  while (at < to && /[\w.#@-]/.test(text[at] ?? '')) at++
  if (at === from && text[at] !== '*') return from
  while (at < to && /[<>]/.test(text[at] ?? '')) at++
  const [limit, after] = attributesFrom(text, at, to)
  at = translateAttributes(writer, at === after ? at : at + 1, limit)
  return afterBlanks(text, at === limit && after > limit ? after : at, to)
}

function afterBlanks(text: string, from: number, to: number): number {
  let at = from
  while (at < to && /\s/.test(text[at] ?? '')) at++
  return at
}

/** Attributes stand in brackets, or up to the end of the line: where they end, and where what follows begins. */
function attributesFrom(text: string, at: number, to: number): readonly [number, number] {
  if (!'[({'.includes(text[at] ?? ' ')) return [to, at]
  const close = closing(text, at, to)
  return close === -1 ? [to, at] : [close, close + 1]
}

/** Gives where no further attribute is. */
function translateAttributes(writer: TemplateWriter, from: number, limit: number): number {
  const { text } = writer
  for (let at = from; ; ) {
    while (at < limit && /\s/.test(text[at] ?? '')) at++
    if (text[at] === '*' && text[at + 1] !== ' ') {
      const end = endOfValue(text, at + 1, limit)
      writer.output(at + 1, end, at, end)
      at = end
      continue
    }
    let name = at
    while (name < limit && /[\w:@.-]/.test(text[name] ?? '')) name++
    if (name === at || text[name] !== '=' || name >= limit) return at
    let value = name + (text[name + 1] === '=' ? 2 : 1)
    while (value < limit && text[value] === ' ') value++
    const end = endOfValue(text, value, limit)
    if (end === value) return at
    const quote = text[value]
    if (quote === '"' || quote === "'") writer.interpolations(value, end)
    else writer.output(value, end, at, end)
    at = end
  }
}

/** A value ends at a blank that stands in no bracket and no text. */
function endOfValue(text: string, from: number, limit: number): number {
  const open: string[] = []
  for (let at = from; at < limit; at++) {
    const character = text[at] ?? ''
    const last = open.at(-1)
    if (character === '\\') at++
    else if (last === '"' || last === "'") {
      if (character === last) open.pop()
    } else if (character === '"' || character === "'") open.push(character)
    else if ('([{'.includes(character)) open.push(character)
    else if (')]}'.includes(character)) {
      if (open.length === 0) return at
      open.pop()
    } else if (/\s/.test(character) && open.length === 0) return at
  }
  return limit
}

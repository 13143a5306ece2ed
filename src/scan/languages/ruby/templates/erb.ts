import { newTemplateWriter, opensBlock, type TemplateWriter, type TranslatedTemplate } from './template-writer.ts'

/** ERB, Erubi and Erubis: `<% %>`, `<%= %>`, `<%== %>`, `<%- -%>`, `<%# %>`, and lines that begin with `%`. */
export function translateErb(text: string): TranslatedTemplate {
  const writer = newTemplateWriter(text)
  translateTags(writer, 0, text.length)
  return writer.translated()
}

/** The tags between two places of a template, which may be one of another sort. */
export function translateTags(writer: TemplateWriter, from: number, to: number): void {
  const { text } = writer
  for (let at = from; at < to; ) {
    const found = text.indexOf('<%', at)
    const open = found === -1 || found >= to ? to : found
    translateLines(writer, at, open)
    if (open === to) return
    if (text[open + 2] === '%') {
      at = open + 3
      continue
    }
    const close = endOfTag(text, open + 2, to)
    if (close === -1) {
      writer.problems.push({ start: open, message: 'a tag that is not closed' })
      return
    }
    translateTag(writer, open, close)
    at = close + 2
  }
}

/** `%%>` is no end. */
function endOfTag(text: string, from: number, to: number): number {
  for (let at = text.indexOf('%>', from); at !== -1 && at < to; at = text.indexOf('%>', at + 2))
    if (text[at - 1] !== '%' || at - 1 < from) return at
  return -1
}

function translateTag(writer: TemplateWriter, open: number, close: number): void {
  const { text } = writer
  const marks = /^(?:#|\|?={1,2}|[-~])?/.exec(text.slice(open + 2, open + 5))?.[0] ?? ''
  if (marks === '#') return
  const from = open + 2 + marks.length
  const to = close > from && /[-=~]/.test(text[close - 1] ?? '') ? close - 1 : close
  if (!marks.includes('=')) writer.code(from, to)
  else if (opensBlock(text.slice(from, to))) writer.outputBlock(from, to, open)
  else writer.output(from, to, open, close + 2)
}

/** `% code`: only what reads as Ruby, for a text may begin with the sign as well. */
function translateLines(writer: TemplateWriter, from: number, to: number): void {
  const { text } = writer
  for (let at = text.indexOf('%', from); at !== -1 && at < to; at = text.indexOf('%', at + 1)) {
    if (at > 0 && text[at - 1] !== '\n') continue
    const found = text.indexOf('\n', at)
    const end = found === -1 || found > to ? to : found
    if (/^%[ \t]+[a-z@}]|^%(?:if|unless|else|elsif|end|for|while|until|case|when)\b/.test(text.slice(at, at + 40)))
      writer.code(at + 1, end)
    at = end
  }
}

/** Stands for what a template puts in: of the length of what it stands for, so that offsets stay true. */
const unknownCharacter = '\ue000'

export function isUnknown(text: string): boolean {
  return text.includes(unknownCharacter)
}

/**
 * Configuration with the marks of ERB, Jinja, Go and Mustache templates taken out: statements become blanks, values
 * become unknown. Both arms of a condition stay. Offsets are the same as before.
 */
export function templateText(text: string): string {
  if (!text.includes('<%') && !text.includes('{{') && !text.includes('{%') && !text.includes('{#')) return text
  let out = ''
  let from = 0
  for (let at = nextMark(text, 0); at !== -1; at = nextMark(text, from)) {
    const close = closers[text.slice(at, at + 2)] ?? ''
    const found = text.indexOf(close, at + 2)
    if (found === -1) break
    const end = found + close.length
    const mark = text.slice(at, end)
    // Line feeds stay, so that a file of lines keeps them.
    out +=
      text.slice(from, at) +
      (isStatement(mark) ? mark.replace(/[^\n]/g, ' ') : mark.replace(/[^\n]/g, unknownCharacter))
    from = end
  }
  return out + text.slice(from)
}

const closers: Readonly<Record<string, string>> = { '<%': '%>', '{{': '}}', '{%': '%}', '{#': '#}' }

function nextMark(text: string, from: number): number {
  for (let at = from; ; at++) {
    const erb = text.indexOf('<', at)
    const brace = text.indexOf('{', at)
    if (erb === -1 && brace === -1) return -1
    at = erb === -1 ? brace : brace === -1 ? erb : Math.min(erb, brace)
    if (closers[text.slice(at, at + 2)]) return at
  }
}

function isStatement(mark: string): boolean {
  if (mark.startsWith('{%') || mark.startsWith('{#')) return true
  if (mark.startsWith('<%')) return !/^<%-?=/.test(mark)
  return /^\{\{-?\s*(?:if|else|end|range|with|define|template|include|block|\/\*|#|\/)/.test(mark)
}

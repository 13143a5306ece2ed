import { limits } from '../../limits.ts'

/** One simple command of a shell text: its words as the shell would hand them on, and where it stands. */
export interface ShellCommand {
  readonly words: readonly string[]
  /** `NAME=value` in front of it; without words, it sets the shell's own variables. */
  readonly assignments: readonly (readonly [name: string, value: string])[]
  readonly start: number
  readonly end: number
}

export interface Variables {
  get(name: string): string | undefined
}

/**
 * The commands of a shell text, in the order of the source, whatever joins or encloses them. Quotes, escapes, comments,
 * here-documents, redirections and `${NAME:-default}` are understood; a variable that nobody sets and the output of
 * another command stay as they are written. Linear in the text, and at most `scanCommandsMax` commands.
 *
 * Variables that the text itself sets are known to what follows.
 */
export function splitCommands(text: string, variables: Variables): ShellCommand[] {
  const own = new Map<string, string>()
  const reader: Reader = {
    text,
    at: 0,
    value: (name) => own.get(name) ?? variables.get(name),
    bodies: [],
  }
  const commands: ShellCommand[] = []
  while (reader.at < text.length && commands.length < limits.scanCommandsMax) {
    const command = readCommand(reader)
    if (command.words.length === 0) for (const [name, value] of command.assignments) own.set(name, value)
    if (command.words[0] === 'export')
      for (const word of command.words.slice(1)) {
        const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
        if (name !== undefined) own.set(name, value ?? '')
      }
    if (command.words.length > 0 || command.assignments.length > 0) commands.push(command)
  }
  return commands
}

interface Reader {
  readonly text: string
  at: number
  value(name: string): string | undefined
  /** Here-documents that begin after the line's end. */
  bodies: { readonly end: string; readonly indented: boolean }[]
}

/** Words that may stand before a command and are none. */
const keywords = new Set(['if', 'then', 'else', 'elif', 'fi', 'do', 'done', 'while', 'until', 'time', '!', '{', '}'])

function readCommand(reader: Reader): ShellCommand {
  const { text } = reader
  const words: string[] = []
  const assignments: (readonly [string, string])[] = []
  let start = -1
  let end = reader.at
  while (reader.at < text.length) {
    const char = text.charAt(reader.at)
    if (char === '\n') {
      reader.at++
      skipBodies(reader)
      break
    }
    if (char === ';' || char === '|' || char === '&' || char === '(' || char === ')') {
      const isRedirection = char === '&' && text[reader.at + 1] === '>'
      reader.at++
      if (isRedirection) continue
      break
    }
    if (char === ' ' || char === '\t' || char === '\r') reader.at++
    else if (char === '\\' && isLineEnd(text, reader.at + 1)) reader.at = text.indexOf('\n', reader.at) + 1
    else if (char === '#') skipLine(reader)
    else if (char === '<' || char === '>') readRedirection(reader)
    else {
      const from = reader.at
      const word = readWord(reader)
      // A descriptor in front of a redirection: `2>&1`.
      if (/^\d$/.test(word) && /[<>]/.test(text.charAt(reader.at)) && reader.at === from + 1) continue
      const raw = text.slice(from, Math.min(reader.at, from + 80))
      const [, name] = words.length === 0 ? (/^([A-Za-z_]\w{0,60})=/.exec(raw) ?? []) : []
      if (start === -1 && !keywords.has(raw)) start = from
      if (name !== undefined) assignments.push([name, word.slice(name.length + 1)])
      else if (words.length > 0 || !keywords.has(raw)) words.push(word)
      end = reader.at
    }
  }
  return { words, assignments, start: start === -1 ? end : start, end }
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n')
}

function skipLine(reader: Reader): void {
  const end = reader.text.indexOf('\n', reader.at)
  reader.at = end === -1 ? reader.text.length : end
}

/** `> file`, `>> file`, `2>&1`, `< file`; `<<END` and `<<-'END'` with what follows on the next lines. */
function readRedirection(reader: Reader): void {
  const { text } = reader
  const isHere = text.startsWith('<<', reader.at) && !text.startsWith('<<<', reader.at)
  while (/[<>&]/.test(text.charAt(reader.at))) reader.at++
  const indented = isHere && text[reader.at] === '-'
  if (indented) reader.at++
  while (text[reader.at] === ' ' || text[reader.at] === '\t') reader.at++
  const target = reader.at < text.length && !/[\n;|()]/.test(text.charAt(reader.at)) ? readWord(reader) : ''
  if (isHere && target !== '') reader.bodies.push({ end: target, indented })
}

function skipBodies(reader: Reader): void {
  const { text, bodies } = reader
  for (const { end, indented } of bodies) {
    while (reader.at < text.length) {
      const lineFeed = text.indexOf('\n', reader.at)
      const line = text.slice(reader.at, lineFeed === -1 ? text.length : lineFeed)
      reader.at = lineFeed === -1 ? text.length : lineFeed + 1
      if ((indented ? line.trimStart() : line).trimEnd() === end) break
    }
  }
  reader.bodies = []
}

const wordEnd = /[\s;|&()<>]/

function readWord(reader: Reader): string {
  const { text } = reader
  let word = ''
  const from = reader.at
  while (reader.at < text.length) {
    const char = text.charAt(reader.at)
    if (wordEnd.test(char)) break
    if (char === "'") word += readSingle(reader)
    else if (char === '"') word += readDouble(reader)
    else if (char === '\\') {
      if (isLineEnd(text, reader.at + 1)) reader.at = text.indexOf('\n', reader.at) + 1
      else {
        word += text.charAt(reader.at + 1)
        reader.at += 2
      }
    } else if (char === '$' || char === '`') word = withExpansion(word, reader)
    else {
      word += char
      reader.at++
    }
  }
  // Whatever happens, a word is at least one character: the reader must not stand still.
  if (reader.at === from) reader.at++
  return word
}

function readSingle(reader: Reader): string {
  const end = reader.text.indexOf("'", reader.at + 1)
  const value = reader.text.slice(reader.at + 1, end === -1 ? undefined : end)
  reader.at = end === -1 ? reader.text.length : end + 1
  return value
}

function readDouble(reader: Reader): string {
  const { text } = reader
  let value = ''
  reader.at++
  while (reader.at < text.length && text[reader.at] !== '"') {
    const char = text.charAt(reader.at)
    if (char === '\\' && /["\\$`\n]/.test(text.charAt(reader.at + 1))) {
      if (text[reader.at + 1] !== '\n') value += text.charAt(reader.at + 1)
      reader.at += 2
    } else if (char === '$' || char === '`') value = withExpansion(value, reader)
    else {
      value += char
      reader.at++
    }
  }
  reader.at++
  return value
}

/** Variables can be made of each other: what would become too long stays as it is written. */
function withExpansion(word: string, reader: Reader): string {
  const from = reader.at
  const expansion = readExpansion(reader)
  if (word.length + expansion.length <= limits.configurationTextMax) return word + expansion
  return word + reader.text.slice(from, reader.at)
}

function readExpansion(reader: Reader): string {
  const { text } = reader
  const from = reader.at
  if (text[from] === '`') {
    const end = text.indexOf('`', from + 1)
    reader.at = end === -1 ? text.length : end + 1
    return text.slice(from, reader.at)
  }
  const next = text.charAt(from + 1)
  if (next === '(' || next === '{') {
    reader.at = closing(text, from + 1, next, next === '(' ? ')' : '}')
    const whole = text.slice(from, reader.at)
    return next === '{' ? braced(whole, reader) : whole
  }
  const [name] = /^[A-Za-z_]\w{0,80}/.exec(text.slice(from + 1, from + 90)) ?? []
  if (name === undefined) {
    reader.at = from + (next === '' || wordEnd.test(next) || next === '"' ? 1 : 2)
    return text.slice(from, reader.at)
  }
  reader.at = from + 1 + name.length
  return reader.value(name) ?? `$${name}`
}

/** `${NAME}`, `${NAME:-default}`, `${NAME:=default}`; every other form stays as it is. */
function braced(whole: string, reader: Reader): string {
  const [, name, operator, fallback] = /^\$\{([A-Za-z_]\w{0,80})(?:(:?[-=+?])(.*))?\}$/s.exec(whole) ?? []
  if (name === undefined) return whole
  const value = reader.value(name)
  if (operator?.endsWith('+')) return value ? plain(fallback) : ''
  const isSet = value !== undefined && !(operator?.startsWith(':') && value === '')
  if (isSet) return value
  return operator?.endsWith('-') || operator?.endsWith('=') ? plain(fallback) : whole
}

function plain(text: string | undefined): string {
  const value = text ?? ''
  const isQuoted =
    value.length > 1 && (value.startsWith('"') || value.startsWith("'")) && value.endsWith(value.charAt(0))
  return isQuoted ? value.slice(1, -1) : value
}

/** The offset behind the bracket that closes the one at `open`. */
function closing(text: string, open: number, opens: string, closes: string): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    const char = text[at]
    if (char === opens) depth++
    else if (char === closes && --depth === 0) return at + 1
  }
  return text.length
}

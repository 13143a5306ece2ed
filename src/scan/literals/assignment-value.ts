import { type ByteSet, byteSet, skip } from './byte-set.ts'
import type { FileSetting } from './file-setting.ts'

/** A text that is given to a name. Offsets of the text itself, without its quotes. */
export interface AssignedValue {
  readonly start: number
  readonly end: number
  /** Escapes undone, pieces that are joined with `+` or stand side by side put together. */
  readonly text: string
  readonly isQuoted: boolean
  /** How it is given: `=`, `:`, `,`, …; ` ` where only a blank stands between. */
  readonly operator: string
  /** Something that is not known is put behind it: it is the beginning of a text. */
  readonly isContinued?: true
}

/** So far from the name a value may begin, and so long it may be. */
const reachMax = 160
const valueBytesMax = 4_096
/** Of a block scalar: many names may begin one each, inside of each other. */
const blockLinesMax = 32

const closers = byteSet('"\'`])}\\ \t')
const operators = byteSet('=:,>|?{-&')

/** Looks behind a name for the value that is given to it, in the forms of many languages; undefined where there is none. */
export function assignedValue(
  bytes: Buffer,
  nameStart: number,
  nameEnd: number,
  form: FileSetting['form'],
): AssignedValue | undefined {
  const at = skip(bytes, closers, nameEnd, nameEnd + 12)
  const byte = bytes[at]
  if (byte === undefined) return undefined
  const isAfterBlank = operators[byte] !== 1
  const isNamed = isAfterBlank && mayBeNamed(bytes, nameEnd, at, byte)
  if (isAfterBlank && !isNamed && !(isBlankGiven(bytes, nameStart, nameEnd, at) || isTyped(byte, form)))
    return undefined
  // One look at the bytes spares most names a text: in code a value stands in quotes.
  if (
    !isAfterBlank &&
    (form === 'code' || form === 'data') &&
    !hasQuote(bytes, at, Math.min(at + reachMax, bytes.length))
  )
    return undefined
  const text = bytes.toString('latin1', nameEnd, nameEnd + reachMax)
  const opened = operatorAt(bytes, nameStart, text, form, isAfterBlank, isNamed)
  if (!opened) return undefined
  return valueAt(bytes, nameEnd + opened.length, opened.operator, form)
}

/** `--password value`, `ENV PASSWORD value`, `password value` in a file of such lines, `PASSWORD 'value'` in SQL. */
function isBlankGiven(bytes: Buffer, nameStart: number, nameEnd: number, at: number): boolean {
  if (at === nameEnd || (bytes[nameEnd] !== 0x20 && bytes[nameEnd] !== 0x09)) return false
  if (bytes[nameStart] === 0x2d) return true
  const before = bytes.toString('latin1', Math.max(0, nameStart - 60), nameStart)
  return /(?:^|[\s"'])--?$|(?:^|\n)[ \t]*(?:ENV|ARG|SetEnv|env|fastcgi_param|set|setx|default)[ \t]+$|(?:machine|login)[ \t][^\n]{0,60}$|(?:^|\n)[ \t]*$|IDENTIFIED[ \t]+BY[ \t]+$|(?:WITH|ENCRYPTED|ROLE[ \t]+\S{1,40}|USER[ \t]+\S{1,40})[ \t]+$/i.test(
    before,
  )
}

/** `key="X" value="…"`, `name: X` with `value: …` on the line below, `getenv("X") or "…"`, a method that is its value. */
function mayBeNamed(bytes: Buffer, nameEnd: number, at: number, byte: number): boolean {
  if (byte === 0x0a || byte === 0x0d) return true
  const isBehindQuote = bytes[nameEnd] === 0x22 || bytes[nameEnd] === 0x27
  return isBehindQuote && (byte === 0x76 || (byte === 0x6f && bytes[at + 1] === 0x72))
}

/** `var password string = "…"`. */
function isTyped(byte: number, form: FileSetting['form']): boolean {
  return form === 'code' && byte === 0x73
}

function hasQuote(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte === 0x22 || byte === 0x27 || byte === 0x60) return true
    if (byte === 0x0a && bytes[at + 1] === 0x0a) return false
  }
  return false
}

const plainOperator =
  /^(["'`\])}\\?!*]{0,4})[ \t]{0,24}(?::[ \t]{0,2}[&'A-Za-z][\w.<>[\]|? &']{0,40}?(?==(?![=>]))|\{ ?get;[^}\n]{0,40}\}[ \t]?(?==))?(=>|:=|\|\|=?|\?\?=?|===?|\?:|:-|=|:(?!:)|or(?= ["'])|,(?=[ \t]*\\?["']))[ \t]{0,24}(?:\r?\n[ \t]{1,40}(?=["'`]))?/
/** The name is a text itself, and what is beside it is its value: `{"name": "X", "value": "…"}`, `<add key="X" value="…">`. */
const namedOperator =
  /^\\?["']?[ \t]{0,4},?[ \t\r\n]{0,40}(?:-[ \t])?\\?["']?(?:value|currentValue|default|content|val)\\?["']?[ \t]{0,8}[:=][ \t]{0,8}/i
/** A variable of Terraform, and a method that answers with a text. */
const defaultOperator =
  /^"[ \t]{0,4}\{(?:[ \t\r\n]{1,20}(?:type|description|sensitive|nullable)[ \t]{0,8}=[^\n]{0,80}){0,3}[ \t\r\n]{1,20}default[ \t]{0,8}=[ \t]{0,8}/
const bodyOperator = /^(?:\(\))?[ \t]{0,4}\r?\n[ \t]{1,40}(?=["'][^"'\n]{1,200}["']\r?\n)/
const typedOperator = /^[ \t]{1,4}(?:string|String|str)[ \t]{1,4}:?=[ \t]{0,4}/
const blockOperator = /^["'\]]{0,2}\)?[ \t]{0,4}(?:\{|do)[ \t]{0,4}(?=["'])/
const elementOperator = /^>[ \t\r\n]{0,20}(?:<!\[CDATA\[)?/
const blankOperator = /^["'`]{0,1}[ \t]{1,24}/

function operatorAt(
  bytes: Buffer,
  nameStart: number,
  text: string,
  form: FileSetting['form'],
  isAfterBlank: boolean,
  isNamed: boolean,
): { length: number; operator: string } | undefined {
  const named = namedOperator.exec(text)
  if (named && form !== 'prose') return { length: named[0].length, operator: 'value' }
  const fallback = defaultOperator.exec(text)
  if (fallback) return { length: fallback[0].length, operator: '=' }
  const body = isNamed && form === 'code' ? bodyOperator.exec(text) : undefined
  if (body && /\bdef (?:self\.)?$/.test(bytes.toString('latin1', Math.max(0, nameStart - 12), nameStart)))
    return { length: body[0].length, operator: '=' }
  if (isNamed && !/^["'][\])]{0,2}[ \t]or[ \t]/.test(text)) return undefined
  if (isAfterBlank && !isNamed) {
    const typed = typedOperator.exec(text)
    if (typed) return { length: typed[0].length, operator: '=' }
    const blank = blankOperator.exec(text)
    const isText = form !== 'code' || /^[ \t]{1,8}["']/.test(text)
    return blank && isText ? { length: blank[0].length, operator: ' ' } : undefined
  }
  if (bytes[nameStart - 1] === 0x3c) {
    const element = elementOperator.exec(text)
    if (element) return { length: element[0].length, operator: '>' }
  }
  const block = blockOperator.exec(text)
  if (block) return { length: block[0].length, operator: '{' }
  const plain = plainOperator.exec(text)
  if (!plain) return undefined
  const [whole, closed = '', operator = ''] = plain
  // `f(token, "text")` and `f(read("token"), "text")` give the token nothing; `set("token", "text")` and `set :token,
  // "text"` do.
  if (operator === ',' && /[)\]}]/.test(closed)) return undefined
  if (operator === ',' && !/["'`]/.test(closed) && bytes[nameStart - 1] !== 0x3a) return undefined
  return { length: whole.length, operator }
}

const opening =
  /^(?:\((?:[ \t]{0,4}\r?\n)?[ \t]{0,40})?(?:(?:ENV|process\.env|os\.(?:environ|getenv)|import\.meta\.env|System\.getenv|getenv|env)[\w.[\]("']{0,60}[\])"'}]{1,3}[ \t]{0,4}(?:\|\||\?\?|or|\?:)[ \t]{0,4})?(?:(?:\[\]byte|bytes|b64decode|atob|Buffer\.from|String|string|str|SecretString|SecretStr|Secret|Some|from|to_string|new[ ]String|String::from|encode|sensitive|nonsensitive|Fn::Sub|!Sub|!!str|!str|std::string|NSString)[ \t]?\(?[ \t]?)?(?:[bBrRuUfFL@$]{0,2})(\\{0,3}["'`])/
const piecesMax = 16
/** What stands between two pieces of one text: an operator, with a line's end on either side of it; in code, nothing. */
const joints =
  /^\\{0,3}["'`][ \t]{0,8}(?:\r?\n[ \t]{0,40})?(?:[+.&]|\.\.|<<|\\(?=\r?\n))[ \t]{0,8}(?:\r?\n[ \t]{0,40})?(\\{0,3}["'`])/
/** A value that is called or named is put behind the text. */
const continuation = /^["'`][ \t]{0,8}(?:\+|<<|\.\.)[ \t]{0,8}[A-Za-z_$@(]/
const silentJoints = /^["'`][ \t]{0,8}(?:[ \t]|\r?\n[ \t]{1,40})(["'`])/

function valueAt(bytes: Buffer, start: number, operator: string, form: FileSetting['form']): AssignedValue | undefined {
  const head = bytes.toString('latin1', start, start + reachMax)
  const quoted = opening.exec(head)
  if (quoted) return quotedAt(bytes, start + quoted[0].length, quoted[1] ?? '"', operator, form)
  if (operator === '>') return bareAt(bytes, start, xmlEnds, operator)
  // In a text of code: `"Server=…;Password=…"`.
  const isInText = operator === '=' && bytes[start - 1] === 0x3d
  if (
    ((form === 'code' || form === 'data') && !isInText) ||
    operator === ',' ||
    operator === '{' ||
    operator === '||' ||
    operator === '==='
  )
    return undefined
  const block = /^[|>][-+\d]{0,2}[ \t]{0,4}\r?\n([ \t]{1,40})/.exec(head)
  if (block && operator === ':') return blockAt(bytes, start + block[0].length, (block[1] ?? '').length, operator)
  return bareAt(bytes, start, endsOf(operator, form), operator)
}

const bareEnds = byteSet(' \t\r\n;"\'`<>')
const innerEnds = byteSet(' \t\r\n;"\'`<>\\&')
const proseEnds = byteSet(' \t\r\n;,"\'`<>()')
const defaultEnds = byteSet('}\r\n')
const xmlEnds = byteSet('<\r\n')

function endsOf(operator: string, form: FileSetting['form']): ByteSet {
  if (operator === ':-') return defaultEnds
  if (form === 'code' || form === 'data') return innerEnds
  return form === 'prose' ? proseEnds : bareEnds
}

function bareAt(bytes: Buffer, start: number, ends: ByteSet, operator: string): AssignedValue | undefined {
  const last = Math.min(bytes.length, start + valueBytesMax)
  let end = start
  while (end < last && ends[bytes[end] as number] !== 1) end++
  const text = bytes
    .toString('latin1', start, end)
    .replace(/[,&].*$/, (rest) => (/^[,&]\w+=|^,$/.test(rest) ? '' : rest))
    .replace(/\]\]>?$/, '')
  return text === '' ? undefined : { start, end: start + text.length, text, isQuoted: false, operator }
}

/** The lines of a YAML block scalar, put together. */
function blockAt(bytes: Buffer, start: number, indent: number, operator: string): AssignedValue | undefined {
  const lines: string[] = []
  let end = start
  for (let at = start; at < Math.min(bytes.length, start + valueBytesMax) && lines.length < blockLinesMax; ) {
    const lineFeed = bytes.indexOf(10, at)
    const lineEnd = lineFeed === -1 ? bytes.length : lineFeed
    lines.push(bytes.toString('latin1', at, lineEnd).trim())
    end = lineEnd
    const following = bytes.toString('latin1', lineEnd + 1, lineEnd + 1 + indent)
    if (following.length < indent || following.trim() !== '') break
    at = lineEnd + 1 + indent
  }
  const text = lines.join('')
  return text === '' ? undefined : { start, end, text, isQuoted: true, operator }
}

/** The text that begins at `start`, behind its opening quote, with the pieces that are joined to it. */
export function quotedAt(
  bytes: Buffer,
  start: number,
  quote: string,
  operator: string,
  form: FileSetting['form'],
): AssignedValue | undefined {
  const pieces: string[] = []
  let at = start
  let open = quote
  for (let count = 0; count < piecesMax; count++) {
    const end = closingAt(bytes, at, open)
    if (end === -1) return undefined
    pieces.push(bytes.toString('latin1', at, end))
    const behind = bytes.toString('latin1', end, end + 120)
    const next = joints.exec(behind) ?? (form === 'code' ? silentJoints.exec(behind) : null)
    if (!next) {
      const value = joined(pieces, start, end, operator)
      return form === 'code' && continuation.test(behind) ? { ...value, isContinued: true } : value
    }
    at = end + next[0].length
    open = next[1] ?? open
  }
  return undefined
}

function joined(pieces: readonly string[], start: number, end: number, operator: string): AssignedValue {
  const text = pieces
    .join('')
    .replace(/\\u([0-9a-fA-F]{4})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return { start, end, text: text.replace(/\\([^nrt])/g, '$1'), isQuoted: true, operator }
}

/** Where the quote closes on its line; escaped ones inside do not count. */
function closingAt(bytes: Buffer, start: number, quote: string): number {
  const byte = quote.charCodeAt(quote.length - 1)
  const isEscaped = quote.length > 1
  const last = Math.min(bytes.length, start + valueBytesMax)
  for (let at = start; at < last; at++) {
    const here = bytes[at]
    if (here === 0x0a) return -1
    if (here === 0x5c && !isEscaped) at++
    else if (here === byte) return isEscaped ? backslashesBefore(bytes, at, start) : at
  }
  return -1
}

function backslashesBefore(bytes: Buffer, at: number, start: number): number {
  let end = at
  while (end > start && bytes[end - 1] === 0x5c) end--
  return end
}

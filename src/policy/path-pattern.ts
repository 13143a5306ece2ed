/** A path pattern, compiled: literal segments in decoded form, `*` for one segment, `**` for any number, also none. */
export type PathPattern = readonly (string | typeof one | typeof any)[]

const one = Symbol('*')
const any = Symbol('**')

/**
 * Compiles a pattern as it stands in the configuration: `/v1/charges/**`. `*` and `**` stand only for whole segments; a
 * literal asterisk is written `%2A`. The problem is a half sentence that begins with a verb.
 */
export function compilePathPattern(text: string): { readonly pattern: PathPattern } | { readonly problem: string } {
  if (!text.startsWith('/')) return { problem: 'does not begin with `/`' }
  if (/[?#]/.test(text)) return { problem: 'holds `?` or `#`; a pattern says nothing of the query' }
  const path = readPath(text)
  if (path === undefined) return { problem: 'can be read in more than one way: it would match no request' }
  const pattern: (string | typeof one | typeof any)[] = []
  for (const segment of text.slice(1).split('/')) {
    if (segment === '**') {
      if (pattern.at(-1) !== any) pattern.push(any)
    } else if (segment === '*') pattern.push(one)
    else if (segment.includes('*')) return { problem: 'has `*` beside other characters; it stands for whole segments' }
    else pattern.push(decode(segment))
  }
  return { pattern }
}

/**
 * The path of a request target in origin form, decoded, without its query; `undefined` when it is ambiguous: when some
 * server behind us would read another path in it than we do. No pattern is asked about such a path.
 *
 * Ambiguous are dot segments and empty segments (but for the last), `\`, encoded `/`, `\` and control bytes, the
 * same encoded twice, a dot segment with parameters (`..;`, which Java servers take for `..`), an invalid percent sign
 * and what is not visible ASCII. `target` is text of one character a byte. `*` (RFC 9112 3.2.4) stays `*`.
 */
export function readPath(target: string): string | undefined {
  if (target === '*') return target
  if (target.charCodeAt(0) !== SLASH) return undefined
  let end = 0
  let isEncoded = false
  for (; end < target.length; end++) {
    const code = target.charCodeAt(end)
    if (code === QUESTION) break
    if (code <= 0x20 || code >= 0x7f || code === BACKSLASH || code === HASH) return undefined
    if (code === PERCENT) {
      if (!isGoodEscape(target, end)) return undefined
      isEncoded = true
    }
  }
  const raw = end === target.length ? target : target.slice(0, end)
  const path = isEncoded ? decode(raw) : raw
  return hasAmbiguousSegment(path) || (isEncoded && /%(?:00|2e|2f|5c)/i.test(path)) ? undefined : path
}

/** Whether a path from `readPath` matches. Takes at most segments × pattern steps, and allocates nothing. */
export function matchesPath(pattern: PathPattern, path: string): boolean {
  if (path.charCodeAt(0) !== SLASH) return false
  let at = 1
  let part = 0
  // Where to go on when a literal fails: the last `**`, taking one segment more than before.
  let retryPart = -1
  let retryAt = 0
  while (at <= path.length) {
    const wanted = pattern[part]
    const end = segmentEnd(path, at)
    if (wanted === any) {
      retryPart = part
      retryAt = at
      part += 1
    } else if (wanted !== undefined && matchesSegment(wanted, path, at, end)) {
      part += 1
      at = end + 1
    } else if (retryPart >= 0) {
      part = retryPart + 1
      retryAt = segmentEnd(path, retryAt) + 1
      at = retryAt
    } else return false
  }
  while (pattern[part] === any) part += 1
  return part === pattern.length
}

const SLASH = 0x2f
const BACKSLASH = 0x5c
const QUESTION = 0x3f
const HASH = 0x23
const PERCENT = 0x25
const DOT = 0x2e
const SEMICOLON = 0x3b

function segmentEnd(path: string, at: number): number {
  const end = path.indexOf('/', at)
  return end < 0 ? path.length : end
}

function matchesSegment(wanted: string | typeof one | typeof any, path: string, at: number, end: number): boolean {
  if (wanted === one) return end > at
  return typeof wanted === 'string' && wanted.length === end - at && path.startsWith(wanted, at)
}

function isGoodEscape(text: string, at: number): boolean {
  const high = hexValue(text.charCodeAt(at + 1))
  const low = hexValue(text.charCodeAt(at + 2))
  if (high < 0 || low < 0) return false
  const octet = high * 16 + low
  return octet >= 0x20 && octet !== 0x7f && octet !== SLASH && octet !== BACKSLASH
}

function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** One character a byte: what a byte above 0x7f means is the server's affair, and equal bytes are equal names. */
function decode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function hasAmbiguousSegment(path: string): boolean {
  for (let at = 1; at <= path.length; ) {
    const end = segmentEnd(path, at)
    if (end === at && end < path.length) return true
    if (path.charCodeAt(at) === DOT && isDotSegment(path, at, end)) return true
    at = end + 1
  }
  return false
}

function isDotSegment(path: string, at: number, end: number): boolean {
  const after = path.charCodeAt(at + 1) === DOT ? at + 2 : at + 1
  return after >= end || path.charCodeAt(after) === SEMICOLON
}

/** What a text that matches a pattern may be. */
export interface Admitted {
  /** The pattern is about the whole text and not about a part of it. */
  readonly whole: boolean
  /** It may hold `/`. */
  readonly separators: boolean
  /** It may hold `..`. */
  readonly parents: boolean
}

/**
 * Reads a regular expression as it is written, with its delimiters. Ruby's `^` and `$` mean a line; no file's name that
 * begins with a known folder gets past them. What is not understood admits everything.
 */
export function admits(written: string): Admitted {
  const body = bodyOf(written)
  const whole = /^(?:\\A|\^)/.test(body) && /(?:\\[zZ]|\$)$/.test(body)
  const inner = body.replace(/^(?:\\A|\^)/, '').replace(/(?:\\[zZ]|\$)$/, '')
  const atoms = inner.match(/\\.|\[\^?(?:\\.|[^\]\\])*\]|[^\\]/gs) ?? []
  const separators = atoms.some(holdsSeparator)
  const dots = atoms.filter(holdsDot)
  const repeats = /(?:\.|\])[*+{]/.test(inner)
  return { whole, separators, parents: dots.length > 1 || (dots.length === 1 && repeats) }
}

/** Whether what is left without the pattern's matches cannot leave a folder: every `..`, or every separator, is taken out. */
export function removesParents(written: string): boolean {
  return /^(?:(?:\\\.){1,2}|\\\.(?:\+|\{2,?\})|\/|\[(?:\/|\\\\|\\?\.)+\]\+?)$/.test(bodyOf(written))
}

/** Whether the pattern takes out everything but letters, digits and a few signs: `[^\w-]`. */
export function keepsFewSigns(written: string): boolean {
  const kept = /^\[\^((?:\\.|[^\]\\])*)\]\+?$/s.exec(bodyOf(written))?.[1]
  if (kept !== undefined) return !holdsSeparator(`[${kept}]`)
  return /^\\W\+?$/.test(bodyOf(written))
}

/** Whether the pattern's matches are all ends of lines of a text, if among others. */
export function removesLineEnds(written: string): boolean {
  const body = bodyOf(written).replace(/\+$/, '')
  if (/^(?:\\[nRsv]|\\r\?\\n|\\r\|\\n|\\n\|\\r|\[\^\[?:print:\]?\])$/.test(body)) return true
  if (/^\[\[:(?:cntrl|space):\][^\]]*\]$/.test(body) || body === '[^[:print:]]') return true
  const taken = /^\[((?:\\.|[^\]\\^])(?:\\.|[^\]\\])*)\]$/s.exec(body)?.[1]
  return taken !== undefined && /\\[nsR]|\n|\\x00-\\x1f|\\u0000-\\u001f/i.test(taken)
}

function bodyOf(written: string): string {
  const [, slashed] = /^\/(.*)\/[a-z]*$/s.exec(written) ?? []
  const [, braced] = /^%r.(.*).[a-z]*$/s.exec(written) ?? []
  return (slashed ?? braced ?? written).replace(/\\\//g, '/')
}

function holdsSeparator(atom: string): boolean {
  if (atom === '.' || atom === '/' || /^\\[SDWHXR]$/.test(atom)) return true
  if (!atom.startsWith('[')) return false
  if (atom.startsWith('[^')) return !atom.includes('/')
  // A range from before `/` to behind it holds it: `[.-_]`.
  return /\/|\\[SDWH]/.test(atom) || /[ -.]-[0-~]/.test(atom.slice(1, -1).replace(/\\./g, ''))
}

function holdsDot(atom: string): boolean {
  if (atom === '.' || atom === '\\.' || /^\\[SDWH]$/.test(atom)) return true
  if (!atom.startsWith('[')) return false
  return atom.startsWith('[^') ? !atom.includes('.') : atom.includes('.')
}

import type { ParseProblem } from '../../../language.ts'

/** A template as Ruby of the same meaning, and where each piece of it comes from. */
export interface TranslatedTemplate {
  readonly ruby: string
  readonly origin: Origin
  readonly problems: readonly ParseProblem[]
}

/** Offsets in the Ruby text as offsets in the template: of what starts, and of what ends there. */
export interface Origin {
  start(offset: number): number
  end(offset: number): number
}

/**
 * What a template's code adds to the text is given to this setter: unlike a call it takes a value that goes on with a
 * block (`self.x = form do`), whose text comes in between. In the common form it is a call of `output`.
 */
export const outputSetter = 'output_of_the_template='

/** Writes the Ruby text of a template from its beginning to its end. */
export interface TemplateWriter {
  readonly text: string
  readonly problems: ParseProblem[]
  /** Code that the template has from here to there; statements end with their line. */
  code(from: number, to: number): void
  /** What the code from here to there gives is a part of the text; `[tagFrom, tagTo]` is all that says so. */
  output(from: number, to: number, tagFrom: number, tagTo: number): void
  /** The same for code that goes on with a block, whose end comes later. */
  outputBlock(from: number, to: number, tagFrom: number): void
  /** Ruby that the template does not have: the end of a block. */
  own(ruby: string, at: number): void
  /** Code in `#{…}` of a text. */
  interpolations(from: number, to: number): void
  translated(): TranslatedTemplate
}

interface Piece {
  /** Where it begins in the Ruby text. */
  readonly ruby: number
  /** What it stands for in the template. */
  readonly from: number
  readonly to: number
  readonly isCopy: boolean
}

export function newTemplateWriter(text: string): TemplateWriter {
  const parts: string[] = []
  const pieces: Piece[] = []
  const problems: ParseProblem[] = []
  let length = 0
  const add = (ruby: string, from: number, to: number, isCopy: boolean) => {
    if (ruby === '') return
    pieces.push({ ruby: length, from, to, isCopy })
    parts.push(ruby)
    length += ruby.length
  }
  const copy = (from: number, to: number) => add(text.slice(from, to), from, to, true)
  const own = (ruby: string, from: number, to = from) => add(ruby, from, to, false)
  const output = (from: number, to: number, tagFrom: number, tagTo: number) => {
    own(`self.${outputSetter}(`, tagFrom, tagTo)
    copy(from, to)
    own('\n)', tagTo)
    own('\n', tagTo)
  }
  return {
    text,
    problems,
    code(from, to) {
      copy(from, to)
      own('\n', to)
    },
    output,
    outputBlock(from, to, tagFrom) {
      own(`self.${outputSetter} `, tagFrom, to)
      copy(from, to)
      own('\n', to)
    },
    own: (ruby, at) => own(`${ruby}\n`, at),
    interpolations(from, to) {
      for (let at = text.indexOf('#{', from); at !== -1 && at < to; at = text.indexOf('#{', at)) {
        if (isEscaped(text, at)) {
          at += 2
          continue
        }
        const end = closing(text, at + 1, to)
        if (end === -1) {
          problems.push({ start: at, message: 'an interpolation that is not closed' })
          return
        }
        output(at + 2, end, at, end + 1)
        at = end + 1
      }
    },
    translated: () => ({ ruby: parts.join(''), origin: originOf(pieces, text.length), problems }),
  }
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

function originOf(pieces: readonly Piece[], length: number): Origin {
  const pieceAt = (offset: number) => {
    let low = 0
    let high = pieces.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((pieces[middle]?.ruby ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return pieces[low]
  }
  return {
    start(offset) {
      const piece = pieceAt(offset)
      if (!piece) return length
      return piece.isCopy ? Math.min(piece.from + offset - piece.ruby, piece.to) : piece.from
    },
    end(offset) {
      // What ends here is of the piece before.
      const piece = pieceAt(Math.max(0, offset - 1))
      if (!piece) return length
      return piece.isCopy ? Math.min(piece.from + offset - piece.ruby, piece.to) : piece.to
    },
  }
}

const brackets: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/**
 * Where the bracket at `open` is closed, before `limit`; -1 where it is not. Brackets in texts do not count. Each
 * character is looked at once.
 */
export function closing(text: string, open: number, limit: number): number {
  const wanted: string[] = []
  for (let at = open; at < limit; at++) {
    const character = text[at] ?? ''
    const quote = wanted.at(-1)
    if (character === '\\') at++
    else if (quote === '"' || quote === "'") {
      if (character === quote) wanted.pop()
      else if (quote === '"' && character === '#' && text[at + 1] === '{') {
        wanted.push('}')
        at++
      }
    } else if (character === '"' || character === "'") wanted.push(character)
    else if (brackets[character] !== undefined) wanted.push(brackets[character])
    else if (character === wanted.at(-1)) {
      wanted.pop()
      if (wanted.length === 0) return at
    }
  }
  return -1
}

/** Whether code goes on with a block that is closed later. */
export function opensBlock(code: string): boolean {
  return /(?:(?:^|[\s)])do|\{)\s*(?:\|[^|\n]*\|)?\s*$/.test(code.slice(-200))
}

/** Whether code begins what an `end` closes. */
export function opensStatement(code: string): boolean {
  if (/^\s*(?:if|unless|while|until|for|case|begin)\b/.test(code)) return true
  return /=\s*(?:if|unless|case|begin)\b/.test(code.slice(0, 200)) && !/\bend\s*$/.test(code)
}

/** Whether code goes on with a statement that is open: `else`. */
export function continuesStatement(code: string): boolean {
  return /^\s*(?:else|elsif|when|in|rescue|ensure)\b/.test(code)
}

/** Columns that a terminal gives a character: East Asian wide ones and emoji two, marks on another character none. */
function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  if (isMark.test(character)) return 0
  return isWide.test(character) ? 2 : 1
}

const isMark = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200d\u2060])$/u
// Unicode's East_Asian_Width has no property escape: the scripts and blocks that are W or F in it.
const isWide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]$/u

const tabWidth = 4

export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

/** A line as it fits on a terminal: tabs as blanks, cut to a window that holds the marked part's beginning. */
export interface FittedLine {
  readonly text: string
  /** Columns of the marked part, from 0; at least one. */
  readonly start: number
  readonly end: number
}

/** `start` and `end` are offsets of UTF-16 code units in `line`, which has no line break. */
export function fitLine(line: string, start: number, end: number, width: number): FittedLine {
  const cells: { readonly text: string; readonly width: number }[] = []
  let column = 0
  let offset = 0
  let first: number | undefined
  let last = 0
  for (const character of line) {
    if (first === undefined && offset + character.length > start) first = column
    const tab = character === '\t'
    const cell = tab ? tabWidth - (column % tabWidth) : widthOf(character)
    cells.push({ text: tab ? ' '.repeat(cell) : character, width: cell })
    column += cell
    if (offset < end) last = column
    offset += character.length
  }
  const from = first ?? column
  const to = Math.max(last, from + 1)
  if (column <= width) return { text: cells.map(({ text }) => text).join(''), start: from, end: to }
  return cutLine(cells, from, to, width)
}

function cutLine(
  cells: readonly { readonly text: string; readonly width: number }[],
  from: number,
  to: number,
  width: number,
): FittedLine {
  // A third of the window for what stands before the marked part, when it would not be seen from the line's beginning.
  const windowStart = to <= width - 1 ? 0 : Math.max(0, from - Math.floor(width / 3))
  let text = windowStart > 0 ? '…' : ''
  let shift = windowStart > 0 ? -1 : 0
  let column = 0
  let taken = displayWidth(text)
  for (const cell of cells) {
    const isBefore = column < windowStart
    column += cell.width
    if (isBefore) {
      shift += cell.width
      continue
    }
    if (taken + cell.width > width - 1) {
      text += '…'
      break
    }
    text += cell.text
    taken += cell.width
  }
  const start = Math.max(0, from - shift)
  return { text, start, end: Math.max(start + 1, Math.min(to - shift, width)) }
}

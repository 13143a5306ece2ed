import type { Range, RubySource } from './ruby-source.ts'

/** What stands in the place of a range: texts, and parts of the file as they are. */
export interface Edit extends Range {
  readonly pieces: readonly (string | Range)[]
}

/** What a mutation makes of one file: changes in it, and files beside it that take parts of it. */
export interface Mutated {
  readonly edits: readonly Edit[]
  readonly files?: readonly { readonly path: string; readonly pieces: readonly (string | Range)[] }[]
}

/** A change of a program that keeps what it does. */
export interface Mutation {
  readonly title: string
  mutate(source: RubySource, program: Program): Mutated
}

/** All Ruby files of a program, and the texts of the others. */
export interface Program {
  readonly sources: readonly RubySource[]
  readonly others: readonly { readonly path: string; readonly text: string }[]
}

/** Where the code of an offset may be now. */
export type Moved = (
  offset: number,
) => readonly { readonly path: string; readonly start: number; readonly end: number }[]

export interface Applied {
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly moved: Moved
}

/** Edits that meet another that comes first are left out. */
export function applied(source: RubySource, { edits, files = [] }: Mutated): Applied {
  const kept: Edit[] = []
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end))
    if (edit.start >= (kept.at(-1)?.end ?? 0)) kept.push(edit)
  const written: { readonly from: Range; readonly path: string; readonly at: Range; readonly isCopy: boolean }[] = []
  const write = (
    path: string,
    parts: readonly { from: Range; pieces: readonly (string | Range)[]; isCopy: boolean }[],
  ) => {
    let text = ''
    for (const { from, pieces, isCopy } of parts) {
      const start = text.length
      for (const piece of pieces) {
        const at = text.length
        text += typeof piece === 'string' ? piece : source.text.slice(piece.start, piece.end)
        if (typeof piece !== 'string')
          written.push({ from: piece, path, at: { start: at, end: text.length }, isCopy: true })
      }
      if (!isCopy) written.push({ from, path, at: { start, end: text.length }, isCopy: false })
    }
    return { path, text }
  }
  const parts: { from: Range; pieces: readonly (string | Range)[]; isCopy: boolean }[] = []
  let at = 0
  for (const edit of kept) {
    parts.push({ from: { start: at, end: edit.start }, pieces: [{ start: at, end: edit.start }], isCopy: true })
    parts.push({ from: edit, pieces: edit.pieces, isCopy: false })
    at = edit.end
  }
  const rest = { start: at, end: source.text.length }
  parts.push({ from: rest, pieces: [rest], isCopy: true })
  const made = [
    write(source.path, parts),
    ...files.map(({ path, pieces }) => write(path, [{ from: { start: -1, end: -1 }, pieces, isCopy: true }])),
  ]
  const moved: Moved = (offset) =>
    written
      .filter(
        ({ from }) => offset >= from.start && (offset < from.end || (offset === from.end && from.start === from.end)),
      )
      .map(({ from, path, at, isCopy }) =>
        isCopy ? { path, start: at.start + offset - from.start, end: at.start + offset - from.start } : { path, ...at },
      )
  return { files: made, moved }
}

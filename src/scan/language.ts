import type { Expression } from './form.ts'

/** What could not be understood, at an offset; the rest of the file was. */
export interface ParseProblem {
  readonly start: number
  readonly message: string
}

export interface Parsed {
  /** Absent where nothing of the file could be understood. */
  readonly program?: Expression
  readonly problems: readonly ParseProblem[]
  /** Files that it loads, where their names are written out; `unknown` where a name is computed. */
  readonly loads: readonly string[]
  readonly loadsUnknown: boolean
}

/** A programming language: it turns source into the common form. Nothing else in scan/ knows its syntax. */
export interface Language {
  readonly id: string
  /** Whether a file of this path, relative and with `/`, is written in it. */
  reads(path: string): boolean
  /** Never throws: what a file holds is never a reason to stop. */
  open(): Promise<(text: string) => Parsed>
}

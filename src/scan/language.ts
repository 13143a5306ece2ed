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

/** A class or module that is opened in a file; names are whole: `Sinatra::Base`. */
export interface SurveyedScope {
  readonly name: string
  readonly parent?: string
  /** Modules that are mixed in, as written. */
  readonly mixins: readonly string[]
}

/** A function that is defined in a file; `start` is its closure's. `params`, where they are written out, is how many it has. */
export interface SurveyedMethod {
  readonly name: string
  readonly owner: string
  readonly on: 'instance' | 'scope' | 'template'
  readonly start: number
  readonly params?: number
}

/**
 * What a file defines and mentions, without its code: enough to tell whether the code matters to what is followed. A
 * tenth of the size of the form, and plain data.
 */
export interface Survey {
  readonly scopes: readonly SurveyedScope[]
  readonly methods: readonly SurveyedMethod[]
  /**
   * Every name that is called (`[]`, `[]=`, `!` and what patterns call in any case), and every variable that is not local, once each, joined
   * by line feeds.
   */
  readonly mentions: string
  /**
   * Constants that are mentioned only to be asked for a text, and the texts: `ENV PORT`, once each, joined by line feeds.
   */
  readonly entries: string
  /** Every variable that is written and not local, once each, joined by line feeds; constants by their last name. */
  readonly writes: string
  /** Every name that is called with a block, on nothing and outside of every class and module, once each, joined so. */
  readonly topBlocks: string
  readonly loads: readonly string[]
  readonly loadsUnknown: boolean
  readonly problems: readonly ParseProblem[]
  /** Absent where nothing of the file could be understood. */
  readonly understood: boolean
}

/** Both never throw: what a file holds is never a reason to stop. */
export interface Parser {
  parse(text: string, path: string): Parsed
  survey(text: string, path: string): Survey
}

/** A programming language: it turns source into the common form. Nothing else in scan/ knows its syntax. */
export interface Language {
  readonly id: string
  /** Whether a file of this path, relative and with `/`, is written in it. */
  reads(path: string): boolean
  /** Whether a script that begins with this line, and whose name has no extension, is written in it. */
  readsScript?(firstLine: string): boolean
  /** Whether a file of this path stands at the root of a program or library. */
  marksRoot(path: string): boolean
  /** Whether such a file is a template: its text is the answer, and `output` is what its code adds to it. */
  isTemplate(path: string): boolean
  open(): Promise<Parser>
}

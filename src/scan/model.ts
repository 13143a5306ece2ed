/** Where a value can leak to. */
export type SinkKind = 'response' | 'log' | 'url'

/**
 * What a library's names mean, as data. `on` says which receivers are meant: `''` none, `*` any, `Name::Of` a constant,
 * `a type` what another model or the follower has given (`environment`, `exception`, `logger`).
 */
export interface CallModel {
  readonly on: readonly string[]
  readonly names: readonly string[]
  /** What the result may hold. Nothing unless said: a call that no model knows ends the path. */
  readonly gives?: readonly ('receiver' | 'entries' | 'arguments' | 'argument itself' | 'block')[]
  /** The result's type. */
  readonly type?: string
  /** What goes out: all arguments, those at these positions, or these named ones. */
  readonly sink?: {
    readonly kind: SinkKind
    readonly takes: 'all' | { readonly positions: readonly number[] } | { readonly named: readonly string[] }
    readonly says: string
  }
  /** Reads variables of the environment: the one that the first argument names, each that an argument names, or all. */
  readonly reads?: 'named' | 'each' | 'all'
  /** What of an exception the result shows. */
  readonly shows?: readonly ('message' | 'backtrace')[]
  /** The result is chosen by whoever sends the request. */
  readonly input?: boolean
  /** The result is escaped: no character of an input can break the text that it is put in. */
  readonly escapes?: boolean
  /** Raises this error, its message quoting the first argument, when an input can make the argument ill-formed. */
  readonly raises?: string
  /** Types of the block's parameters. */
  readonly blockTakes?: readonly string[]
  /** Makes a class of records: the arguments name its entries, in the order in which they are given to it. */
  readonly makesRecord?: boolean
  /** Puts its last argument in the place of a part of the receiver. */
  readonly replaces?: boolean
  /** With a number: gives that many characters or items of the receiver. */
  readonly cuts?: boolean
  /** Fills the places of a pattern: the receiver, or the first argument where there is none. */
  readonly fills?: boolean
  /** Puts its argument after the receiver. */
  readonly appends?: boolean
  /** Changes its receiver: what the arguments hold is in the receiver too. */
  readonly mutates?: boolean
}

/** A web framework's own words. */
export interface Framework {
  /** Classes that an app inherits from. */
  readonly bases: readonly string[]
  /** What a file of a classic app requires. */
  readonly requires: readonly string[]
  /** Calls whose block answers a request. */
  readonly routes: readonly string[]
  /** Calls whose block answers when something went wrong; the block takes the exception. */
  readonly failures: readonly string[]
  /** Calls that write settings (name and value, or a dictionary), that set them to true, and to false. */
  readonly sets: readonly string[]
  readonly enables: readonly string[]
  readonly disables: readonly string[]
  /** Settings that are on or off. */
  readonly switches: readonly string[]
  /** The call that settings are read from. */
  readonly settings: readonly string[]
  /** The call whose block holds for the named environments only. */
  readonly configures: readonly string[]
  /** Calls that are true in one environment. */
  readonly environmentTests: Readonly<Record<string, string>>
  /** Calls that put a middleware in front of the app. */
  readonly uses: readonly string[]
  /** The setting that names the environment that the app runs in. */
  readonly environment: string
  /** Parameters by which an extension is given the app. */
  readonly appNames: readonly string[]
}

export interface Model {
  readonly id: string
  readonly title: string
  /** Constants and global variables of a type. */
  readonly values?: Readonly<Record<string, string>>
  /** Entries of an object of a type that are of a type themselves; `failure` is the exception of a failed request. */
  readonly entries?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** A function of this name and number of parameters is an app: it takes a request's environment and answers. */
  readonly answers?: { readonly name: string; readonly parameters: number }
  /** Calls that read an entry of a dictionary, as `[]` does; what follows the key is given when there is none. */
  readonly entryReads?: readonly string[]
  /** The nearest ancestor of an exception that the library raises. */
  readonly parents?: Readonly<Record<string, string>>
  /** Exceptions whose messages quote what the program holds; `Name::` for all of a module. */
  readonly revealing?: readonly string[]
  /** Middleware and settings that answer with the whole exception. */
  readonly debugging?: { readonly middleware: readonly string[]; readonly settings: readonly string[] }
  /** Calls whose argument or block is an app: a function from a request's environment to status, fields and body. */
  readonly runs?: readonly string[]
  /** Variables and calls of these names are of a type, unless more is known. */
  readonly named?: readonly { readonly pattern: RegExp; readonly type: string }[]
  readonly calls?: readonly CallModel[]
  readonly framework?: Framework
  readonly documentation: string
}

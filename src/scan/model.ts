/**
 * What libraries do, as data: one file of `models/` for each. To write one, answer four questions about the library:
 *
 * 1. Which of its names make an object that matters? `calls` with a `type`: `{ on: ['Faraday'], names: ['new'], type:
 *    'faraday' }`. A type is a word of your own, in small letters; other calls and other models may speak of it in `on`.
 * 2. Which calls give something worth following? `source`: a key, something the client sent, an upstream's answer.
 * 3. Where do values leave? `sink`: with `takes` for which of the arguments leave there, and `says` for the step.
 * 4. What do the others do with what they are given? `gives`; a call that no model knows ends the path, and so does a
 *    call of a model that gives nothing: length, digest, comparison.
 *
 * What an HTTP client was told (time limits, verification, its certificate) is `options` with the words of `Option`; what
 * it was given to send (fields, credentials) is `holds`. A sink `request` then tells both of them. What a class is told
 * (`base_uri` in its body, `Excon.defaults`) holds for all that is asked through it.
 *
 * The most exact model wins: a call on a type or a constant before one on `*`. Every file has its own examples in
 * `flow/*.test.ts`: a program that leaks through the library, and one that uses it well.
 */
export interface Model {
  readonly id: string
  readonly title: string
  /** Calls that do not return: they end the route or the program. */
  readonly leaves?: readonly string[]
  /** Constants and global variables of a type. */
  readonly values?: Readonly<Record<string, string>>
  /** Entries of an object of a type that are of a type themselves; `failure` is the exception of a failed request. */
  readonly entries?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What a whole object of a type is called where it is shown: `every variable of the environment`. */
  readonly wholes?: Readonly<Record<string, Whole>>
  /** What tells an app from other functions: it takes a request's environment and answers. */
  readonly answers?: Answers
  /** Classes whose functions of an app's name are none: they handle what the program itself asks of others. */
  readonly asking?: readonly string[]
  /** The function that hands an object's items to a block, and the modules whose functions are made of it. */
  readonly iterating?: { readonly by: string; readonly mixins: readonly string[] }
  /** Types of which there is one object: what is put in an entry of it anywhere is had from it everywhere. */
  readonly shared?: readonly string[]
  /** Calls that read an entry of a dictionary, as `[]` does; what follows the key is given when there is none. */
  readonly entryReads?: readonly string[]
  /** What an object of the program is asked when it is put in a text. */
  readonly asText?: readonly string[]
  /** Classes of texts, lists and dictionaries, to which a program may add functions. */
  readonly valueClasses?: readonly string[]
  /** Calls that run their block as code of their receiver. */
  readonly runsWithin?: readonly string[]
  /** Classes and modules whose heirs are made from a dictionary of their attributes, and what gives all of these. */
  readonly valueObjects?: { readonly bases: readonly string[]; readonly whole: readonly string[] }
  /** Calls that put all variables of an object in a text, unless its class says otherwise. */
  readonly inspects?: readonly string[]
  /** The nearest ancestor of an exception that the library raises. */
  readonly parents?: Readonly<Record<string, string>>
  /** Exceptions whose messages quote what the program holds; `Name::` for all of a module. */
  readonly revealing?: readonly string[]
  /** Calls that say which columns of a database are encrypted. */
  readonly encrypting?: readonly string[]
  /** Middleware and settings that answer with the whole exception. */
  readonly debugging?: Debugging
  /** Calls whose argument or block is an app: a function from a request's environment to status, fields and body. */
  readonly runs?: readonly string[]
  /** Calls that make an object of the class that comes first, from an app that is not known and the other arguments. */
  readonly stacks?: readonly string[]
  /** Variables and calls of these names are of a type, unless more is known. */
  readonly named?: readonly { readonly pattern: RegExp; readonly type: string }[]
  /** Names that say that lines of the log are written as data, so that what stands in them is quoted. */
  readonly structuring?: readonly string[]
  /** Constants that clients verify their peers by: another value turns that off in the whole process. */
  readonly verifying?: readonly string[]
  /** Settings for a function that has the last word on a peer's certificate: one that says yes to all takes any. */
  readonly judging?: readonly string[]
  /** Names that make code worth following although it reads no key: `VERIFY_NONE`. */
  readonly watched?: readonly string[]
  /** Words of a text in which it matters how hosts are asked, although it reads no key: those of client certificates. */
  readonly tellingHow?: readonly string[]
  readonly calls?: readonly CallModel[]
  readonly framework?: Framework
  readonly documentation: string
}

/**
 * A function of this name and number of parameters is an app if its parameter is called so, or if it does with it what
 * apps do: it reads such an entry, makes an object of such a class of it, hands it on to another app, or answers in three.
 */
export interface Answers {
  readonly name: string
  readonly parameters: number
  readonly takes: RegExp
  readonly entries: RegExp
  readonly makes: RegExp
}

export interface Whole {
  readonly title: string
  readonly label: 'settings' | 'credential'
}

/** Where a value can leak to. */
export type SinkKind =
  /** The body of an answer. */
  | 'response'
  /** A field of an answer. */
  | 'field'
  | 'cookie'
  | 'redirect'
  /** What a template is given. */
  | 'template'
  | 'log'
  /** An error tracker, metrics, traces. */
  | 'telemetry'
  | 'url'
  /** An outgoing request: what it carries, and in the flow's `detail` where to and how. */
  | 'request'
  /** A program's arguments. */
  | 'command'
  /** Text that is run, or a name that chooses what is run. */
  | 'code'
  /** A text or bytes that any object is made from. */
  | 'object'
  /** A name that may be a file's, a URL or a command. */
  | 'open'
  /** The name of a file that is opened, read or sent. */
  | 'path'
  /** What is written to a file. */
  | 'file'
  | 'cache'
  | 'session'
  | 'queue'
  /** A row of a database. */
  | 'database'
  /** The text of a statement that a database runs. */
  | 'statement'
  /** A mail, a chat message. */
  | 'message'
  /** What is digested without a key of the digest's own. */
  | 'digest'
  /** A key that something is signed or encrypted with; `says` tells what for. */
  | 'signing'
  /** `==` and its like, in the time that equal beginnings take. */
  | 'compare'

/** What is followed. */
export type LabelKind =
  /** A secret of the service. */
  | 'key'
  /** Of an exception. */
  | 'message'
  | 'backtrace'
  /** Chosen by whoever sends the request. */
  | 'input'
  /** The caller's own: Authorization, X-Api-Key, cookies, fields about its certificate. */
  | 'credential'
  /** What an upstream answered. */
  | 'upstream'
  /** The whole environment, all settings, a whole configuration. */
  | 'settings'
  /** Made with a key, so that nobody without the key can: a message authentication code. */
  | 'signature'

/**
 * Which values a call means: all its arguments (and what its block gives), those at these positions, or these named ones,
 * `ssl.verify` for one inside of another; `block`: what its block gives; `receiver`: what it is called on and all arguments.
 */
export type Takes =
  | 'all'
  | 'block'
  | 'receiver'
  | { readonly positions: readonly number[] }
  | { readonly named: readonly string[] }

export interface SinkModel {
  readonly kind: SinkKind
  readonly takes: Takes
  /** The step of the path: `answered to the client`. */
  readonly says: string
  /** An input counts only where the value begins with it. */
  readonly leading?: true
  /** Objects of the program show all their variables. */
  readonly inspects?: true
  /** A named argument without which nothing goes out when it is false: `verbose`. */
  readonly unless?: string
  /** Only where the first argument, as far as it is constant, is like this. */
  readonly where?: RegExp
  /** Only where the argument at this position is of this type. */
  readonly whereType?: { readonly position: number; readonly type: string }
  /** Not where one of these arguments is named. */
  readonly without?: readonly string[]
  /** What leaves is quoted: no end of a line is in it. */
  readonly quotes?: true
}

/**
 * Whether the text of what a client has sent can hold the end of a line, where it is not any text: `none`; `in entries`
 * of a list or a dictionary, whose own text quotes them.
 */
export type LineEnds = 'none' | 'in entries'

export interface SourceModel {
  readonly label: Exclude<LabelKind, 'message' | 'backtrace'>
  /**
   * What tells the name of what is read: the first argument, every argument (which gives a list), whichever argument has
   * such a name (which gives what it names, or a list with it), the call's own name; `whole`: `title`.
   */
  readonly named: 'argument' | 'each argument' | 'any argument' | 'call' | 'whole'
  /** Names that count; names of secrets unless said. */
  readonly names?: RegExp | 'any'
  /** What is read where it is not named: `every variable of the environment`. */
  readonly title?: string
  /** Classes that the call may be given, of whose objects nothing is worth following. */
  readonly notOf?: RegExp
  /** The step, after the name: `is read from the environment`. */
  readonly says: string
  /** The type of an argument that is any name that there is: what it reads is one entry of the whole. */
  readonly ofAll?: string
  /** Of what a client has sent, where it is not any text. */
  readonly lineEnds?: LineEnds
}

/** What an object is told that later requests depend on. */
export type Option =
  /** Of the peer's certificate: `none`, `peer`; of a context `unasked`, which matters once something connects with it. */
  | 'verification'
  | 'openTimeout'
  | 'readTimeout'
  | 'totalTimeout'
  | 'clientCertificate'
  | 'clientKey'
  /**
   * Whether redirects are followed; to other hosts with the same fields: `with fields`, `with fields of GET`, and where
   * the program asks for it `with fields as told`.
   */
  | 'redirects'
  | 'baseUrl'
  | 'host'
  /** Of an answer: the names of the keys that its request carried. */
  | 'carried'
  /** Whether it speaks TLS. */
  | 'tls'
  | 'debugOutput'
  | 'proxy'
  | 'method'
  /** The target of the request as far as it is constant; `*` stands for what is not. */
  | 'url'

/** `*` where the program computes it, `?` where whoever sends the request chooses how it begins. */
export type OptionValue = string | number | boolean | null

export interface OptionModel {
  readonly option: Option
  /** An argument, what it is called on, or a value that the call itself means. Without its argument a call says nothing. */
  readonly from:
    | { readonly position: number }
    | { readonly receiver: true }
    | { readonly named: string }
    | { readonly value: OptionValue }
  /** From the value as it is written (a text, a number, the last part of a constant's name) to the option's words. */
  readonly means?: Readonly<Record<string, OptionValue>>
  /** Only where the first argument, as far as it is constant, is like this. */
  readonly where?: RegExp
  /** Only where the call has no block. */
  readonly withoutBlock?: true
}

/**
 * What a library's names mean, as data. `on` says which receivers are meant: `''` none, `*` any, `Name::Of` a constant,
 * `a type` what another model or the follower has given (`environment`, `exception`, `logger`). The name `*` means every
 * call on such a receiver that no other model knows.
 */
export interface CallModel {
  readonly on: readonly string[]
  readonly names: readonly string[]
  /**
   * What the result may hold. Nothing unless said: a call that no model knows ends the path. `inputs`: of the arguments
   * only what a client has sent; `host`: that of the URL that the receiver is; `built`: of the receiver, where it is a text that was
   * put together.
   */
  readonly gives?: readonly (
    | 'receiver'
    | 'built'
    | 'entries'
    | 'arguments'
    | 'inputs'
    | 'argument itself'
    | 'block'
    | 'host'
  )[]
  /** The result's type. */
  readonly type?: string
  /** The result is of the type only where the first argument, as far as it is constant, is like this. */
  readonly typeWhere?: RegExp
  /** The result's type by the first argument's. */
  readonly typeBy?: Readonly<Record<string, string>>
  /** What goes out. */
  readonly sink?: SinkModel | readonly SinkModel[]
  /** What the result is. Each that fits counts. */
  readonly source?: SourceModel | readonly SourceModel[]
  /** What the result, or the receiver where the call has no type, is told. */
  readonly options?: readonly OptionModel[]
  /** What the library does where it is told nothing. */
  readonly defaults?: Readonly<Partial<Record<Option, OptionValue>>>
  /** What the result, or the receiver where the call has no type, keeps for later requests, and shows to nobody else. */
  readonly holds?: Takes
  /** The result is a part of the receiver: what it is told and given, the receiver is. */
  readonly part?: boolean
  /** What of an exception the result shows. */
  readonly shows?: readonly ('message' | 'backtrace')[]
  /** The result is escaped: no character of an input can break the text that it is put in. */
  readonly escapes?: boolean
  /** Of what a client has sent, the result holds ends of lines only so: they are quoted, or taken out. */
  readonly lineEnds?: LineEnds
  /** The result is an absolute path, without `..`. */
  readonly resolves?: boolean
  /** Raises this error, its message quoting the first argument, when an input can make the argument ill-formed. */
  readonly raises?: string
  /** Raises this error, its message quoting the receiver or the first argument, when that is not of the right form. */
  readonly quotes?: { readonly error: string; readonly what: 'receiver' | 'argument' }
  /**
   * What the block's parameters are: types, or `result` (what the call makes), `receiver` (what it is called on), `item`
   * (any entry of that, of a dictionary with its name), `entry` (any entry's value), `argument` (the first argument), `read` (what its source gives). Items unless said.
   */
  readonly blockTakes?: readonly string[]
  /** The block is run on entries of this type, which show what the call reads as a whole; the call gives what it gives. */
  readonly blockOver?: string
  /** A block without parameters is run on an object of this type: calls in it that have no receiver are its. */
  readonly blockOn?: string
  /** Without a block renders the template of the function that it stands in, which is sent with it. */
  readonly rendersOwn?: true
  /** Its first argument names a template; `locals` are the template's variables. */
  readonly renders?: boolean
  /** The template that is put around the one that it renders, unless the argument `layout` says otherwise. */
  readonly layout?: string
  /** The receiver's text is a template, whose variables are those of a binding or a dictionary that it is given. */
  readonly rendersReceiver?: boolean
  /** Makes a class of records: the arguments name its entries, in the order in which they are given to it. */
  readonly makesRecord?: boolean
  /** Makes one of the program's own names of it, which no secret is. */
  readonly makesName?: true
  /** Puts its last argument in the place of a part of the receiver. */
  readonly replaces?: boolean
  /** With a number: gives that many characters or items of the receiver. */
  readonly cuts?: boolean
  /** Without an argument: gives this item of a list. */
  readonly end?: 'first' | 'last'
  /** Of a dictionary: gives the values of its entries. */
  readonly values?: boolean
  /** Of a dictionary: gives one of its entries, or all of them in a list, as lists of name and value; of a list one item. */
  readonly pairs?: 'one' | 'all'
  /**
   * Of a dictionary: gives the entries that its block keeps, those that it does not drop, or both, apart. With a type:
   * the result is of the type only where the texts and patterns that it chooses names by keep those of secrets.
   */
  readonly filters?: 'kept' | 'dropped' | 'parted'
  /** With a block the result holds what that gives, and nothing of the receiver. */
  readonly blockInstead?: boolean
  /** Whether the block holds for any, all or none of the items. */
  readonly asks?: 'any' | 'all' | 'none'
  /**
   * Of a dictionary: gives the entries that the arguments name, all others, a list of the values of those that are named,
   * or the one that it takes out of it.
   */
  readonly picks?: 'named' | 'others' | 'values' | 'taken out'
  /** Of dictionaries: the argument's entries take the place of those of the receiver, or of a copy of it. */
  readonly overlays?: 'the receiver' | 'a copy'
  /** Gives the receiver's text in these letters. */
  readonly letters?: 'small' | 'large'
  /** Gives the items of the receiver as one text, with the argument between them. */
  readonly gathers?: boolean
  /** Fills the places of a pattern: the receiver, or the first argument where there is none. */
  readonly fills?: boolean
  /** Gives its arguments as one text, with this between them. */
  readonly joins?: string
  /** Gives an object that holds its argument under the call's name; with `unwraps` what its block gives, in that one's place. */
  readonly wraps?: true
  /** Gives what calls of these names have wrapped, and runs its block on it; `class`: of the class that it is given. */
  readonly unwraps?: readonly string[] | 'class'
  /** Gives the class of the receiver. */
  readonly ofClass?: boolean
  /** Gives the one object of the class that it is called on. */
  readonly onlyOne?: true
  /** Ends its block after a time. */
  readonly bounds?: boolean
  /** Puts its argument after the receiver. */
  readonly appends?: boolean
  /** Gives a list of what its block gives. */
  readonly collects?: true
  /** Changes its receiver: what the arguments hold is in the receiver too. */
  readonly mutates?: boolean
}

/** What answers with the whole exception. */
export interface Debugging {
  readonly middleware?: readonly string[]
  /** Settings that turn it on and are set by name. */
  readonly settings?: readonly string[]
  /** Settings that turn it on and are assigned. */
  readonly assigned?: readonly string[]
  /** Calls that do it themselves. */
  readonly calls?: readonly string[]
  /** Named arguments of calls that handle failures. */
  readonly options?: readonly string[]
}

/** A web framework's own words. */
export interface Framework {
  /** Classes that an app inherits from. */
  readonly bases: readonly string[]
  /** What a file of an app without a class requires. */
  readonly requires: readonly string[]
  /** Whether an app can be written at the top level, without a class. */
  readonly classic: boolean
  /** Calls whose block answers a request. */
  readonly routes: readonly string[]
  /** Types of receivers that such calls are made on; on no receiver, or on the app, unless said. */
  readonly routesOn?: readonly string[]
  /** Whether the value of a route's block is the answer. */
  readonly answersWithValue: boolean
  /** What a route's block is given: types. */
  readonly routeTakes?: readonly string[]
  /** How a route's block is given what its pattern has captured: whole parts of the path, or one segment each. */
  readonly captures?: 'parts' | 'segments'
  /** Until this switch is off, no `..` comes to a route in its path; it reads what was captured with this call too. */
  readonly guardsPath?: { readonly switch: string; readonly parameters: string }
  /** Methods that answer requests: of these names, or every one that instances have. */
  readonly actions?: {
    readonly names: readonly string[] | 'every'
    readonly takes: readonly string[]
    readonly answersWithValue: boolean
    /** Whether the template of the method's name is the answer where the method does not say otherwise. */
    readonly renders: boolean
  }
  /** Calls whose block, or the method that an argument names, runs before or after a route. */
  readonly filters: readonly string[]
  /** Calls whose block is given the router, an object of the first type of `routesOn`, and answers with its value. */
  readonly trees?: readonly string[]
  /** Calls whose block holds code of the app that they are made on. */
  readonly groups?: readonly string[]
  /**
   * Calls whose block answers when something went wrong; the block takes the exception, and so does a method `with:`.
   * `plugin error_handler` means the call `plugin` with that first argument.
   */
  readonly failures: readonly string[]
  /** Whether such a call without a block answers with the message. */
  readonly failuresShowMessage?: boolean
  /** The types of what such a block is given after the exception. */
  readonly failuresTake?: readonly string[]
  /** Calls that write settings (name and value, or a dictionary), that set them to true, and to false. */
  readonly sets: readonly string[]
  readonly enables: readonly string[]
  readonly disables: readonly string[]
  /** Settings that are on or off. */
  readonly switches: readonly string[]
  /** The switch of the page that shows errors, which is on in development. */
  readonly errorPage?: string
  /** The call that settings are read from. */
  readonly settings: readonly string[]
  /** Calls that fill settings from a file: a setting with a secret's name that the code does not write is a secret. */
  readonly settingsFiles?: readonly string[]
  /** The call whose block holds for the named environments only. */
  readonly configures: readonly string[]
  /** Calls that are true in one environment. */
  readonly environmentTests: Readonly<Record<string, string>>
  /** The environment where no variable names one. */
  readonly environmentUnset: string
  /** Calls that put a middleware in front of the app. */
  readonly uses: readonly string[]
  /** The folder of files that are read in the environment of their name only. */
  readonly environmentFiles?: string
  /** The setting that names the environment that the app runs in. */
  readonly environment: string
  /** Functions of a module that are given the app that the module is put in. */
  readonly extensions?: readonly string[]
  /** Parameters by which an extension is given the app. */
  readonly appNames: readonly string[]
  /** How requests are logged with their queries. */
  readonly accessLog?: AccessLog
  /** How requests are logged with their parameters, and which of them are left out. */
  readonly parameterLog?: ParameterLog
  /** The switch that writes every error of a request to the log, and is on unless it is turned off. */
  readonly errorLog?: string
}

export interface ParameterLog {
  /** The class of the whole app. */
  readonly application: string
  /** Calls on its configuration that give or add to the list of what is left out: parts of names, or patterns. */
  readonly filters: readonly string[]
  /** The call that gives a request's parameters. */
  readonly parameters: string
}

export interface AccessLog {
  /** The switch; where it is not set, requests of an app at the top level are logged and those of a class are not. */
  readonly setting: string
  readonly middleware: readonly string[]
  /** The call that gives a request's parameters. */
  readonly parameters: string
  /** Routes whose parameters come in the query. */
  readonly queryRoutes: readonly string[]
  /** Calls that give a request's URL, or a part of it, with the query. */
  readonly withQuery: readonly string[]
}

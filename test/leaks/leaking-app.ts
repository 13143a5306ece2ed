/** Where a secret was seen. */
export type Channel =
  /** In what the app answered: its content; a field of this name. */
  | 'content'
  | `field ${string}`
  /** On the app's own standard output or standard error. */
  | 'output'
  /** In a file that the app wrote, by its name in the app's folder. */
  | `file ${string}`
  /** In the request target, a field or the content of a request to the stub upstream, to the stub of another host. */
  | 'upstream target'
  | `upstream field ${string}`
  | 'upstream content'
  | 'other host'
  /** At the stub upstream whose certificate nobody has signed. */
  | 'unverified upstream'
  /** Among the arguments of a program that the app started. */
  | 'arguments'

/**
 * In the path and the content `{upstream}`, `{other}` and `{unverified}` stand for the stubs' URLs,
 * `{otherAuthority}` for the other's host and port.
 */
export interface Ask {
  readonly method?: string
  readonly path: string
  readonly fields?: Readonly<Record<string, string>>
  readonly content?: string
}

/** One finding that is really made to happen. */
export interface Leak {
  /** The line of expected.txt: `app.rb:12 key-in-response`. */
  readonly finding: string
  /** What is asked, one after the other; a program that is no server is only started. */
  readonly asks: readonly Ask[]
  readonly seen: Channel
  /** What is seen there: a variable's key, or a text that is no key (a backtrace's path). */
  readonly holds: { readonly key: string } | { readonly text: string }
}

/** A whole app with leaks, and how each is seen. Its fixed twin is asked the same and shows nothing. */
export interface LeakingApp {
  readonly title: string
  /** `{port}` stands for the port. A program that is no server has none, and is run to its end. */
  readonly command: readonly string[]
  /** Variables that hold keys, by the kind of each; the keys are made when the app is started. */
  readonly keys: Readonly<Record<string, string>>
  /**
   * Others. `{upstream}`, `{other}`, `{unverified}` stand for the stubs' URLs, `{folder}` for the app's own folder. An app
   * gets no variable but these, PATH and HOME.
   */
  readonly environment?: Readonly<Record<string, string>>
  /** Programs whose arguments are looked at: each is a stub in the app's PATH. */
  readonly programs?: readonly string[]
  readonly leaks: readonly Leak[]
  /** Findings that cannot be made to happen, and why. */
  readonly notSeen?: Readonly<Record<string, string>>
}

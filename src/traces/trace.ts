/** What a framework shows of itself when it fails. */
export const insides = ['backtrace', 'debug page', 'environment'] as const
export type Inside = (typeof insides)[number]

/**
 * How one framework shows its insides. `find` is given text as a person would read it (unescape.ts has undone entities
 * and JSON escapes), one character a byte; it must be linear in the text's length: the ingress runs it on answers.
 */
export interface Trace {
  readonly id: string
  readonly title: string
  readonly shows: Inside
  /** The trace is only there where one of these is: a cheap look before `find`. */
  readonly needles: readonly string[]
  /** The first place that proves it, or undefined. */
  find(text: string): TraceHit | undefined
  readonly examples: { readonly shown: readonly string[]; readonly clean: readonly string[] }
}

export interface TraceHit {
  readonly start: number
  readonly end: number
  /** Where in the app it happened (`app.rb:12`), when the trace tells. Shown in evidence; holds no message and no value. */
  readonly frame?: string
}

import type { Expression } from '../form.ts'
import type { SourceFile } from '../source-file.ts'
import type { Method } from './program.ts'
import { type Label, nothing, type Value } from './value.ts'
import type { Variables } from './variables.ts'

/** What code runs with. */
export interface Frame {
  readonly file: SourceFile
  /** The class whose code it is; '' at the top level. */
  readonly owner: string
  /** Whether `self` is the class itself and not an instance of it. */
  readonly onScope: boolean
  readonly context: string
  readonly variables: Variables
  readonly block: Value | undefined
  readonly method: Method | undefined
  readonly depth: number
  /** What leaves the function other than at its end. */
  readonly returns: { value: Value }
  /** What is raised and not yet caught. */
  readonly raised: { labels: readonly Label[] }
  /** Set in code whose value is an answer: the expressions that can be the last. */
  readonly tails: ReadonlySet<Expression> | undefined
}

/** A frame with nothing in it yet. */
export function newFrame(given: Partial<Frame> & Pick<Frame, 'file' | 'owner' | 'onScope' | 'context'>): Frame {
  return {
    variables: { own: new Map(), outer: undefined },
    block: undefined,
    method: undefined,
    depth: 0,
    returns: { value: nothing },
    raised: { labels: [] },
    tails: undefined,
    ...given,
  }
}

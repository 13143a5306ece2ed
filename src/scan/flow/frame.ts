import type { Expression } from '../form.ts'
import type { Framework } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import type { Checked } from './checks.ts'
import { everywhere, type Where } from './environments.ts'
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
  /** The object that the code runs on, where it is known which. */
  readonly self: Value | undefined
  /** Whether the class of that object is only guessed. */
  readonly isGuess: boolean
  /** In a block that a library runs on an object of its own: the object's type, whose words the block's calls are. */
  readonly words: string | undefined
  readonly context: string
  /** The framework whose words the code's calls are. */
  readonly framework: Framework | undefined
  /** Of the arm or block that is being run. */
  variables: Variables
  /** The environments that the code runs in. */
  where: Where
  readonly block: Value | undefined
  readonly method: Method | undefined
  readonly depth: number
  /** How many calls ago something worth following was handed on. */
  readonly plainDepth: number
  /** What leaves the function other than at its end. */
  readonly returns: { value: Value }
  /** What tests have shown of inputs on the way here. */
  checked: Checked
  /** What is raised and not yet caught. */
  raised: { labels: readonly Label[] }
  /** What is being handled: the exception of the innermost rescue. */
  handled: Value | undefined
  /** Set in code whose value is an answer: the expressions that can be the last. */
  readonly tails: ReadonlySet<Expression> | undefined
  /** Whether an answer is a list of status, fields and body, and nothing else is one. */
  readonly answersInThree: boolean
  /** In a template: what it adds to the text, and whether that is an answer. */
  readonly output: { labels: readonly Label[]; readonly isAnswer: boolean } | undefined
}

/** A frame with nothing in it yet. */
export function newFrame(
  given: Partial<Frame> & Pick<Frame, 'file' | 'owner' | 'onScope' | 'context' | 'framework'>,
): Frame {
  return {
    variables: { own: new Map(), outer: undefined },
    where: everywhere,
    self: undefined,
    isGuess: false,
    words: undefined,
    block: undefined,
    method: undefined,
    depth: 0,
    plainDepth: 0,
    returns: { value: nothing },
    checked: new Map(),
    raised: { labels: [] },
    handled: undefined,
    tails: undefined,
    answersInThree: false,
    output: undefined,
    ...given,
  }
}

import type { KeyKind } from '../../keys/kind.ts'
import type { Call, Closure, Expression, Variable } from '../form.ts'
import type { CallModel, Framework } from '../model.ts'
import type { SecretNames } from '../secret-name.ts'
import type { Flow, FlowRecord } from './flow-record.ts'
import type { Frame } from './frame.ts'
import type { ModelIndex } from './index-models.ts'
import type { Method, Program } from './program.ts'
import type { BoundClosure, Label, Trace, Value } from './value.ts'

/** What is known when a function has been run. */
export interface Result {
  readonly value: Value
  readonly raised: readonly Label[]
}

/**
 * One run of the follower: what its parts share, and what they do for each other. The parts stand in files of their own
 * and know only this.
 */
export interface Run {
  readonly program: Program
  readonly framework: Framework | undefined
  readonly index: ModelIndex
  readonly record: FlowRecord
  readonly knowledge: Knowledge
  /** Every prefix of a key's shape. */
  readonly prefixes: readonly { readonly kind: KeyKind; readonly prefix: string }[]
  /** Variables that outlive a call: constants, settings, instance, class and global variables. */
  readonly cells: Map<string, Value>
  readonly constantsByLastName: Map<string, Set<string>>
  /** Of each function, by whose code it runs as, and by its arguments. */
  readonly results: Map<number, Map<string, Map<string, Result>>>
  /** How often a function is running now. */
  readonly active: Map<Closure, number>
  readonly state: { cellsChanged: boolean; steps: number }
  readonly stepsMax: number

  /** The value of an expression; what it does to variables, cells and flows is done. */
  evaluate(expression: Expression, frame: Frame): Value
  /** The value is an answer to a request. */
  answer(value: Value, at: Expression, frame: Frame): void
  readVariable(variable: Variable, at: Expression, frame: Frame): Value
  writeVariable(variable: Variable, value: Value, at: Expression & { readonly kind: 'write' }, frame: Frame): void
  /** Adds to what a cell may hold. */
  writeCell(cell: string, value: Value): void
  evaluateCall(call: Call, frame: Frame): Value
  /** Runs a function of the program with these arguments; the same arguments are run once. */
  invoke(
    method: Method,
    onScope: boolean,
    args: readonly Value[],
    block: Value | undefined,
    call: Call,
    frame: Frame,
  ): Value
  bindParameters(closure: Closure, args: readonly Value[], block: Value | undefined, frame: Frame): void
  /** `yield`. */
  invokeBlock(block: Value | undefined, args: readonly Value[]): Value
  /** Runs a block that a library was given: `takes` are the types of its parameters, else they are what `target` holds. */
  runBlock(block: Value, target: Value, takes: readonly string[] | undefined): Value
  runClosure(bound: BoundClosure, args: readonly Value[], given?: Partial<Frame>): Value
  applyModel(
    model: CallModel,
    call: Call,
    target: Value,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value
  /** The exception of a request that failed: whatever any of them raised. */
  failure(at: Expression, frame: Frame): Value
  /** The message of whatever a request raised. */
  failureLabel(at: Expression, frame: Frame): Label
  /** What of an exception is shown by its message, its backtrace. */
  shownOfException(
    exception: Value,
    shows: readonly ('message' | 'backtrace')[],
    at: Expression,
    frame: Frame,
  ): readonly Label[]
  /** What shows of a value that is put in a string. */
  interpolated(value: Value, at: Expression, frame: Frame): readonly Label[]
  isAppValue(value: Value): boolean
  isAppByName(call: Call): boolean
  /** Undefined where the call is none of the framework’s own words. */
  frameworkCall(call: Call, receiver: Value | undefined, frame: Frame): Value | undefined
  /** A flow: these labels leave here. */
  emit(found: {
    readonly sink: Flow['sink']
    readonly labels: readonly Label[]
    readonly at: Expression
    readonly frame: Frame
    readonly says: string
    readonly name: string
  }): void
  /** The labels with one more step. */
  traced(
    labels: readonly Label[],
    at: { readonly start: number; readonly end: number },
    frame: Frame,
    says: string,
  ): readonly Label[]
  step(
    before: Trace | undefined,
    at: { readonly start: number; readonly end: number },
    frame: Frame,
    says: string,
  ): Trace
}

/** What tells a key from other texts. */
export interface Knowledge {
  readonly kinds: readonly KeyKind[]
  readonly isSecretName: SecretNames
}

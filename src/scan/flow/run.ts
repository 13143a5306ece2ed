import type { KeyKind } from '../../keys/kind.ts'
import type { Branch, Call, Closure, Expression, Variable, Write } from '../form.ts'
import type { SecretNames } from '../secret-name.ts'
import type { Checked } from './checks.ts'
import type { Detail, Flow, FlowRecord } from './flow-record.ts'
import type { Frame } from './frame.ts'
import type { KnownCall, ModelIndex } from './index-models.ts'
import type { Method, Program } from './program.ts'
import type { Templates } from './templates.ts'
import type { Units } from './units.ts'
import type { BoundClosure, Label, Trace, Value } from './value.ts'

/** A variable that outlives a call: a constant, a setting, an instance, class or global variable. */
export interface Cell {
  readonly scope: 'constant' | 'setting' | 'instance' | 'class' | 'global' | 'other'
  readonly owner: string
  readonly name: string
  value: Value | undefined
  /** When it last came to hold more; of the run's clock. */
  changedAt: number
  changes: number
  /** Whether its writers have been asked for. */
  isAsked: boolean
  /** What is read from it as long as nothing is known to write it. */
  unknown: Value | undefined
}

/** What code has read: by itself, and by what it called. Not joined: calls of calls would be joined again and again. */
export interface Reads {
  readonly cells: Set<Cell>
  readonly results: Set<Result>
}

export function newReads(): Reads {
  return { cells: new Set(), results: new Set() }
}

/** Every cell that was read, however deep. */
export function cellsOf(reads: Reads): ReadonlySet<Cell> {
  const cells = new Set(reads.cells)
  const seen = new Set(reads.results)
  // A set gives what is added while it is gone through, too.
  for (const { reads: inner } of seen) {
    for (const cell of inner.cells) cells.add(cell)
    for (const result of inner.results) seen.add(result)
  }
  return cells
}

/** What is known when a function has been run. */
export interface Result {
  readonly value: Value
  readonly raised: readonly Label[]
  readonly reads: Reads
  /** Of the run's clock, when it began. */
  readonly at: number
  /** How deep in calls it was run, where the bound on that was reached; it is not used further up. */
  readonly cutAt: number
  /** Whether calls were left out in it that nothing was handed to, and how far down they were not. */
  readonly leftOut: boolean
  readonly plainLeft: number
  /** Whether it came upon a secret, or told a request how to be sent. */
  readonly touched: boolean
  /** What it left in the object that it was run on. */
  readonly left: ReadonlyMap<string, Value> | undefined
  /** The clock when this was last seen to hold still; undefined once it does not. */
  stillAt: number | undefined
}

/** The object that a function is called on: of that class, or the class itself. */
export interface Self {
  readonly owner: string
  readonly onScope: boolean
  readonly self?: Value | undefined
  /** Whether the class is only guessed from the name of the function. */
  readonly isGuess?: boolean
}

interface State {
  steps: number
  /** The bound on steps of the code that is being run now. */
  stepsMax: number
  clock: number
  /** Whether the bound on the depth of calls was reached. */
  cut: boolean
  /** Whether a secret was handed to a call that was too deep. */
  lost: boolean
  /** Whether calls were left out that nothing was handed to. */
  leftOut: boolean
  /** How many calls inside of calls that nothing is handed to are run. */
  plainDepthMax: number
  /** Whether what is run answers requests, so that messages and inputs matter as secrets do. */
  isApp: boolean
  /** Whether the code that is being run now came upon a secret, or told a request how to be sent. */
  touched: boolean
  /** When functions were last found to hand out labels; of the run's clock. */
  taughtAt: number
  /** How many limits of time the code runs in. */
  bounds: number
  /** Whether a block is run only to see whether it comes upon anything. */
  isTrial: boolean
  /** Whether the object that code runs on was changed. */
  changedSelf: boolean
  /** What the code that is being run now has read. */
  reads: Reads
}

/**
 * One run of the follower: what its parts share, and what they do for each other. The parts stand in files of their own
 * and know only this.
 */
export interface Run {
  readonly program: Program
  readonly index: ModelIndex
  readonly units: Units
  readonly templates: Templates
  readonly record: FlowRecord
  readonly knowledge: Knowledge
  /** Every prefix of a key's shape. */
  readonly prefixes: readonly { readonly kind: KeyKind; readonly prefix: string }[]
  /** Of each function, by whose code it runs as, and by its arguments. */
  readonly results: Map<number, Map<string, Map<string, Result>>>
  /** How often a function is running now. */
  readonly active: Map<Closure, number>
  /** Functions that hand out labels: by what they give, what they yield, or what they raise. */
  readonly teaching: Set<Method>
  /** Those of them that were known when the round began. */
  readonly told: Set<Method>
  /** Cells that have come to hold more. */
  readonly changed: Set<Cell>
  /** Names of those functions. */
  readonly toldNames: Set<string>
  /** Cells of which more must be known: something worth following is handed to what they hold. */
  readonly wanted: Set<Cell>
  readonly state: State

  /** The value of an expression; what it does to variables, cells and flows is done. */
  evaluate(expression: Expression, frame: Frame): Value
  /** The value without what tests on the way to the code have shown to be harmless. */
  withoutChecked(value: Value, expression: Expression, frame: Frame): Value
  /** Notes what is known of inputs once the branch or the call has not left the function. */
  noteChecks(expression: Expression, frame: Frame): void
  /** Notes what a variable of the form's own stands for. */
  noteKept(write: Write, frame: Frame): void
  /** What is known of inputs in an arm of the branch. */
  checksFor(branch: Branch, arm: number, frame: Frame): Checked
  /** What an object of the program hands to a block, one by one; undefined where it has no function for that. */
  yielded(object: Value, at: Place, frame: Frame): Value | undefined
  /** The value is an answer to a request. */
  answer(value: Value, at: Expression, frame: Frame): void
  readVariable(variable: Variable, at: Expression, frame: Frame): Value
  writeVariable(variable: Variable, value: Value, at: Place, adds: boolean, frame: Frame): void
  cell(scope: Cell['scope'], owner: string, name: string): Cell
  /** What a cell may hold; whoever asks is run again when that changes. */
  readCell(cell: Cell): Value | undefined
  /** Somebody must know what the cells that the value came from hold. */
  want(value: Value): void
  /** Adds to what a cell may hold. */
  writeCell(cell: Cell, value: Value): void
  /** What the variable holds has been changed in place. */
  noteFilled(variable: Variable, frame: Frame): void
  evaluateCall(call: Call, frame: Frame): Value
  /** What a call of this name means, after everything of the program's own. */
  knownCall(name: string, type: string | undefined, frame: Frame): KnownCall | undefined
  /** Runs a function of the program as code of `self` with these arguments; the same arguments are run once. */
  invoke(method: Method, on: Self, args: readonly Value[], block: Value | undefined, call: Call, frame: Frame): Value
  bindParameters(closure: Closure, args: readonly Value[], block: Value | undefined, frame: Frame): void
  /** Runs a block, or the call that a name stands for. */
  runBlock(block: Value, args: readonly Value[], at: Place, frame: Frame): Value
  /** Runs a block on whatever a collection holds. */
  runOnItems(block: Value, target: Value, at: Place, frame: Frame): Value
  runClosure(bound: BoundClosure, args: readonly Value[], given?: Partial<Frame>): Value
  /** Whether the function comes upon something worth following when it is run by itself. */
  comesUpon(bound: BoundClosure): boolean
  applyModel(
    known: KnownCall,
    call: Call,
    target: Value,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value
  /** What a class is told, to be added to; undefined where no class is meant. */
  classObject(target: Value | undefined, frame: Frame): Value | undefined
  /** What a class and its ancestors were told; whoever asks is run again when that changes. */
  toldToClass(target: Value | undefined, frame: Frame): readonly Value[]
  /** What a class is told has been added to. */
  changedObject(object: Value): void
  /** What the sources of a call give. */
  readSources(known: KnownCall, call: Call, target: Value, args: readonly Value[], frame: Frame): Value
  /** Lets values leave through the sinks of a call. */
  drain(
    known: KnownCall,
    call: Call,
    target: Value,
    args: readonly Value[],
    given: { readonly block: Value; readonly made: readonly Value[]; readonly object: Value | undefined },
    frame: Frame,
  ): void
  /** The exception of a request that failed: whatever any of them raised. */
  failure(at: Expression, frame: Frame): Value
  /** What of an exception is shown by its message, its backtrace. */
  shownOfException(
    exception: Value,
    shows: readonly ('message' | 'backtrace')[],
    at: Expression,
    frame: Frame,
  ): readonly Label[]
  /** What shows of a value that is put in a string. */
  interpolated(value: Value, at: Expression, frame: Frame): readonly Label[]
  /** What shows of a value when all its variables are told. */
  inspected(value: Value, at: Expression, frame: Frame): readonly Label[]
  /** Whether code of this class answers requests, so that its calls are a framework's words. */
  isAppValue(value: Value): boolean
  isAppByName(call: Call, frame: Frame): boolean
  /** Undefined where the call is none of the framework’s own words. */
  frameworkCall(call: Call, receiver: Value | undefined, frame: Frame): Value | undefined
  /** The text of a template, run in this code's place; undefined where there is none of this name. */
  renderTemplate(name: string, locals: Value | undefined, at: Expression, frame: Frame): Value | undefined
  /** The text of a template that stands in code, with the variables of a binding or a dictionary. */
  renderText(text: string, variables: Value | undefined, at: Expression, frame: Frame): Value | undefined
  /** A flow: these labels leave here. */
  emit(found: {
    readonly sink: Flow['sink']
    readonly labels: readonly Label[]
    readonly at: Place
    readonly frame: Frame
    readonly says: string
    readonly name: string
    readonly detail?: Detail
  }): void
  /** The labels with one more step. */
  traced(labels: readonly Label[], at: Place, frame: Frame, says: string): readonly Label[]
  step(before: Trace | undefined, at: Place, frame: Frame, says: string): Trace
  /** A label of what is read here. */
  label(what: Label['what'], name: string, at: Place, frame: Frame, says: string): Label
}

export interface Place {
  readonly start: number
  readonly end: number
}

/** What tells a key from other texts. */
export interface Knowledge {
  readonly kinds: readonly KeyKind[]
  readonly isSecretName: SecretNames
}

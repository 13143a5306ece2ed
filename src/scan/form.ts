/**
 * The common intermediate form: what every language is turned into, and all that flow/ and rules/ see. Everything is an
 * expression with a value; places are UTF-16 offsets into the file's text.
 */
export type Expression =
  | Text
  | Constant
  | Join
  | List
  | Spread
  | Table
  | Read
  | Write
  | Call
  | Closure
  | Define
  | Scope
  | Sequence
  | Branch
  | Loop
  | Attempt
  | Throw
  | Leave
  | Other

interface Place {
  readonly start: number
  readonly end: number
}

/** A string literal or, with `symbol`, a name used as a value. */
export interface Text extends Place {
  readonly kind: 'text'
  readonly value: string
  readonly symbol: boolean
}

/** A literal that is no text. */
export interface Constant extends Place {
  readonly kind: 'constant'
  readonly value: number | boolean | null | 'pattern'
}

/** A string built from parts. */
export interface Join extends Place {
  readonly kind: 'join'
  readonly parts: readonly Expression[]
}

export interface List extends Place {
  readonly kind: 'list'
  readonly items: readonly Expression[]
}

/** Among arguments or the items of a list: the items of another list, one after the other. */
export interface Spread extends Place {
  readonly kind: 'spread'
  readonly value: Expression
}

/** A dictionary; an entry without a key takes in another dictionary. */
export interface Table extends Place {
  readonly kind: 'table'
  readonly entries: readonly Entry[]
}

export interface Entry {
  readonly key?: Expression
  readonly value: Expression
}

/** `constant` names are written with their whole path: `Sinatra::Base`. */
export interface Variable {
  readonly scope: 'local' | 'instance' | 'class' | 'global' | 'constant'
  readonly name: string
}

export interface Read extends Place {
  readonly kind: 'read'
  readonly variable: Variable
}

/** `adds`: the variable's old value may remain (`||=`, `+=`). */
export interface Write extends Place {
  readonly kind: 'write'
  readonly variable: Variable
  readonly value: Expression
  readonly adds: boolean
}

/**
 * Named arguments are the entries of a last argument that is a `Table`. Names of the form's own: `new` makes an instance
 * (and defines what is run then), `super`, `yield`, `[]` and `[]=` with the key first, `!`, `+`, `==`, and in a
 * template `output`: its argument becomes a part of the text. `` ` `` runs its argument as a command.
 */
export interface Call extends Place {
  readonly kind: 'call'
  readonly receiver?: Expression
  readonly name: string
  readonly args: readonly Expression[]
  /** A closure written at the call, or an expression that yields one. */
  readonly block?: Expression
  /** Where the name stands, for a caret that points at the call and not at its receiver. */
  readonly nameStart: number
}

export interface Parameter {
  readonly name: string
  /** Taken by position, by name, by either, or all that is left; `nothing`: a variable of the function's own. */
  readonly taken: 'position' | 'name' | 'either' | 'rest' | 'named rest' | 'block' | 'nothing'
  readonly fallback?: Expression
}

export interface Closure extends Place {
  readonly kind: 'closure'
  readonly params: readonly Parameter[]
  readonly body: Expression
}

/** A named function. `on`: for instances of the scope, or for the scope itself; a template that stands in the code. */
export interface Define extends Place {
  readonly kind: 'define'
  readonly name: string
  readonly on: 'instance' | 'scope' | 'template'
  readonly closure: Closure
}

/** A class or module; a part of one may stand in any file. */
export interface Scope extends Place {
  readonly kind: 'scope'
  readonly name: string
  readonly parent?: string
  readonly body: Expression
}

export interface Sequence extends Place {
  readonly kind: 'sequence'
  readonly body: readonly Expression[]
}

/** One arm is taken; the value is that arm's. `tests[i]` belongs to `arms[i]`; a last arm without a test is the rest. */
export interface Branch extends Place {
  readonly kind: 'branch'
  readonly tests: readonly Expression[]
  readonly arms: readonly Expression[]
}

export interface Loop extends Place {
  readonly kind: 'loop'
  readonly test: Expression
  readonly body: Expression
}

export interface Rescue extends Place {
  /** Names of what is caught; none: whatever the language catches by default. */
  readonly catches: readonly string[]
  readonly variable?: Variable
  readonly body: Expression
}

export interface Attempt extends Place {
  readonly kind: 'attempt'
  readonly body: Expression
  readonly rescues: readonly Rescue[]
  readonly after: readonly Expression[]
}

export interface Throw extends Place {
  readonly kind: 'throw'
  /** The error's class, where it is written. */
  readonly error?: string
  readonly values: readonly Expression[]
}

/** Leaves the function, the block or the loop with a value. */
export interface Leave extends Place {
  readonly kind: 'leave'
  readonly from: 'function' | 'block' | 'loop'
  readonly value?: Expression
}

/** Anything else: only its parts matter, and nothing flows through it. */
export interface Other extends Place {
  readonly kind: 'other'
  readonly parts: readonly Expression[]
}

/** The direct parts of an expression, in the order of the source. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'text':
    case 'constant':
    case 'read':
      return []
    case 'join':
    case 'other':
      return expression.parts
    case 'list':
      return expression.items
    case 'table':
      return expression.entries.flatMap(({ key, value }) => (key ? [key, value] : [value]))
    case 'write':
    case 'spread':
      return [expression.value]
    case 'call':
      return [...optional(expression.receiver), ...expression.args, ...optional(expression.block)]
    case 'closure':
      return [...expression.params.flatMap(({ fallback }) => optional(fallback)), expression.body]
    case 'define':
      return [expression.closure]
    case 'scope':
      return [expression.body]
    case 'sequence':
      return expression.body
    case 'branch':
      return [...expression.tests, ...expression.arms]
    case 'loop':
      return [expression.test, expression.body]
    case 'attempt':
      return [expression.body, ...expression.rescues.map(({ body }) => body), ...expression.after]
    case 'throw':
      return expression.values
    case 'leave':
      return optional(expression.value)
  }
}

function optional(expression: Expression | undefined): readonly Expression[] {
  return expression ? [expression] : []
}

/** Calls `visit` with every expression under `root` and what encloses it, outermost first. Not recursive. */
export function walk(
  root: Expression,
  visit: (expression: Expression, enclosing: readonly Expression[]) => void,
): void {
  const stack: { readonly expression: Expression; readonly depth: number }[] = [{ expression: root, depth: 0 }]
  const enclosing: Expression[] = []
  while (true) {
    const next = stack.pop()
    if (!next) return
    enclosing.length = next.depth
    visit(next.expression, enclosing)
    enclosing.push(next.expression)
    const parts = partsOf(next.expression)
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i]
      if (part) stack.push({ expression: part, depth: next.depth + 1 })
    }
  }
}

import { limits } from '../../limits.ts'
import { type Call, type Closure, type Define, type Expression, partsOf } from '../form.ts'
import { recentlyUsed } from '../recently-used.ts'
import type { SourceFile } from '../source-file.ts'
import { joinName, namedBy } from '../survey.ts'
import { entryOf } from './entry-of.ts'
import type { Method, Program, ProgramFile } from './program.ts'

/** A file whose code is looked at. */
export interface Unit {
  readonly file: ProgramFile
  readonly source: SourceFile
  readonly form: Expression
  /** Its functions by where they begin: one place may make several. */
  readonly defines: ReadonlyMap<number, readonly Define[]>
  /** The code of the file itself first, then each function, in the order of the file. */
  readonly roots: readonly Root[]
  /** By the names of the roots. */
  readonly code: ReadonlyMap<string, Code>
}

export interface Code {
  readonly body: Expression
  /** Undefined of a file's own code. */
  readonly closure: Closure | undefined
}

/** Code that is run by itself: a file's own, or a function's. It outlives the unit, whose code it does not hold. */
export interface Root {
  /** Within its file. */
  readonly name: string
  /** Where the function begins; -1 of a file's own code. */
  readonly start: number
  readonly unit: { readonly file: ProgramFile; readonly source: SourceFile }
  readonly method: Method | undefined
  readonly owner: string
  /** What it calls, and the variables that it reads or writes and that are not local. */
  readonly mentions: ReadonlySet<string>
  /** Of these what may make it worth following: not `ENV` where only `PORT` is read of it. */
  readonly triggers: ReadonlySet<string>
  /** Variables that it writes and that are not local. */
  readonly writes: ReadonlySet<string>
  /** Whether a text in it may be a key. */
  readonly texts: readonly string[]
  ran: boolean
  /** Whether calls were left out when it was run. */
  leftOut: boolean
  /** Whether it answers requests. */
  isApp: boolean
  /**
   * How far it is from code that comes upon something worth following, over variables that others write; infinite as
   * long as nobody knows of any. The farther away, the less of what it calls is run.
   */
  distance: number
}

/**
 * The parts of a program's files that are looked at, each made when it is asked for, and again when it was let go
 * meanwhile: of a large program only what was used last is held.
 */
export interface Units {
  /** Undefined where the file cannot be had. */
  of(file: ProgramFile): Unit | undefined
  /** The root's code; undefined where the file can no longer be had. */
  codeOf(root: Root): Code | undefined
  /** The root stays this one, with what becomes of it, when its file's unit is made again. */
  keep(root: Root): void
  closureOf(method: Method): Closure | undefined
  sourceOf(file: ProgramFile): SourceFile | undefined
  /** Number of bytes of the files that have been looked at. */
  readonly size: number
}

export function newUnits(program: Program, isHarmless: (call: Call) => boolean): Units {
  const units = recentlyUsed<{ readonly unit: Unit | undefined; readonly bytes: number }>(
    limits.scanHeldUnitBytesMax,
    ({ bytes }) => bytes,
  )
  const looked = new Set<ProgramFile>()
  const kept = new Map<ProgramFile, Map<string, Root>>()
  const methodsOf = new Map<ProgramFile, Map<number, Method[]>>()
  for (const method of program.methods) {
    const inFile = entryOf(methodsOf, method.file, () => new Map())
    const here = inFile.get(method.start)
    if (here) here.push(method)
    else inFile.set(method.start, [method])
  }
  let size = 0
  const make = (file: ProgramFile) => {
    const source = file.source()
    const form = file.form()
    const unit = source && form ? buildUnit(file, source, form, methodsOf.get(file), isHarmless) : undefined
    const bytes = source?.bytes.length ?? 0
    if (!looked.has(file)) size += bytes
    looked.add(file)
    const own = kept.get(file)
    return {
      unit: unit && own ? { ...unit, roots: unit.roots.map((root) => own.get(root.name) ?? root) } : unit,
      bytes,
    }
  }
  const of = (file: ProgramFile): Unit | undefined => units.get(file.path, () => make(file)).unit
  return {
    of,
    codeOf: ({ unit, name }) => of(unit.file)?.code.get(name),
    keep(root) {
      entryOf(kept, root.unit.file, () => new Map<string, Root>()).set(root.name, root)
    },
    closureOf({ file, start, name }) {
      const here = of(file)?.defines.get(start)
      return (here?.length === 1 ? here[0] : here?.find((define) => define.name === name))?.closure
    },
    sourceOf: (file) => file.source(),
    get size() {
      return size
    },
  }
}

interface Building extends Root {
  readonly mentions: Set<string>
  readonly triggers: Set<string>
  readonly writes: Set<string>
  readonly texts: string[]
}

/** Not recursive: a file may be nested as deeply as the parser allows. */
function buildUnit(
  file: ProgramFile,
  source: SourceFile,
  form: Expression,
  methods: ReadonlyMap<number, readonly Method[]> | undefined,
  isHarmless: (call: Call) => boolean,
): Unit {
  const defines = new Map<number, Define[]>()
  const code = new Map<string, Code>()
  const begin = (body: Expression, owner: string, method?: Method, closure?: Closure): Building => {
    // One place may make several functions.
    const name = closure ? `${closure.start} ${owner} ${method?.name ?? ''}` : ''
    code.set(name, { body, closure })
    return {
      name,
      start: closure?.start ?? -1,
      unit: { file, source },
      method,
      owner,
      mentions: new Set(),
      triggers: new Set(),
      writes: new Set(),
      texts: [],
      ran: false,
      leftOut: false,
      isApp: false,
      distance: Number.POSITIVE_INFINITY,
    }
  }
  const top = begin(form, '')
  const roots: Building[] = [top]
  const stack: { readonly expression: Expression; readonly root: Building; readonly owner: string }[] = [
    { expression: form, root: top, owner: '' },
  ]
  let harmless: Expression | undefined
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { expression, owner } = next
    let { root } = next
    note(expression, root)
    // A receiver is met right after its call.
    if (expression.kind === 'call') {
      if (!isHarmless(expression)) root.triggers.add(expression.name)
      else harmless = expression.receiver
    } else if (expression !== harmless) for (const name of namesOf(expression)) root.triggers.add(name)
    let within = owner
    if (expression.kind === 'scope') within = joinName(owner, expression.name)
    if (expression.kind === 'define') {
      const { closure } = expression
      const here = defines.get(closure.start)
      if (here) here.push(expression)
      else defines.set(closure.start, [expression])
      const method = methodAt(methods, expression, owner)
      root = begin(closure.body, owner, method, closure)
      roots.push(root)
    }
    const parts = partsOf(expression)
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i]
      if (part) stack.push({ expression: part, root, owner: within })
    }
  }
  return { file, source, form, defines, roots, code }
}

function methodAt(
  methods: ReadonlyMap<number, readonly Method[]> | undefined,
  { name, closure }: Define,
  owner: string,
): Method | undefined {
  const here = methods?.get(closure.start) ?? []
  return here.find((method) => method.name === name && method.owner === owner) ?? here[0]
}

function namesOf(expression: Expression): readonly string[] {
  if (expression.kind === 'attempt') return expression.rescues.length > 0 ? ['rescue '] : []
  if (expression.kind !== 'read' && expression.kind !== 'write') return []
  return expression.variable.scope === 'local' ? [] : [expression.variable.name]
}

function note(expression: Expression, root: Building): void {
  if (expression.kind === 'call') {
    root.mentions.add(expression.name)
    for (const name of namedBy(expression)) root.mentions.add(name)
  } else if (expression.kind === 'read' || expression.kind === 'write') {
    const { scope, name } = expression.variable
    if (scope === 'local') return
    root.mentions.add(name)
    if (expression.kind === 'write') root.writes.add(name)
  } else if (expression.kind === 'attempt') {
    if (expression.rescues.length > 0) root.mentions.add('rescue ')
  } else if (expression.kind === 'text' && root.unit.file.holdsKey) root.texts.push(expression.value)
}

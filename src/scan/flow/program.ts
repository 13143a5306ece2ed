import { type Call, type Closure, type Define, type Expression, walk } from '../form.ts'
import type { Framework, Model } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import { joinName, ownerOf } from '../survey.ts'

/** A file of the program in the common form. */
export interface ProgramFile {
  readonly source: SourceFile
  readonly program: Expression
}

/** A named function and where it stands. */
export interface Method {
  readonly id: number
  readonly name: string
  readonly on: Define['on']
  /** The full name of the class or module; '' at the top level. */
  readonly owner: string
  readonly closure: Closure
  readonly file: SourceFile
}

interface ClassEntry {
  readonly name: string
  parent?: string
  /** Modules whose functions it takes in. */
  readonly mixins: Set<string>
  readonly methods: Map<string, Method>
  readonly scopeMethods: Map<string, Method>
}

/** The names of a whole program: classes and functions, wherever their parts stand. */
export interface Program {
  readonly files: readonly ProgramFile[]
  /** Number of expressions. */
  readonly size: number
  readonly methods: readonly Method[]
  readonly framework: Framework | undefined
  /** The full name of a class or module as it is meant inside `within`; undefined for one that is not of the program. */
  resolve(name: string, within: string): string | undefined
  /** A function that instances of `owner` have: its own, its mixins', its ancestors', the top level's. */
  method(owner: string, name: string): Method | undefined
  /** A function of the class or module itself. */
  scopeMethod(owner: string, name: string): Method | undefined
  /** The function that `super` means in `method`. */
  parentMethod(method: Method): Method | undefined
  /** The only function of this name in the whole program. */
  only(name: string): Method | undefined
  /** Whether code of this class answers requests through the framework. */
  isApp(owner: string): boolean
  /** Whether it surely is an app: its ancestor is the framework's. */
  isSurelyApp(owner: string): boolean
  /** Whether `name` or an ancestor of it, within or outside the program, is `ancestor`. */
  descends(name: string, ancestor: string): boolean
}

const mixinCalls = new Set(['include', 'extend', 'prepend', 'helpers', 'register'])
const ancestorsMax = 32

export function indexProgram(files: readonly ProgramFile[], models: readonly Model[]): Program {
  const classes = new Map<string, ClassEntry>()
  const byLastName = new Map<string, string[]>()
  const methods: Method[] = []
  const byName = new Map<string, Method[]>()
  const frameworks = models.flatMap(({ framework }) => (framework ? [framework] : []))
  let framework: Framework | undefined
  let size = 0

  const entryOf = (name: string): ClassEntry => {
    let entry = classes.get(name)
    if (!entry) {
      entry = { name, mixins: new Set(), methods: new Map(), scopeMethods: new Map() }
      classes.set(name, entry)
      const last = lastName(name)
      byLastName.set(last, [...(byLastName.get(last) ?? []), name])
    }
    return entry
  }
  entryOf('')

  const addMethod = (define: Define, owner: string, file: SourceFile) => {
    const { name, on, closure } = define
    const method: Method = { id: methods.length, name, on, owner, closure, file }
    methods.push(method)
    byName.set(name, [...(byName.get(name) ?? []), method])
    const entry = entryOf(owner)
    const table = on === 'scope' ? entry.scopeMethods : entry.methods
    table.set(name, method)
  }

  for (const { source, program } of files) {
    walk(program, (expression, enclosing) => {
      size++
      const owner = ownerOf(enclosing)
      if (expression.kind === 'scope') {
        const entry = entryOf(joinName(owner, expression.name))
        if (expression.parent !== undefined) entry.parent = expression.parent
      } else if (expression.kind === 'define') addMethod(expression, owner, source)
      else if (expression.kind === 'call') {
        if (!expression.receiver && mixinCalls.has(expression.name)) addMixins(entryOf(owner), expression)
        framework ??= frameworks.find(
          (candidate) => requires(expression, candidate) || speaks(expression, owner, candidate),
        )
      } else if (expression.kind === 'read' && expression.variable.scope === 'constant') {
        framework ??= frameworks.find(({ bases }) => bases.includes(expression.variable.name))
      }
      if (expression.kind === 'scope' && expression.parent !== undefined) {
        framework ??= frameworks.find(({ bases }) => bases.includes(expression.parent ?? ''))
      }
    })
  }

  const resolve = remembered((name: string, within: string): string | undefined => {
    const bare = name.replace(/^::/, '')
    for (let scope = within; ; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('::')))) {
      const full = joinName(scope, bare)
      if (classes.has(full)) return full
      if (scope === '') break
    }
    const named = (byLastName.get(lastName(bare)) ?? []).filter((full) => full.endsWith(`::${bare}`))
    return named.length === 1 ? named[0] : undefined
  })

  /** A class, its mixins, its parent, the parent's mixins…, nearest first. */
  const lineage = remembered((owner: string): ClassEntry[] => {
    const line: ClassEntry[] = []
    const seen = new Set<string>()
    const add = (name: string | undefined) => {
      const entry = name === undefined ? undefined : classes.get(name)
      if (!entry || seen.has(entry.name) || line.length >= ancestorsMax) return
      seen.add(entry.name)
      line.push(entry)
      for (const mixin of entry.mixins) add(resolve(mixin, entry.name))
      if (entry.parent !== undefined) add(resolve(entry.parent, parentScope(entry.name)))
    }
    add(owner)
    add('')
    return line
  })

  const descends = remembered((name: string, ancestor: string): boolean => {
    let current: string | undefined = name
    for (let i = 0; i < ancestorsMax && current !== undefined; i++) {
      if (current === ancestor) return true
      const full = resolve(current, '')
      const parent: string | undefined = full === undefined ? undefined : classes.get(full)?.parent
      if (parent === ancestor) return true
      current = parent === undefined ? undefined : (resolve(parent, parentScope(full ?? '')) ?? parent)
    }
    return false
  })

  const method = remembered((owner: string, name: string) =>
    lineage(owner)
      .find((entry) => entry.methods.has(name))
      ?.methods.get(name),
  )
  const scopeMethod = remembered((owner: string, name: string) => {
    const line = lineage(owner).filter((entry) => entry.name !== '')
    const own = line.find((entry) => entry.scopeMethods.has(name))
    // `extend self` and `module_function` make the instances' functions the module's own.
    // `new` on an instance is what is run when one is made.
    if (own || name === 'new') return own?.scopeMethods.get(name)
    return line.find((entry) => entry.methods.has(name))?.methods.get(name)
  })
  const isSurelyApp = remembered(
    (owner: string): boolean => framework?.bases.some((base) => descends(owner, base)) ?? false,
  )
  const isApp = remembered((owner: string): boolean => {
    if (!framework) return false
    if (owner === '') return true
    if (isSurelyApp(owner)) return true
    // A module may be mixed into the app; a class with another parent is something else.
    return classes.get(owner)?.parent === undefined && !classes.get(owner)?.methods.has('new')
  })

  return {
    files,
    size,
    methods,
    framework,
    resolve,
    method,
    scopeMethod,
    parentMethod: (own) =>
      (byName.get(own.name) ?? []).find(
        (other) => other !== own && other.on === own.on && descends(own.owner, other.owner),
      ),
    only(name) {
      const named = byName.get(name)
      return named?.length === 1 ? named[0] : undefined
    },
    isApp,
    isSurelyApp,
    descends,
  }
}

/** A pure function of one or two names that is asked the same again and again. */
function remembered<T>(compute: (first: string, second: string) => T): (first: string, second?: string) => T {
  const results = new Map<string, Map<string, T>>()
  return (first, second = '') => {
    let row = results.get(first)
    if (!row) {
      row = new Map()
      results.set(first, row)
    }
    const known = row.get(second)
    if (known !== undefined || row.has(second)) return known as T
    const result = compute(first, second)
    row.set(second, result)
    return result
  }
}

function parentScope(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('::')))
}

export function lastName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}

function addMixins(entry: ClassEntry, call: Call): void {
  for (const arg of call.args) {
    if (arg.kind === 'read' && arg.variable.scope === 'constant') entry.mixins.add(arg.variable.name)
  }
}

/** A file of an app that another file starts: its words at the top level, as no other library has them. */
function speaks(call: Call, owner: string, framework: Framework): boolean {
  if (owner !== '' || call.receiver || call.block?.kind !== 'closure') return false
  const [first] = call.args
  if (framework.configures.includes(call.name)) return call.args.every(({ kind }) => kind === 'text')
  return framework.routes.includes(call.name) && first?.kind === 'text' && first.value.startsWith('/')
}

function requires(call: Call, framework: Framework): boolean {
  const [first] = call.args
  return call.name === 'require' && first?.kind === 'text' && framework.requires.includes(first.value)
}

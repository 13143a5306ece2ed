import type { Expression } from '../form.ts'
import type { Survey } from '../language.ts'
import type { Framework, Model } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import { joinName, lastName } from '../survey.ts'
import type { Topic } from '../topics.ts'
import { speaksAtTop } from './classic-words.ts'
import { remembered } from './remembered.ts'

/** A file of a program: what it defines and mentions, and on request its text and its form. */
export interface ProgramFile {
  readonly path: string
  readonly survey: Survey
  /** Whether a text in it is a key. */
  readonly holdsKey: boolean
  /** Whether it is a template: its text is the answer. */
  readonly isTemplate: boolean
  /** Whether its text holds a word of the topic. */
  isAbout(topic: Topic): boolean
  /** Undefined where it can no longer be read. */
  source(): SourceFile | undefined
  form(): Expression | undefined
}

/** A named function and where it stands. */
export interface Method {
  readonly id: number
  readonly name: string
  readonly on: 'instance' | 'scope' | 'template'
  /** The full name of the class or module; '' at the top level. */
  readonly owner: string
  readonly file: ProgramFile
  /** Where its closure begins. */
  readonly start: number
}

/** A class or module, wherever its parts stand. */
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
  /** The file of this path. */
  file(path: string): ProgramFile | undefined
  readonly methods: readonly Method[]
  /** The web frameworks that it uses. */
  readonly frameworks: readonly Framework[]
  /** Files that mention any of the names: that call it, or read or write such a variable. */
  mentioning(names: Iterable<string>): readonly ProgramFile[]
  /**
   * The code of those files, as far as it can be had: of those whose text has one of the words, or is about the topic, and
   * is like `pattern`. Names that most files mention need a topic: words are looked for in the text of each file.
   */
  codeMentioning(
    names: Iterable<string>,
    words?: readonly string[] | Topic,
    pattern?: RegExp,
  ): Iterable<{ readonly source: SourceFile; readonly form: Expression }>
  /** Files that write a variable of this name, of a constant the last one. */
  writing(name: string): readonly ProgramFile[]
  /** The full name of a class or module as it is meant inside `within`; undefined for one that is not of the program. */
  resolve(name: string, within: string): string | undefined
  /** A function that instances of `owner` have: its own, its mixins', its ancestors', the top level's. */
  method(owner: string, name: string): Method | undefined
  /** A function of the class or module itself. */
  scopeMethod(owner: string, name: string): Method | undefined
  /** The function that `super` means in `method`. */
  parentMethod(method: Method): Method | undefined
  /** Every function of this name. */
  named(name: string): readonly Method[]
  /** The only function of this name in the whole program. */
  only(name: string): Method | undefined
  /** The class itself, its mixins and its ancestors within the program, nearest first. */
  lineage(owner: string): readonly string[]
  /** Its ancestors and mixins that are not of the program, as they are written. */
  outside(owner: string): readonly string[]
  /** Whether an ancestor of it, other than mixins, is not of the program. */
  hasForeignParent(owner: string): boolean
  /** The framework that code of this class answers requests through. */
  frameworkOf(owner: string): Framework | undefined
  /** As far as its ancestors say so, or it is mixed into a class whose ancestors do. */
  surelyFrameworkOf(owner: string): Framework | undefined
  /** Whether `name` or an ancestor of it, within or outside the program, is `ancestor`. */
  descends(name: string, ancestor: string): boolean
}

const ancestorsMax = 32

export function indexProgram(files: readonly ProgramFile[], models: readonly Model[]): Program {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const names = indexNames(sorted)
  const { classes, byName, methods, mixers } = names
  const { resolve, descends } = relations(names)

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

  const known = models.flatMap(({ framework }) => (framework ? [framework] : []))
  const classic = classicFrameworks(sorted, known)
  const byAncestor = remembered((owner: string): Framework | undefined =>
    owner === '' ? classic[0] : known.find(({ bases }) => bases.some((base) => descends(owner, base))),
  )
  const surely = remembered((owner: string): Framework | undefined => {
    const own = byAncestor(owner)
    if (own || owner === '') return own
    for (const [mixer, mixin] of mixers.get(lastName(owner)) ?? []) {
      if (resolve(mixin, mixer) !== owner) continue
      const framework = byAncestor(mixer)
      if (framework) return framework
    }
    return undefined
  })
  const frameworks = known.filter(
    (framework) => classic.includes(framework) || usesBase(sorted, framework) || requiresAny(sorted, framework),
  )
  const frameworkOf = remembered((owner: string): Framework | undefined => {
    const own = surely(owner)
    if (own || owner === '') return own
    // A module may be mixed into the app; a class with another parent is something else.
    const entry = classes.get(owner)
    return entry?.parent === undefined && !entry?.methods.has('new') ? frameworks[0] : undefined
  })

  const mentioning = mentioningIn(sorted)
  const byPath = new Map(sorted.map((file) => [file.path, file]))
  return {
    files: sorted,
    file: (path) => byPath.get(path),
    methods,
    frameworks,
    mentioning,
    codeMentioning: (names, words, pattern) => codeOf(mentioning(names), words, pattern),
    writing: writingIn(sorted),
    resolve,
    method,
    scopeMethod,
    parentMethod({ name, owner, on }) {
      for (const { name: of, methods: own, scopeMethods } of lineage(owner)) {
        const parent = of === owner || of === '' ? undefined : (on === 'scope' ? scopeMethods : own).get(name)
        if (parent) return parent
      }
      return undefined
    },
    named: (name) => byName.get(name) ?? [],
    only(name) {
      const named = byName.get(name)
      return named?.length === 1 ? named[0] : undefined
    },
    lineage: remembered((owner: string) => lineage(owner).flatMap(({ name }) => (name === '' ? [] : [name]))),
    outside: remembered((owner: string) =>
      lineage(owner).flatMap(({ name, parent, mixins }) =>
        [...mixins, ...(parent === undefined ? [] : [parent])].filter(
          (ancestor) => resolve(ancestor, name) === undefined,
        ),
      ),
    ),
    hasForeignParent: (owner) =>
      lineage(owner).some(
        ({ name, parent }) => parent !== undefined && resolve(parent, parentScope(name)) === undefined,
      ),
    frameworkOf,
    surelyFrameworkOf: surely,
    descends,
  }
}

interface Names {
  readonly classes: ReadonlyMap<string, ClassEntry>
  readonly byLastName: ReadonlyMap<string, readonly string[]>
  readonly byName: ReadonlyMap<string, readonly Method[]>
  readonly methods: readonly Method[]
  /** By the last name of a module: the classes that take it in, and what they call it. */
  readonly mixers: ReadonlyMap<string, readonly (readonly [mixer: string, mixin: string])[]>
}

function indexNames(files: readonly ProgramFile[]): Names {
  const classes = new Map<string, ClassEntry>()
  const byLastName = new Map<string, string[]>()
  const byName = new Map<string, Method[]>()
  const methods: Method[] = []
  const mixers = new Map<string, [string, string][]>()
  const entryOf = (name: string): ClassEntry => {
    let entry = classes.get(name)
    if (!entry) {
      entry = { name, mixins: new Set(), methods: new Map(), scopeMethods: new Map() }
      classes.set(name, entry)
      push(byLastName, lastName(name), name)
    }
    return entry
  }
  entryOf('')
  for (const file of files) {
    for (const { name, parent, mixins } of file.survey.scopes) {
      const entry = entryOf(name)
      if (parent !== undefined) entry.parent = parent
      for (const mixin of mixins) {
        entry.mixins.add(mixin)
        push(mixers, lastName(mixin), [name, mixin])
      }
    }
    for (const { name, owner, on, start } of file.survey.methods) {
      const method: Method = { id: methods.length, name, on, owner, file, start }
      methods.push(method)
      if (on === 'template') continue
      push(byName, name, method)
      const entry = entryOf(owner)
      const table = on === 'scope' ? entry.scopeMethods : entry.methods
      table.set(name, method)
    }
  }
  return { classes, byLastName, byName, methods, mixers }
}

function relations({ classes, byLastName }: Names): Pick<Program, 'resolve' | 'descends'> {
  const resolve = remembered((name: string, within: string): string | undefined => {
    const bare = name.replace(/^::/, '')
    for (let scope = within; ; scope = parentScope(scope)) {
      const full = joinName(scope, bare)
      if (classes.has(full)) return full
      if (scope === '') break
    }
    const named = (byLastName.get(lastName(bare)) ?? []).filter((full) => full.endsWith(`::${bare}`))
    return named.length === 1 ? named[0] : undefined
  })
  const descends = remembered((name: string, ancestor: string): boolean => {
    let current: string | undefined = name
    for (let i = 0; i < ancestorsMax && current !== undefined; i++) {
      if (current === ancestor) return true
      const full = resolve(current, '')
      const parent: string | undefined = full === undefined ? undefined : classes.get(full)?.parent
      if (parent === ancestor || parent === `::${ancestor}`) return true
      current = parent === undefined ? undefined : (resolve(parent, parentScope(full ?? '')) ?? parent)
    }
    return false
  })
  return { resolve, descends }
}

/** Frameworks that code at the top level may be written in. */
function classicFrameworks(files: readonly ProgramFile[], known: readonly Framework[]): Framework[] {
  const candidates = known.filter(({ classic }) => classic)
  const used = candidates.filter((framework) => requiresAny(files, framework) || usesBase(files, framework))
  if (used.length > 0) return used
  return candidates.filter((framework) => speaksAtTop(files, framework))
}

function requiresAny(files: readonly ProgramFile[], framework: Framework): boolean {
  return files.some(({ survey }) => survey.loads.some((load) => framework.requires.includes(load)))
}

function usesBase(files: readonly ProgramFile[], framework: Framework): boolean {
  return files.some(
    ({ survey }) =>
      survey.scopes.some(({ parent }) => parent !== undefined && framework.bases.includes(parent)) ||
      framework.bases.some((base) => survey.mentions.includes(base) && survey.mentions.split('\n').includes(base)),
  )
}

function* codeOf(
  files: readonly ProgramFile[],
  words?: readonly string[] | Topic,
  pattern?: RegExp,
): Generator<{ source: SourceFile; form: Expression }> {
  for (const file of files) {
    if (typeof words === 'string' && !file.isAbout(words)) continue
    const source = file.source()
    if (!source || (typeof words === 'object' && !hasOneOf(source.bytes, words))) continue
    const form = pattern && !pattern.test(source.text) ? undefined : file.form()
    if (form) yield { source, form }
  }
}

/** In the bytes: most files have none of the words, and need not become text. */
export function hasOneOf(bytes: Uint8Array, words: readonly string[]): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return words.some((word) => buffer.includes(word))
}

function mentioningIn(files: readonly ProgramFile[]): Program['mentioning'] {
  const index = once(() => numbersByName(files, ({ survey }) => survey.mentions))
  return (names) => {
    const found = new Set<number>()
    for (const name of names) for (const number of index().get(name) ?? []) found.add(number)
    return [...found].sort((a, b) => a - b).flatMap((number) => files[number] ?? [])
  }
}

function writingIn(files: readonly ProgramFile[]): Program['writing'] {
  const index = once(() => numbersByName(files, ({ survey }) => survey.writes))
  return (name) => (index().get(name) ?? []).flatMap((number) => files[number] ?? [])
}

/** Reads the names of every file once. */
function numbersByName(
  files: readonly ProgramFile[],
  namesOf: (file: ProgramFile) => string,
): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>()
  for (const [number, file] of files.entries()) for (const name of namesOf(file).split('\n')) push(index, name, number)
  return index
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name)
  if (list) list.push(item)
  else lists.set(name, [item])
}

function parentScope(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('::')))
}

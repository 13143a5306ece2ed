import { limits } from '../../limits.ts'
import type { Survey } from '../language.ts'
import type { Model } from '../model.ts'
import { joinName, lastName } from '../survey.ts'
import { isAppFunction } from './app-function.ts'
import { mentionsName } from './classic-words.ts'
import { hasOneOf, type Method, type ProgramFile } from './program.ts'
import type { Cell, Run } from './run.ts'
import { type Triggers, triggersOf } from './triggers.ts'
import type { Root } from './units.ts'
import { holdsLabels, leadsToSecrets, type Value } from './value.ts'

/** Which code is to be run: that which reads something worth following, and what that may reach. */
export interface Needs {
  /** What is to be run next, in the order of paths and places; nothing when nothing new was learned. */
  next(): readonly Root[]
  /** The code was run and has read this, beginning at that time of the run's clock. */
  ran(root: Root, reads: ReadonlySet<Cell>, began: number): void
  /** Whether something was left out. */
  isLimited(): boolean
}

/** A name that more files mention says little: those that know the class that it belongs to are meant. */
const mentionsMax = 50
const namesakesMax = 4
const writersMax = 8
const distanceMax = 2

export function newNeeds(run: Run, models: readonly Model[], isWhole: boolean): Needs {
  const { program, units } = run
  const pending = new Set<Root>()
  const readers = new Map<Cell, Set<Root>>()
  const { told } = run
  let limited = false
  let begun = false

  const rootsOf = (file: ProgramFile): readonly Root[] => {
    if (units.size > limits.scanFollowedBytesMax) {
      limited = true
      return []
    }
    return units.of(file)?.roots ?? []
  }
  /** A root that is nearer than it was known to be is run again: more of what it calls is run then. */
  const add = (root: Root, distance: number) => {
    const isNearer = distance < root.distance
    if (isNearer) root.distance = distance
    units.keep(root)
    if (!root.ran || (isNearer && root.leftOut)) pending.add(root)
  }
  const addMentioning = (
    names: readonly string[],
    takes: (file: ProgramFile) => boolean,
    accepts: (root: Root) => boolean,
    distance = 0,
  ) => {
    for (const file of program.mentioning(names).filter(takes))
      for (const root of rootsOf(file)) {
        if (!names.some((name) => root.mentions.has(name)) || !accepts(root)) continue
        add(root, distance)
        // What was left out may matter by now.
        if (root.leftOut) pending.add(root)
      }
  }
  const knows = ({ survey }: ProgramFile, owner: string): boolean =>
    owner !== '' && (survey.mentions.includes(lastName(owner)) || survey.scopes.some(({ name }) => areKin(name, owner)))
  /** Code that calls a function by a name that others have too knows the class that it belongs to. */
  const addCallers = ({ name, owner }: Method) => {
    if (name === 'new' || name === 'method_missing') {
      if (owner !== '') addNaming(owner, 0, ({ mentions }) => name !== 'new' || mentions.has('new'))
      return
    }
    const isRare = program.named(name).length <= namesakesMax && program.mentioning([name]).length <= mentionsMax
    addMentioning([name], isRare ? anyFile : (file) => knows(file, owner), () => true)
  }
  /** Code that mentions a class. */
  const addNaming = (owner: string, distance: number, accepts: (root: Root) => boolean) => {
    const names = suffixesOf(owner)
    const means = ({ mentions, owner: within }: Root) =>
      names.some((name) => mentions.has(name) && program.resolve(name, within) === owner)
    addMentioning(names, anyFile, (root) => accepts(root) && means(root), distance)
  }
  const addReadersOfConstant = (name: string) => {
    const names = suffixesOf(name)
    const isOnly = program.writing(lastName(name)).length === 1
    const mayRead = ({ owner, mentions }: Root) =>
      isOnly ||
      scopesOf(owner).some((scope) => names.some((each) => mentions.has(each) && joinName(scope, each) === name))
    addMentioning(names, anyFile, mayRead)
  }
  const areKin = (one: string, other: string): boolean =>
    one === other || program.lineage(one).includes(other) || program.lineage(other).includes(one)

  /** Whoever reads what has come to hold something. */
  const addReaders = (cell: Cell) => {
    const matters = cell.value !== undefined && mayMatter(cell.value, run)
    for (const root of readers.get(cell) ?? []) if (matters || Number.isFinite(root.distance)) pending.add(root)
    if (!cell.value || !leadsToSecrets(cell.value, run.index.leadsToSecrets)) return
    const { scope, name, owner } = cell
    if (scope === 'constant') addReadersOfConstant(name)
    else if (scope === 'instance' || scope === 'class')
      addMentioning(
        [name],
        ({ survey }) => owner === '' || survey.scopes.some((each) => areKin(each.name, owner)),
        (root) => areKin(root.owner, owner),
      )
    else if (scope !== 'other') addMentioning([name], anyFile, () => true)
  }

  /** Whoever writes what was read and is not known. */
  const addWriters = (cell: Cell, distance: number) => {
    if (isWhole || distance > distanceMax || cell.isAsked || cell.scope === 'other' || cell.scope === 'setting') return
    cell.isAsked = true
    if (cell.value) {
      for (const other of cell.value.unknown ?? []) addWriters(other as Cell, distance)
      return
    }
    const last = lastName(cell.name)
    const isOwn = cell.scope === 'instance' || cell.scope === 'class'
    let files = program.writing(last)
    const scope = isOwn ? cell.owner : cell.name.slice(0, -last.length).replace(/::$/, '')
    if (cell.scope !== 'global' && scope !== '')
      files = files.filter(({ survey }) => survey.scopes.some(({ name }) => name === scope))
    for (const file of files.slice(0, writersMax))
      for (const root of rootsOf(file)) {
        if (![...root.writes].some((name) => lastName(name) === last)) continue
        // What stands in the body of a class is the file's own code.
        if (root.method && (cell.scope === 'constant' || (isOwn && root.owner !== cell.owner))) continue
        add(root, distance)
        // What an object is made with is known where it is made.
        if (isOwn && root.method?.name === 'new' && distance === 1)
          addNaming(cell.owner, distance, ({ mentions }) => mentions.has('new'))
      }
  }

  const isClassic = program.frameworkOf('') !== undefined
  const words = program.frameworks.flatMap(({ classic, routes, filters, failures, configures }) =>
    classic ? [...routes, ...filters, ...failures, ...configures] : [],
  )
  /** Whether it says at the top level what an app answers. */
  const speaks = ({ topBlocks }: Survey): boolean => isClassic && words.some((word) => mentionsName(topBlocks, word))

  const begin = () => {
    if (isWhole) {
      for (const file of program.files) for (const root of rootsOf(file)) add(root, 0)
      return
    }
    const triggers = triggersOf(models, run.index)
    for (const file of program.files) addFirst(file, triggers)
  }

  /** What is mentioned, without what is only asked for what is no secret: `ENV` where it is asked for `PORT`. */
  const telling = ({ mentions, entries }: Survey): Set<string> => {
    const names = new Set(mentions.split('\n'))
    const kept = new Set<string>()
    for (const line of entries === '' ? [] : entries.split('\n')) {
      const at = line.indexOf(' ')
      const constant = line.slice(0, at)
      if (!run.index.readsByName(constant) || kept.has(constant)) continue
      if (run.knowledge.isSecretName(line.slice(at + 1))) {
        kept.add(constant)
        names.add(constant)
      } else names.delete(constant)
    }
    return names
  }

  const isAppRoot = (root: Root): boolean => {
    const closure = units.codeOf(root)?.closure
    return closure !== undefined && isAppFunction(run.index, program, root.owner, root.method?.name ?? '', closure)
  }

  const addFirst = (file: ProgramFile, triggers: Triggers) => {
    const { survey } = file
    const mentions = telling(survey)
    const isApp = survey.scopes.some(({ name }) => program.surelyFrameworkOf(name) !== undefined)
    const isTop = speaks(survey) || (survey.scopes.length === 0 && isClassic && triggers.fireInApp(mentions))
    const reads = file.holdsKey || triggers.fire(mentions)
    const answers = survey.methods.some(({ name, params = 1 }) => run.index.answers(name, params) !== undefined)
    const asks = triggers.asks(mentions)
    if (!reads && !isApp && !answers && !isTop && !asks) return
    const isToldHow = asks && hasOneOf(file.source()?.bytes ?? new Uint8Array(), triggers.askedHow)
    const roots = rootsOf(file)
    for (const root of roots) {
      root.isApp = isApp || (isTop && root.owner === '') || isAppRoot(root)
      if (root.isApp) add(root, 0)
      // The file's own code has the constants that a request is made of.
      else if (asks && (isToldHow || root.start < 0 || triggers.asks(root.triggers))) add(root, 1)
      else if (root.texts.length > 0 || triggers.fire(root.triggers)) add(root, Number.POSITIVE_INFINITY)
    }
  }

  return {
    next() {
      if (!begun) {
        begun = true
        begin()
      }
      for (const cell of run.changed) addReaders(cell)
      run.changed.clear()
      for (const method of run.teaching) {
        if (told.has(method)) continue
        told.add(method)
        run.toldNames.add(method.name)
        run.state.taughtAt = ++run.state.clock
        addCallers(method)
      }
      run.teaching.clear()
      const roots = [...pending].sort(inOrder)
      pending.clear()
      return roots
    },
    ran(root, reads, began) {
      root.leftOut = run.state.leftOut
      if (run.state.touched) add(root, 0)
      for (const cell of run.wanted) addWriters(cell, root.distance + 1)
      run.wanted.clear()
      for (const cell of reads) {
        const present = readers.get(cell)
        if (present) present.add(root)
        else readers.set(cell, new Set([root]))
        if (cell.changedAt > began && (Number.isFinite(root.distance) || (cell.value && mayMatter(cell.value, run))))
          pending.add(root)
      }
    },
    isLimited: () => limited,
  }
}

/** Whether code that has come upon nothing yet could come upon something in this. */
function mayMatter(value: Value, { index }: Run): boolean {
  return (
    holdsLabels(value) ||
    leadsToSecrets(value, index.leadsToSecrets) ||
    value.closure !== undefined ||
    (value.options?.size ?? 0) > 0
  )
}

function anyFile(): boolean {
  return true
}

/** The scope itself, and those around it. */
function scopesOf(owner: string): string[] {
  const scopes: string[] = []
  for (let scope = owner; ; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('::')))) {
    scopes.push(scope)
    if (scope === '') return scopes
  }
}

/** What files do by themselves comes first: functions read the constants that are made there. */
function inOrder(a: Root, b: Root): number {
  if (a.start < 0 !== b.start < 0) return a.start < 0 ? -1 : 1
  const [one, two] = [a.unit.file.path, b.unit.file.path]
  if (one !== two) return one < two ? -1 : 1
  return a.start - b.start
}

/** `KEY`, `Client::KEY`, `Payments::Client::KEY`. */
function suffixesOf(name: string): string[] {
  const parts = name.split('::')
  return [...parts.map((_, index) => parts.slice(index).join('::')), `::${name}`]
}

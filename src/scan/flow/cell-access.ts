import type { Expression, Variable } from '../form.ts'
import { joinName, lastName } from '../survey.ts'
import { runsAlways } from './entries.ts'
import { entryOf } from './entry-of.ts'
import type { Frame } from './frame.ts'
import { remembered } from './remembered.ts'
import type { Cell, Place, Run } from './run.ts'
import { isUntoldKey } from './urls.ts'
import {
  holdsSecret,
  isEmpty,
  joinValues,
  nothing,
  shownLabels,
  teachesNothing,
  type Value,
  withLabels,
} from './value.ts'
import { readLocal, writeLocal } from './variables.ts'

const changesMax = 8
/** Files, apart from its own, that use a class whose objects are taken for one; fewer where the class is only guessed. */
const usersMax = 10
const guessedUsersMax = 4

/** Variables, and the cells of those that outlive a call. */
export function cellPart(
  run: Run,
): Pick<Run, 'readVariable' | 'writeVariable' | 'noteFilled' | 'cell' | 'readCell' | 'want' | 'writeCell'> {
  const { program, index, state } = run
  const cells = new Map<string, Map<string, Cell>>()
  const constants = new Map<string, Cell[]>()
  const usersOf = remembered((owner) => {
    const users = program.mentioning([lastName(owner)])
    return users.filter(({ survey }) => !survey.scopes.some(({ name }) => name === owner)).length
  })
  return { readVariable, writeVariable, noteFilled, cell, readCell, want, writeCell }

  function cell(scope: Cell['scope'], owner: string, name: string): Cell {
    const ofOwner = entryOf(cells, owner, () => new Map())
    // Names of variables tell their scope; the others do not meet those.
    const key = scope === 'setting' || scope === 'other' ? `${scope} ${name}` : name
    let found = ofOwner.get(key)
    if (!found) {
      found = { scope, owner, name, value: undefined, changedAt: 0, changes: 0, isAsked: false, unknown: undefined }
      ofOwner.set(key, found)
      if (scope === 'constant') {
        const same = constants.get(lastName(name))
        if (same) same.push(found)
        else constants.set(lastName(name), [found])
      }
    }
    return found
  }

  function readCell(asked: Cell): Value | undefined {
    state.reads.cells.add(asked)
    const { value } = asked
    if (value && !state.touched && holdsSecret(value)) state.touched = true
    return value
  }

  function want({ unknown }: Value): void {
    for (const each of unknown ?? []) run.wanted.add(each as Cell)
  }

  function writeCell(written: Cell, value: Value): void {
    const present = written.value
    if (written.isAsked) want(value)
    if (present && teachesNothing(present, value)) return
    written.value = present ? joinValues(present, value) : value
    if (!present && isEmpty(value)) return
    // Objects are changed in place, so that two ways to write one may go on for ever.
    if (++written.changes > changesMax) return
    written.changedAt = ++state.clock
    run.changed.add(written)
  }

  function noteFilled({ scope, name }: Variable, frame: Frame): void {
    if (scope === 'local' || scope === 'constant') return
    const filled = cell(scope, scope === 'global' ? '' : frame.owner, name)
    if (!filled.value || ++filled.changes > changesMax) return
    filled.changedAt = ++state.clock
    run.changed.add(filled)
  }

  function readVariable(variable: Variable, at: Expression, frame: Frame): Value {
    const { scope, name } = variable
    if (scope === 'local') {
      if (name === 'self')
        return frame.self ?? { labels: [], type: frame.onScope ? `class ${frame.owner}` : `instance ${frame.owner}` }
      const value = readLocal(frame.variables, name) ?? nothing
      if (state.isTrial && !state.touched && holdsSecret(value)) state.touched = true
      return value
    }
    if (scope === 'constant') return readConstant(name, at, frame)
    const type = index.typeOfValue(name)
    if (type === 'exception') return frame.handled ?? run.failure(at, frame)
    if (type !== undefined) return { labels: [], type }
    const own = scope === 'instance' ? frame.self?.fields?.get(name) : undefined
    const held = own ?? (scope === 'global' ? knownOrNot(cell(scope, '', name), []) : readOfLineage(scope, name, frame))
    const assumed = index.typeByName(name)
    const typed = held.type === undefined && assumed ? { ...held, type: assumed } : held
    return typed.labels.length === 0 ? typed : withLabels(typed, run.traced(typed.labels, at, frame, `${name} is read`))
  }

  /** An object's variables are its class's here, and those of its ancestors. */
  function readOfLineage(scope: Cell['scope'], name: string, frame: Frame): Value {
    const own = cell(scope, frame.owner, name)
    const line = program.lineage(frame.owner)
    if (line.length <= 1) return knownOrNot(own, [])
    let held = readCell(own)
    const inherited: Cell[] = []
    for (const ancestor of line) {
      if (ancestor === frame.owner) continue
      const its = cell(scope, ancestor, name)
      inherited.push(its)
      const value = readCell(its)
      if (value) held = held ? joinValues(held, value) : value
    }
    return held ?? knownOrNot(own, inherited)
  }

  function knownOrNot(asked: Cell, inherited: readonly Cell[]): Value {
    asked.unknown ??= { labels: [], unknown: [asked, ...inherited] }
    return readCell(asked) ?? asked.unknown
  }

  function readConstant(name: string, at: Expression, frame: Frame): Value {
    const full = program.resolve(name, frame.owner)
    // A class of the program that is called like a library's is the program's.
    const type = full === undefined ? index.typeOfValue(name) : undefined
    if (type !== undefined) return { labels: [], type }
    const held = full === undefined ? constantFromAfar(name, frame) : readCell(cell('constant', '', full))
    if (!held) return { labels: [], type: `class ${full ?? name.replace(/^::/, '')}` }
    if (isEmpty(held)) return { ...held, type: `class ${full ?? name.replace(/^::/, '')}` }
    return held.labels.length === 0 ? held : withLabels(held, run.traced(held.labels, at, frame, `${name} is read`))
  }

  function constantFromAfar(name: string, frame: Frame): Value | undefined {
    const bare = name.replace(/^::/, '')
    // Most constants are classes of libraries.
    if (program.writing(lastName(bare)).length === 0) return undefined
    const unknown: Cell[] = []
    for (let owner = frame.owner; ; owner = owner.slice(0, Math.max(0, owner.lastIndexOf('::')))) {
      const nearest = cell('constant', '', joinName(owner, bare))
      const near = readCell(nearest)
      if (near) return near
      unknown.push(nearest)
      if (owner === '') break
    }
    const same = (constants.get(lastName(bare)) ?? []).filter(
      (other) => other.value !== undefined && other.name.endsWith(`::${bare}`),
    )
    const [only] = same
    return (only && same.length === 1 ? readCell(only) : undefined) ?? { labels: [], unknown }
  }

  /**
   * Whether what an object of the class holds may be held by any other. Of a class that many files use each object is
   * its own: the one that is known is followed by itself, and what a guessed one is told stays with it.
   */
  function isOfItsClass({ owner, onScope, self, isGuess }: Frame): boolean {
    if (onScope || !(isGuess || self?.fields)) return true
    return usersOf(owner) <= (isGuess ? guessedUsersMax : usersMax)
  }

  function writeVariable(variable: Variable, value: Value, at: Place, adds: boolean, frame: Frame): void {
    const { scope, name } = variable
    const kept =
      value.labels.length > 0 ? withLabels(value, run.traced(value.labels, at, frame, `kept in ${name}`)) : value
    if (scope === 'local') {
      writeLocal(frame.variables, name, kept, adds)
      return
    }
    if (value.closure && value.closure.isTouched === undefined) run.comesUpon(value.closure)
    if (scope !== 'constant') {
      if (scope === 'instance' && frame.self?.fields) {
        const present = frame.self.fields.get(name)
        const mayRemain = present && (adds || !runsAlways(frame))
        frame.self.fields.set(name, mayRemain ? joinValues(present, kept) : kept)
        state.changedSelf = true
      }
      if (scope !== 'instance' || isOfItsClass(frame))
        writeCell(cell(scope, scope === 'global' ? '' : frame.owner, name), kept)
      if (scope !== 'instance' || isReadIntoClass(value, at, frame)) tellKept(value, at, frame, `kept in ${name}`, name)
      return
    }
    tellKept(value, at, frame, `kept in the constant ${name}`, name)
    writeCell(cell('constant', '', joinName(name.includes('::') ? '' : frame.owner, name)), kept)
  }

  /** Notes what is kept as long as the process lives. */
  function tellKept(value: Value, at: Place, frame: Frame, says: string, name: string): void {
    const keys = shownLabels(value).filter((label) => isUntoldKey(label) && label.what === 'key')
    if (keys.length > 0) run.emit({ sink: 'constant', labels: keys, at, frame, says, name })
  }
}

/** A class, which lives as long as the process, keeps what is read there: what it is handed is told where that is read. */
function isReadIntoClass({ labels }: Value, at: Place, { onScope, owner, file }: Frame): boolean {
  if (!onScope || owner === '') return false
  return labels.some(({ trace }) => {
    let read = trace
    while (read.before) read = read.before
    return read.file === file && read.start >= at.start && read.end <= at.end
  })
}

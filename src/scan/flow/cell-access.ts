import type { Expression, Variable } from '../form.ts'
import { joinName } from '../survey.ts'
import type { Frame } from './frame.ts'
import { lastName } from './program.ts'
import type { Run } from './run.ts'
import { joinValues, nothing, shapeOf, shownLabels, type Value } from './value.ts'
import { readLocal, writeLocal } from './variables.ts'

/** Variables, and the cells of those that outlive a call. */
export function cellPart(run: Run): Pick<Run, 'readVariable' | 'writeVariable' | 'writeCell'> {
  const { program, index } = run
  return { readVariable, writeVariable, writeCell }

  function readVariable(variable: Variable, at: Expression, frame: Frame): Value {
    const { scope, name } = variable
    if (scope === 'local') {
      if (name === 'self')
        return { labels: [], type: frame.onScope ? `class ${frame.owner}` : `instance ${frame.owner}` }
      return readLocal(frame.variables, name) ?? nothing
    }
    const type = index.typeOfValue(name)
    if (type === 'exception') return { labels: [], type, thrown: [run.failureLabel(at, frame)] }
    if (type !== undefined) return { labels: [], type }
    const held =
      run.cells.get(cellOf(variable, frame)) ?? (scope === 'constant' ? constantFromAfar(name, frame) : undefined)
    if (scope === 'constant' && !held) {
      const full = program.resolve(name, frame.owner)
      return { labels: [], type: `class ${full ?? name.replace(/^::/, '')}` }
    }
    const assumed = index.typeByName(name)
    if (!held) return assumed ? { labels: [], type: assumed } : nothing
    if (held.labels.length === 0) return held.type === undefined && assumed ? { ...held, type: assumed } : held
    return {
      ...held,
      labels: run.traced(held.labels, at, frame, scope === 'constant' ? `${name} is read` : `${name} is read`),
    }
  }

  function constantFromAfar(name: string, frame: Frame): Value | undefined {
    const bare = name.replace(/^::/, '')
    for (let owner = frame.owner; owner !== ''; owner = owner.slice(0, Math.max(0, owner.lastIndexOf('::')))) {
      const near = run.cells.get(`constant ${joinName(owner, bare)}`)
      if (near) return near
    }
    const global = run.cells.get(`constant ${bare}`)
    if (global) return global
    const full = [...(run.constantsByLastName.get(lastName(bare)) ?? [])].filter((other) => other.endsWith(`::${bare}`))
    return full.length === 1 ? run.cells.get(`constant ${full[0]}`) : undefined
  }

  function writeVariable(
    variable: Variable,
    value: Value,
    at: Expression & { readonly kind: 'write' },
    frame: Frame,
  ): void {
    const { scope, name } = variable
    const kept =
      value.labels.length > 0 ? { ...value, labels: run.traced(value.labels, at, frame, `kept in ${name}`) } : value
    if (scope === 'local') {
      writeLocal(frame.variables, name, kept, at.adds)
      return
    }
    const cell = cellOf(variable, frame)
    if (scope === 'constant') {
      const full = cell.slice('constant '.length)
      const known = run.constantsByLastName.get(lastName(full)) ?? new Set()
      run.constantsByLastName.set(lastName(full), known.add(full))
      const keys = shownLabels(value).filter(({ what, via }) => what === 'key' && !via)
      if (keys.length > 0)
        run.emit({ sink: 'constant', labels: keys, at, frame, says: `kept in the constant ${name}`, name })
    }
    writeCell(cell, kept)
  }

  function cellOf({ scope, name }: Variable, frame: Frame): string {
    if (scope === 'constant') return `constant ${joinName(name.includes('::') ? '' : frame.owner, name)}`
    if (scope === 'global') return `global ${name}`
    return `${scope} ${frame.owner} ${name}`
  }

  function writeCell(cell: string, value: Value): void {
    const present = run.cells.get(cell)
    const joined = present ? joinValues(present, value) : value
    if (present && shapeOf(present) === shapeOf(joined)) return
    run.cells.set(cell, joined)
    run.state.cellsChanged = true
  }
}

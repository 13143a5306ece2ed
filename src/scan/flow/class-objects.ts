import type { Option, OptionValue } from '../model.ts'
import { entryOf } from './entry-of.ts'
import type { Frame } from './frame.ts'
import type { Cell, Run } from './run.ts'
import { teachesNothing, type Value } from './value.ts'

const changesMax = 8

/** What a class is told and given holds for whatever is asked through it: `base_uri` in its body, `Excon.defaults`. */
export function classPart(run: Run): Pick<Run, 'classObject' | 'toldToClass' | 'changedObject'> {
  const { program, state } = run
  const objects = new Map<string, Value>()
  const cells = new Map<Map<Option, OptionValue>, { readonly cell: Cell; before: string }>()
  return { classObject, toldToClass, changedObject }

  function classObject(target: Value | undefined, frame: Frame): Value | undefined {
    const owner = ownerOf(target, frame)
    if (owner === undefined || owner === '') return undefined
    return entryOf(objects, owner, () => {
      const options = new Map<Option, OptionValue>()
      const object: Value = { labels: [], type: 'told', fields: new Map(), options }
      cells.set(options, { cell: run.cell('other', owner, 'told'), before: '' })
      return object
    })
  }

  function toldToClass(target: Value | undefined, frame: Frame): readonly Value[] {
    const owner = ownerOf(target, frame)
    if (owner === undefined || owner === '') return []
    const ancestors = [...new Set([...program.outside(owner), ...program.lineage(owner), owner])]
    return ancestors.flatMap((name) => run.readCell(run.cell('other', name, 'told')) ?? [])
  }

  function changedObject({ options, fields }: Value): void {
    const known = options && cells.get(options)
    if (!known) return
    const { cell } = known
    const now: Value = { labels: [], type: 'told', fields: new Map(fields), options: new Map(options) }
    const told = [...options].map(([option, value]) => `${option} ${value}`).join('\n')
    if (cell.value && known.before === told && teachesNothing(cell.value, now)) return
    known.before = told
    cell.value = now
    // Two places that tell a class different things would change it for ever.
    if (++cell.changes > changesMax) return
    cell.changedAt = ++state.clock
    run.changed.add(cell)
  }
}

function ownerOf(target: Value | undefined, frame: Frame): string | undefined {
  if (!target) return frame.owner
  const { type } = target
  if (type?.startsWith('class ')) return type.slice(6)
  return type?.startsWith('instance ') ? type.slice(9) : undefined
}

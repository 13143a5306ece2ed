import { limits } from '../../../limits.ts'
import { fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'

/** `A::B` by its name, or the node in whose place a name would have to be computed; 0 for none. */
export function constantNameOf(node: number, { words, name }: RubyTree): { name?: string; computed: number } {
  const path = fields.ConstantPath
  let whole = ''
  let nameless: number | undefined
  let parts = 0
  for (let at = node, isLast = true; ; isLast = false) {
    // Whoever asks for each of its beginnings would never end.
    if (++parts > limits.rubyNamePartsMax) return { computed: 0 }
    const type = at === 0 ? 0 : (words[at] ?? 0) & 0xffff
    if (type === types.ConstantRead) whole = joined(name(words[at + fields.ConstantRead.name] ?? 0), whole)
    else if (type === types.ConstantPath) {
      const own = name(words[at + path.name] ?? 0)
      const parent = (words[at + path.parent] ?? 0) >> 2
      const isWhole = parent === 0 || ((words[parent] ?? 0) & 0xffff) === types.Self
      if (own === '' && !isWhole) nameless = parent
      whole = joined(own, whole)
      if (!isWhole) {
        at = parent
        continue
      }
    } else return { computed: isLast ? 0 : at }
    return nameless === undefined ? { name: whole, computed: 0 } : { computed: nameless }
  }
}

function joined(first: string, rest: string): string {
  return rest === '' ? first : `${first}::${rest}`
}

/** A parent class that a call gives: `Migration[7.1]` is a Migration, `Sequel::Model(:users)` a Sequel::Model. */
export function computedParent(node: number, tree: RubyTree): string | undefined {
  const { words } = tree
  if (node === 0 || ((words[node] ?? 0) & 0xffff) !== types.Call) return undefined
  const receiver = (words[node + fields.Call.receiver] ?? 0) >> 2
  const of = receiver === 0 ? '' : constantNameOf(receiver, tree).name
  const called = tree.name(words[node + fields.Call.name] ?? 0)
  if (of === undefined) return undefined
  if (called === '[]') return of === '' ? undefined : of
  if (!/^[A-Z]/.test(called)) return undefined
  return of === '' ? called : `${of}::${called}`
}

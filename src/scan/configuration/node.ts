/** A value of a configuration file, whatever its syntax, with its place in UTF-16 offsets. */
export type ConfigurationNode = MapNode | ListNode | ScalarNode

export interface MapNode {
  readonly kind: 'map'
  readonly start: number
  readonly end: number
  /** In the order of the file; where a key stands twice, the last counts. */
  readonly entries: ReadonlyMap<string, MapEntry>
}

export interface MapEntry {
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: ConfigurationNode
}

export interface ListNode {
  readonly kind: 'list'
  readonly start: number
  readonly end: number
  readonly items: readonly ConfigurationNode[]
}

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly start: number
  readonly end: number
  readonly value: string | number | boolean | null
}

/** What stands under `path` below `node`; undefined where there is nothing, or something that has no keys. */
export function nodeAt(node: ConfigurationNode | undefined, ...path: readonly string[]): ConfigurationNode | undefined {
  let at = node
  for (const key of path) at = at?.kind === 'map' ? at.entries.get(key)?.value : undefined
  return at
}

/** The text of a scalar, numbers and booleans included; undefined for everything else. */
export function textAt(node: ConfigurationNode | undefined, ...path: readonly string[]): string | undefined {
  const at = nodeAt(node, ...path)
  return at?.kind === 'scalar' && at.value !== null ? String(at.value) : undefined
}

export function itemsAt(node: ConfigurationNode | undefined, ...path: readonly string[]): readonly ConfigurationNode[] {
  const at = nodeAt(node, ...path)
  return at?.kind === 'list' ? at.items : []
}

export function entriesAt(
  node: ConfigurationNode | undefined,
  ...path: readonly string[]
): readonly (readonly [string, MapEntry])[] {
  const at = nodeAt(node, ...path)
  return at?.kind === 'map' ? [...at.entries] : []
}

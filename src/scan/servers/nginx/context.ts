import type { NginxDirective } from '../../configuration/read-nginx.ts'

/** Blocks from `http` to the innermost location, outermost first: what nginx inherits along. */
export type Levels = readonly (readonly NginxDirective[])[]

/**
 * The directives of a name that hold at the innermost level: a level that has any of its own inherits none of the
 * others (a location with one `proxy_set_header` loses all of its server's).
 */
export function inherited(levels: Levels, name: string): readonly NginxDirective[] {
  for (let i = levels.length - 1; i >= 0; i--) {
    const own = directivesNamed(levels[i] ?? [], name)
    if (own.length > 0) return own
  }
  return []
}

/** Those of a level that are of this name, in their order. */
export function directivesNamed(level: readonly NginxDirective[], name: string): readonly NginxDirective[] {
  let named = byName.get(level)
  if (!named) {
    named = Map.groupBy(level, (directive) => directive.name)
    byName.set(level, named)
  }
  return named.get(name) ?? []
}

/** Kept, because each of many servers asks what its `http` says: looking through the level anew would be quadratic. */
const byName = new WeakMap<readonly NginxDirective[], ReadonlyMap<string, readonly NginxDirective[]>>()

/** The one directive of a name that holds; nginx refuses to start where a level has two. */
export function setting(levels: Levels, name: string): NginxDirective | undefined {
  return inherited(levels, name).at(-1)
}

export function settingText(levels: Levels, name: string): string | undefined {
  return setting(levels, name)?.args[0]?.value
}

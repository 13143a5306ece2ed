/** Files that a file loads, where their names are written out. */
export interface Loads {
  readonly loads: readonly string[]
  /** Whether it loads files whose names are computed. */
  readonly loadsUnknown: boolean
}

const loaders = new Set(['require', 'require_relative', 'load', 'autoload', 'require_dependency', 'run'])

export function isLoader(name: string): boolean {
  return loaders.has(name)
}

export interface LoadsFound {
  /** What a loader is given last, where that is a text. */
  add(loader: string, given: string | undefined): void
  whole(): Loads
}

export function newLoads(): LoadsFound {
  const loads: string[] = []
  let loadsUnknown = false
  return {
    add(loader, given) {
      if (given !== undefined) loads.push(loader === 'require_relative' ? `./${given}` : given)
      // `require file` in a loop over a folder may name any.
      else if (loader !== 'run') loadsUnknown = true
    },
    whole: () => ({ loads, loadsUnknown }),
  }
}

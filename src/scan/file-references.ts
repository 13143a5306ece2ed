import type { FileReference } from './content.ts'

/** The files of a tree by their paths; a map of references is one. */
export interface FileReferences {
  get(path: string): FileReference | undefined
  keys(): Iterable<string>
}

export interface GrowingReferences extends FileReferences {
  readonly size: number
  /** False where the path is known already; the first stays. */
  add(file: FileReference): boolean
}

/**
 * References of which only the path is kept, and what stands before it for the system: the same for almost all files of
 * a tree. A million of them take little more than their names.
 */
export function growingReferences(): GrowingReferences {
  const byPath = new Map<string, string | { readonly at: string | Uint8Array }>()
  let folder = ''
  const beforeOf = ({ path, at }: FileReference) => {
    if (typeof at !== 'string' || !at.endsWith(path)) return { at }
    const length = at.length - path.length
    // One text for all that follow each other with the same.
    if (length !== folder.length || !at.startsWith(folder)) folder = Buffer.from(at.slice(0, length)).toString()
    return folder
  }
  return {
    get size() {
      return byPath.size
    },
    add(file) {
      if (byPath.has(file.path)) return false
      byPath.set(file.path, beforeOf(file))
      return true
    },
    get(path) {
      const before = byPath.get(path)
      if (before === undefined) return undefined
      return typeof before === 'string' ? { path, at: before + path } : { path, at: before.at }
    },
    keys: () => byPath.keys(),
  }
}

import type { Tree } from '../tree.ts'

/**
 * The tree's files that a configuration means by a path or glob of the machine it will run on, sorted. Tried in turn:
 * from the folder of the main file, from the including file's own, and, since a repository's `nginx/conf.d` is put to
 * `/etc/nginx/conf.d`, by as many of the path's last folders as fit.
 */
export function findIncluded(tree: Tree, root: string, from: string, pattern: string): readonly string[] {
  if (pattern === '' || pattern.length > 500) return []
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.')
  const near = [folderOf(root), folderOf(from)].map((folder) => resolveNames([...folder, ...names]))
  const isAbsolute = pattern.startsWith('/')
  if (!isAbsolute)
    for (const wanted of near) {
      const found = wanted ? tree.paths.filter((path) => matches(path.split('/'), wanted)) : []
      if (found.length > 0) return found
    }
  for (let from = isAbsolute ? 0 : 1; from < names.length; from++) {
    const tail = names.slice(from)
    // A bare name would fit anywhere in the tree: only beside the file itself.
    const found = tree.paths.filter((path) => {
      const parts = path.split('/')
      if (tail.length === 1) {
        const wanted = [...folderOf(root), ...tail]
        return matches(parts, wanted)
      }
      return parts.length >= tail.length && matches(parts.slice(-tail.length), tail)
    })
    if (found.length > 0) return found
  }
  return []
}

function folderOf(path: string): string[] {
  return path.split('/').slice(0, -1)
}

function resolveNames(names: readonly string[]): string[] | undefined {
  const out: string[] = []
  for (const name of names) {
    if (name !== '..') out.push(name)
    else if (out.pop() === undefined) return undefined
  }
  return out
}

function matches(path: readonly string[], pattern: readonly string[]): boolean {
  return path.length === pattern.length && path.every((name, i) => matchesGlob(name, pattern[i] ?? ''))
}

/** `*` and `?`; going back only to the last `*` is enough, so time is bounded by the product of the lengths. */
function matchesGlob(name: string, glob: string): boolean {
  let at = 0
  let star = -1
  let retry = 0
  for (let i = 0; i < name.length; ) {
    if (glob[at] === '*') {
      star = at++
      retry = i
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === name[i])) {
      at++
      i++
    } else if (star !== -1) {
      at = star + 1
      i = ++retry
    } else return false
  }
  while (glob[at] === '*') at++
  return at >= glob.length
}

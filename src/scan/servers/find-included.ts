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
      const found = wanted ? candidates(tree, wanted).filter((path) => matches(path.split('/'), wanted)) : []
      if (found.length > 0) return found
    }
  for (let from = isAbsolute ? 0 : 1; from < names.length; from++) {
    const tail = names.slice(from)
    // A bare name would fit anywhere in the tree: only beside the file itself.
    const found = candidates(tree, tail).filter((path) => {
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

/** Paths by their last name, and by the name of the folder that they stand in. */
interface Names {
  readonly files: ReadonlyMap<string, readonly string[]>
  readonly folders: ReadonlyMap<string, readonly string[]>
}

const known = new WeakMap<Tree, Names>()

/** Those that a pattern may mean, sorted: a large tree is not gone through for each line that includes something. */
function candidates(tree: Tree, names: readonly string[]): readonly string[] {
  const { files, folders } = namesOf(tree)
  const isGlob = (name: string | undefined) => name === undefined || /[*?]/.test(name)
  const [folder, last] = [names.at(-2), names.at(-1)]
  if (last !== undefined && !isGlob(last)) return files.get(last) ?? []
  if (folder !== undefined && !isGlob(folder)) return folders.get(folder) ?? []
  return tree.paths
}

function namesOf(tree: Tree): Names {
  const made = known.get(tree)
  if (made) return made
  const files = new Map<string, string[]>()
  const folders = new Map<string, string[]>()
  for (const path of tree.paths) {
    const [last = '', folder] = path.split('/').reverse()
    const list = files.get(last)
    if (list) list.push(path)
    else files.set(last, [path])
    if (folder === undefined) continue
    const beside = folders.get(folder)
    if (beside) beside.push(path)
    else folders.set(folder, [path])
  }
  const names = { files, folders }
  known.set(tree, names)
  return names
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

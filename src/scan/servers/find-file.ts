import type { Tree } from '../tree.ts'

const partsMax = 40

/** `a/b/../c` as `a/c`; undefined where it leaves the tree. */
function normalPath(path: string): string | undefined {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function joinPath(folder: string, path: string): string {
  return normalPath(folder === '' ? path : `${folder}/${path}`) ?? ''
}

/**
 * The tree's path of a file as a start command names it, from `folder`. An absolute path is that of a container or a
 * machine: the longest end of it that is a file of the tree is meant.
 */
export function findFile(tree: Tree, folder: string, path: string): string | undefined {
  if (path === '' || path.length > 1_000) return undefined
  if (!path.startsWith('/')) {
    const own = normalPath(folder === '' ? path : `${folder}/${path}`)
    return own !== undefined && tree.file(own) ? own : undefined
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  for (let i = Math.max(0, parts.length - partsMax); i < parts.length; i++) {
    const end = parts.slice(i).join('/')
    const found = folder !== '' && tree.file(`${folder}/${end}`) ? `${folder}/${end}` : end
    if (tree.file(found)) return found
  }
  return undefined
}

const marks = ['config.ru', 'Gemfile', 'app.rb', 'package.json', 'Procfile', 'config/puma.rb']

/** The folder of the tree that a folder of a machine or a container is, as far as its name says it; else `otherwise`. */
export function findFolder(tree: Tree, path: string | undefined, otherwise: string): string {
  const parts = (path ?? '').split('/').filter((part) => part !== '' && part !== '.')
  for (let i = Math.max(0, parts.length - partsMax); i < parts.length; i++) {
    const end = parts.slice(i).join('/')
    if (marks.some((mark) => tree.file(`${end}/${mark}`))) return end
  }
  return otherwise
}

/** The folder of the program that a file about its start belongs to: the nearest above that looks like a program's. */
export function folderAbove(tree: Tree, path: string): string {
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder))
    if (marks.some((mark) => tree.file(`${folder}/${mark}`))) return folder
  return ''
}

const folders = new WeakMap<Tree, ReadonlySet<string>>()

export function hasFolder(tree: Tree, folder: string): boolean {
  let known = folders.get(tree)
  if (!known) {
    const all = new Set([''])
    for (const path of tree.paths)
      for (let above = folderOf(path); above !== '' && !all.has(above); above = folderOf(above)) all.add(above)
    known = all
    folders.set(tree, known)
  }
  return known.has(folder)
}

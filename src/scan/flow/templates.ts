import type { Program, ProgramFile } from './program.ts'

/** The templates of a program, by the names by which code asks for them. */
export interface Templates {
  /** `index`, `users/show`, `_row` or `row` for a partial; nearest to the folder of whoever asks. */
  named(name: string, askedFrom: string): ProgramFile | undefined
}

export function findTemplates({ files }: Program): Templates {
  const byName = new Map<string, ProgramFile[]>()
  for (const file of files) {
    if (!file.isTemplate) continue
    const name = bareName(file.path)
    const same = byName.get(name)
    if (same) same.push(file)
    else byName.set(name, [file])
  }
  return {
    named(name, askedFrom) {
      if (byName.size === 0 || !/^[\w./-]+$/.test(name)) return undefined
      const folders = name.split('/')
      const candidates = byName.get(bareName(folders.pop() ?? '')) ?? []
      const fitting = candidates.filter(({ path }) => endsWithFolders(path, folders))
      return fitting.sort(
        (a, b) => commonLength(b.path, askedFrom) - commonLength(a.path, askedFrom) || (a.path < b.path ? -1 : 1),
      )[0]
    },
  }
}

/** `show` of `views/users/_show.html.erb`. */
function bareName(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\..*$/, '')
    .replace(/^_/, '')
}

function endsWithFolders(path: string, folders: readonly string[]): boolean {
  const own = path.split('/').slice(0, -1)
  return folders.every((folder, index) => own[own.length - folders.length + index] === folder)
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

import type { Method, Program, ProgramFile } from './program.ts'
import { boundedText } from './value.ts'

/** The templates of a program, by the names by which code asks for them. */
export interface Templates {
  /** `index`, `users/show`, `_row` or `row` for a partial; nearest to the folder of whoever asks. */
  named(name: string, askedFrom: string): ProgramFile | undefined
  /** One that stands in code, by its name or its text: of the file itself, or the program's only one. */
  inCode(name: string, askedFrom: string): Method | undefined
}

export function findTemplates({ files, methods }: Program): Templates {
  const byName = new Map<string, ProgramFile[]>()
  for (const file of files) {
    if (!file.isTemplate) continue
    const name = bareName(file.path)
    const same = byName.get(name)
    if (same) same.push(file)
    else byName.set(name, [file])
  }
  const inCode = new Map<string, Method[]>()
  for (const method of methods) {
    if (method.on !== 'template') continue
    const name = boundedText(method.name)
    const same = inCode.get(name)
    if (same) same.push(method)
    else inCode.set(name, [method])
  }
  return {
    inCode(name, askedFrom) {
      const candidates = inCode.size === 0 ? [] : (inCode.get(boundedText(name)) ?? [])
      const own = candidates.find(({ file }) => file.path === askedFrom)
      return own ?? (candidates.length === 1 ? candidates[0] : undefined)
    },
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

import { relative } from 'node:path'
import type { Plugin } from 'rolldown'

/**
 * What a chunk of the bundle holds: the first whose pattern a module's path matches. Whatever else is bundled is placed
 * by the bundler, for which each module that is imported by itself is a file.
 */
const chunks: readonly (readonly [name: string, modules: RegExp])[] = [
  ['scan-history', /^src\/scan\/history\//],
  ['scan-ruby', /^src\/scan\/languages\/ruby\/(?!ruby\.ts$)/],
  ['scan', /^src\/scan\//],
  ['key-kinds', /^src\/keys\//],
]

/** Entries stay files of their own. */
export function chunkGroups(root: string): { name: string; test: (module: string) => boolean }[] {
  return chunks.map(([name, modules]) => ({
    name,
    test: (module) => !module.endsWith('.entry.ts') && modules.test(relative(root, module)),
  }))
}

/** Tables of which every scan needs all: opening hundreds of files takes longer than the scan of a small service. */
const wholeTables = /^src\/(?:scan\/(?:rules|models|servers\/models|servers\/starts)|keys\/kinds)\/index\.ts$/

const importPattern = /\(await import\((['"][^'"]+['"])\)\)\.(\w+)/g

/** Makes of these tables' imports on demand plain ones. */
export function joinTables(root: string): Plugin {
  return {
    name: 'join-tables',
    transform(code, module) {
      if (!wholeTables.test(relative(root, module))) return null
      const imports: string[] = []
      const joined = code.replace(importPattern, (_all, file: string, name: string) => {
        imports.push(`import { ${name} } from ${file}`)
        return name
      })
      return { code: `${imports.join('\n')}\n${joined}` }
    },
  }
}

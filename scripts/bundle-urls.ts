import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { Plugin } from 'rolldown'

/** The processes of their own below `directory`: absolute paths of its `*.entry.ts`. Their names differ, or it throws. */
export function findEntries(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.entry.ts'))
    .sort()
    .map((name) => join(directory, name))
  for (const file of files) {
    const twin = files.find((other) => other !== file && entryName(other) === entryName(file))
    if (twin) throw new Error(`${file}, ${twin}: both would be bundled as ${entryName(file)}.js; rename one`)
  }
  return files
}

/** The name under which an entry is bundled, without extension: `gateway.entry`. */
export function entryName(file: string): string {
  return basename(file, '.ts')
}

interface Layout {
  readonly root: string
  /** Absolute paths that are bundled as files of their own. */
  readonly entries: readonly string[]
  /** Files and folders of the root that are published beside the bundle. */
  readonly shipped: readonly string[]
}

const urlPattern = /new URL\(\s*(['"`])(\.[^'"`]*)\1,\s*import\.meta\.url,?\s*\)/g
const placePattern = /import\.meta\.(?:url|dirname|filename)\b/g

/**
 * Files move when they are bundled, so a path from `import.meta.url` has to be rewritten: an entry's to its bundle, a
 * shipped file's to where it is from the bundle. Anything else that depends on a module's place fails the build, which
 * would otherwise fail at the user's.
 */
export function rewriteUrls({ root, entries, shipped }: Layout): Plugin {
  return {
    name: 'rewrite-urls',
    transform(code, id) {
      // The bundler's own runtime is no file of ours.
      if (!isAbsolute(id) || !code.includes('import.meta')) return null
      const left = code.replace(urlPattern, '').match(placePattern)
      if (left) {
        throw new Error(
          `${relative(root, id)}: ${left[0]} is another path in the bundle; write new URL('./x', import.meta.url) with a literal`,
        )
      }
      const rewritten = code.replace(urlPattern, (_all, _quote, specifier: string) => {
        const target = resolve(dirname(id), specifier)
        return `new URL(${JSON.stringify(bundledPath(target, id))}, import.meta.url)`
      })
      return rewritten === code ? null : { code: rewritten }
    },
  }

  function bundledPath(target: string, id: string): string {
    if (entries.includes(target)) return `./${entryName(target)}.js`
    const path = relative(root, target)
    const published = shipped.some((name) => path === name || path.startsWith(`${name}/`))
    if (published && existsSync(target)) return `../${path}`
    throw new Error(`${relative(root, id)}: ${path} is neither an *.entry.ts nor published beside the bundle`)
  }
}

/**
 * Bundles the CLI and each process of its own into dist/, as it is published: `node scripts/build.ts`. What is bundled
 * is listed with its licences in dist/THIRD-PARTY-NOTICES.txt.
 */
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OutputChunk, rolldown } from 'rolldown'
import { chunkGroups, joinTables } from './bundle-chunks.ts'
import { entryName, findEntries, rewriteUrls } from './bundle-urls.ts'
import { noticesFor, packageFolder } from './notices.ts'

const root = join(import.meta.dirname, '..')

if (import.meta.main) {
  await build(root, join(root, 'dist'))
  console.log('wrote dist/')
}

/**
 * Writes the bundle to `directory`, which is replaced as a whole once everything has succeeded. Resolves to the folders
 * of the packages that each process can load, by its bundle's name.
 */
export async function build(from: string, directory: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { dependencies } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'))
  const entries = findEntries(join(from, 'src'))
  const bundle = await rolldown({
    cwd: from,
    input: {
      cli: join(from, 'src/cli/main.ts'),
      ...Object.fromEntries(entries.map((file) => [entryName(file), file])),
    },
    platform: 'node',
    // Nobody imports from the entries.
    preserveEntrySignatures: false,
    // A table that loads what it lists is not always there to load less.
    checks: { ineffectiveDynamicImport: false },
    external: (id) => Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      joinTables(from),
      rewriteUrls({ root: from, entries, shipped: ['package.json', 'schema', 'integrations'] }),
    ],
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`)
    },
  })
  const half = `${directory}.half-${process.pid}`
  await rm(half, { recursive: true, force: true })
  const { output } = await bundle.write({
    dir: half,
    format: 'esm',
    // Flat, so that `new URL('./x.entry.js', import.meta.url)` holds from whichever chunk the code lands in.
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[name]-[hash].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: chunkGroups(from),
    },
    comments: { legal: false },
  })
  await bundle.close()
  const chunks = new Map(output.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk]))
  const modules = [...chunks.values()].flatMap(({ moduleIds }) => moduleIds)
  await writeFile(join(half, 'THIRD-PARTY-NOTICES.txt'), await noticesFor(modules))
  await cp(join(root, 'scripts/bin.js'), join(half, 'sallyport.js'))
  await rm(directory, { recursive: true, force: true })
  await rename(half, directory)
  const processes = [...chunks.values()].filter(({ isEntry }) => isEntry)
  return new Map(processes.map((chunk) => [chunk.fileName, packagesOf(chunk, chunks)]))
}

/** Also by dynamic import: what can be loaded will be. */
function packagesOf(entry: OutputChunk, chunks: ReadonlyMap<string, OutputChunk>): string[] {
  const reached = new Set([entry])
  for (const chunk of reached) {
    for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
      const next = chunks.get(name)
      if (next) reached.add(next)
    }
  }
  return [...new Set([...reached].flatMap(({ moduleIds }) => moduleIds.flatMap((id) => packageFolder(id) ?? [])))]
}

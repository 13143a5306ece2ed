/**
 * Trees to scan, made of what the machine has installed: the same machine makes the same trees. Nothing of others is
 * committed. `node bench/corpora.ts KIND FOLDER [FILES | MEBIBYTES | VERSIONS]` makes one by hand.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { writeHistory } from './history.ts'

export interface Corpus {
  readonly files: number
  readonly bytes: number
}

const rubyFolders = ['/usr/lib/ruby', '/usr/share/rubygems-integration', '/var/lib/gems']
const textFolders = ['/usr/include', '/usr/lib/python3', '/usr/share/perl', '/usr/share/doc']

export const corpusKinds = {
  /** Ruby files that belong to one program. */
  'ruby-one': (folder: string, size: number) => writeRuby(folder, size, 'one'),
  /** The same files, each library a program of its own. */
  'ruby-many': (folder: string, size: number) => writeRuby(folder, size, 'many'),
  /** Text of every sort, in mebibytes. */
  text: writeText,
  /** A git repository: versions of Ruby files, this many. */
  history: (folder: string, size: number) => writeHistory(folder, size, filesUnder(rubyFolders, /\.rb$/)),
} as const

export type CorpusKind = keyof typeof corpusKinds

if (import.meta.main) {
  const [kind = '', folder, size = '1000'] = process.argv.slice(2)
  if (!isCorpusKind(kind) || folder === undefined) {
    console.error(`node bench/corpora.ts ${Object.keys(corpusKinds).join('|')} FOLDER [FILES | MEBIBYTES | VERSIONS]`)
    process.exitCode = 2
  } else console.log(JSON.stringify(await corpusKinds[kind](folder, Number(size))))
}

export function isCorpusKind(text: string): text is CorpusKind {
  return Object.hasOwn(corpusKinds, text)
}

/**
 * `files` Ruby files: the installed ones, and copies of them until there are enough. Classes and modules of a copy have
 * names of their own, as a large program's do.
 */
function writeRuby(folder: string, files: number, programs: 'one' | 'many'): Corpus {
  const sources = filesUnder(rubyFolders, /\.rb$/)
  if (sources.length === 0) throw new Error(`no Ruby below ${rubyFolders.join(', ')}`)
  const defined = new Set<string>()
  for (const { path } of sources)
    for (const [, name = ''] of readFileSync(path, 'latin1').matchAll(/^\s*(?:class|module)\s+([A-Z]\w*)/gm))
      defined.add(name)
  let bytes = 0
  for (let i = 0; i < files; i++) {
    const source = sources[i % sources.length]
    if (!source) break
    const copy = Math.floor(i / sources.length)
    const text = renamed(readFileSync(source.path, 'latin1'), defined, copy)
    const place = `copy${copy}/${source.name}`
    write(join(folder, place), text)
    bytes += text.length
    if (programs === 'many') write(join(folder, libraryOf(place), 'Gemfile'), '')
  }
  write(join(folder, 'Gemfile'), '')
  return { files, bytes }
}

/** `…/gems/rack-2.2.6`, `…/vendor_ruby/rack`. */
function libraryOf(place: string): string {
  const folders = place.split('/').slice(0, -1)
  const gems = folders.indexOf('gems')
  return folders.slice(0, gems === -1 ? 6 : gems + 2).join('/')
}

function renamed(text: string, defined: ReadonlySet<string>, copy: number): string {
  if (copy === 0) return text
  return text.replace(/\b[A-Z]\w*/g, (name) => (defined.has(name) ? `${name}Copy${copy}` : name))
}

function writeText(folder: string, mebibytes: number): Corpus {
  const sources = filesUnder(textFolders, /\.(?:h|hpp|py|pl|pm|rb|txt|md|html|json|ya?ml|conf|rst)$/)
  let bytes = 0
  let files = 0
  while (bytes < mebibytes * 1_048_576 && sources.length > 0) {
    const source = sources[files % sources.length]
    if (!source) break
    const content = readFileSync(source.path)
    write(join(folder, `copy${Math.floor(files / sources.length)}`, source.name), content)
    bytes += content.length
    files++
  }
  return { files, bytes }
}

function filesUnder(folders: readonly string[], wanted: RegExp): { readonly path: string; readonly name: string }[] {
  return (
    folders
      .flatMap((folder) =>
        entriesOf(folder)
          .filter((entry) => entry.isFile() && wanted.test(entry.name))
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => ({ path, name: relative('/', path) })),
      )
      // What a scanner leaves out would make the tree another one for each of them.
      .filter(({ name }) => !/\/(?:vendor|node_modules|\.\w+)\//.test(name))
      .map(({ path, name }) => ({ path, name: name.replaceAll('vendor', 'sold') }))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  )
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, 'latin1')
}

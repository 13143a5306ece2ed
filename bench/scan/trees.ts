import { cpSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Corpus, corpusKinds } from '../corpora.ts'
import type { Reading } from './scanner.ts'

/** Something to be scanned. */
export interface Tree extends Corpus {
  readonly says: string
  readonly folder: string
  readonly reading: Reading
  /** What is aimed at for Sallyport on a machine with two cores; absent for sizes for which nothing is. */
  readonly wallMsMax?: number
}

/** One sort of tree. */
interface TreeKind {
  /** What the number behind the colon counts. */
  readonly unit: string
  readonly size: number
  readonly reading: Reading
  /** For trees of `size`. */
  readonly wallMsMax: (size: number) => number | undefined
  says(size: number): string
  make(folder: string, size: number): Corpus | Promise<Corpus>
}

const mebibyte = 1_048_576

/** By the name that `--trees` gives them. */
const treeKinds: Readonly<Record<string, TreeKind>> = {
  seed: {
    unit: '',
    size: 1,
    reading: 'code',
    wallMsMax: () => 300,
    says: () => 'a Sinatra service of two files, with its configuration',
    make: copyExample,
  },
  ruby: {
    unit: 'files',
    size: 18_000,
    reading: 'code',
    wallMsMax: (size) => ({ 1000: 2_000, 18000: 10_000 })[size],
    says: (size) => `${size} Ruby files, one program`,
    make: corpusKinds['ruby-one'],
  },
  programs: {
    unit: 'files',
    size: 18_000,
    reading: 'code',
    wallMsMax: (size) => ({ 1000: 2_000, 18000: 10_000 })[size],
    says: (size) => `${size} Ruby files, a program a library`,
    make: corpusKinds['ruby-many'],
  },
  text: {
    unit: 'MB',
    size: 190,
    reading: 'text',
    wallMsMax: (size) => ({ 190: 3_000 })[size],
    says: (size) => `${size} MB of text of every sort`,
    make: (folder, size) => corpusKinds.text(folder, (size * 1e6) / mebibyte),
  },
  history: {
    unit: 'versions',
    size: 90_000,
    reading: 'history',
    wallMsMax: (size) => ({ 90000: 15_000 })[size],
    says: (size) => `a git history with ${size} versions of files`,
    make: corpusKinds.history,
  },
}

/** `ruby:1000`: one of the kinds and its size, which may be left out. */
export interface AskedTree {
  readonly kind: TreeKind
  readonly name: string
  readonly size: number
}

export const allTrees = 'seed,ruby:1000,ruby:18000,programs:18000,text:190,history:90000'

/** Throws what is wrong with it. */
export function askedTrees(text: string): AskedTree[] {
  return text.split(',').map((part) => {
    const [, name = '', size] = /^(\w+)(?::([1-9]\d{0,6}))?$/.exec(part) ?? []
    const kind = Object.hasOwn(treeKinds, name) ? treeKinds[name] : undefined
    if (!kind) throw new Error(`--trees ${part} is none of ${treesText()}`)
    return { kind, name: part, size: size === undefined ? kind.size : Number(size) }
  })
}

export function treesText(): string {
  return Object.entries(treeKinds)
    .map(([name, { unit }]) => (unit ? `${name}:${unit.toUpperCase()}` : name))
    .join(', ')
}

export async function makeTree({ kind, size }: AskedTree, folder: string): Promise<Tree> {
  const corpus = await kind.make(folder, size)
  const wallMsMax = kind.wallMsMax(size)
  return {
    ...corpus,
    says: kind.says(size),
    folder,
    reading: kind.reading,
    ...(wallMsMax === undefined ? {} : { wallMsMax }),
  }
}

function copyExample(folder: string): Corpus {
  cpSync(join(import.meta.dirname, '../../examples/billing'), folder, { recursive: true })
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return {
    files: files.length,
    bytes: files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0),
  }
}

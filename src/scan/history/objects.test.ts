/** Every object as we read it, beside what git itself says of it. */
import { createHash } from 'node:crypto'
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { type GitRepository, gitRepository } from '../../../test/support/git-repository.ts'
import { findRepository, type Repository } from './find-repository.ts'
import { openObjectReader } from './object-reader.ts'
import { idText } from './object-store.ts'
import { openObjectStore } from './open-object-store.ts'
import { newWork, walkChains } from './walk-chains.ts'

let repository: GitRepository
afterEach(() => repository.remove())

const typeNames = ['', 'commit', 'tree', 'blob', 'tag']

function open(folder: string): Repository {
  const found = findRepository(folder)
  if (typeof found === 'string') throw new Error(found)
  return found
}

/** `type size digest` by id, as git tells it. */
function objectsOfGit({ git }: GitRepository): Map<string, string> {
  const all = git('cat-file', '--batch-all-objects', '--batch')
  const objects = new Map<string, string>()
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf('\n', at)
    const [id = '', type = '', size = ''] = all.toString('latin1', at, end).split(' ')
    objects.set(id, row(type, all.subarray(end + 1, end + 1 + Number(size))))
    at = end + 2 + Number(size)
  }
  return objects
}

function row(type: string, content: Uint8Array): string {
  return `${type} ${content.length} ${createHash('sha256').update(content).digest('hex')}`
}

/** The same by walking all chains, and by reading each object alone in an order that suits nobody. */
function ourObjects(folder: string): { walked: Map<string, string>; single: Map<string, string>; gaps: string[] } {
  const { store, gaps } = openObjectStore(open(folder))
  const reader = openObjectReader(store)
  const walked = new Map<string, string>()
  const unread = walkChains(
    store,
    reader,
    newWork(),
    () => true,
    ({ number, type, content }) => {
      const id = idText(store, number)
      if (walked.has(id)) throw new Error(`${id} was visited twice`)
      walked.set(id, row(typeNames[type] ?? '', content))
    },
  )
  const single = new Map<string, string>()
  const numbers = Array.from({ length: store.count }, (_, number) => number)
  for (const number of numbers.sort((a, b) => ((a * 7_919) % 1_009) - ((b * 7_919) % 1_009))) {
    const object = reader.read(number)
    if (typeof object !== 'string') single.set(idText(store, number), row(typeNames[object.type] ?? '', object.content))
  }
  reader.close()
  return { walked, single, gaps: [...gaps, ...Object.entries(unread).map(([why, count]) => `${count} ${why}`)] }
}

function expectSame(): void {
  const theirs = objectsOfGit(repository)
  const { walked, single, gaps } = ourObjects(repository.folder)
  expect(gaps).toEqual([])
  expect(new Map([...walked].sort())).toEqual(theirs)
  expect(new Map([...single].sort())).toEqual(theirs)
}

/** Commits that change a few lines of large files, so that there is something to make deltas of. */
function fill({ feed, git }: GitRepository, commits: number): void {
  const lines = Array.from({ length: 400 }, (_, i) => `line ${i} of a file that changes little, ${i * 31}`)
  const stream = ['feature done\n']
  for (let i = 0; i < commits; i++) {
    lines[(i * 37) % 400] = `changed in ${i}`
    const files = { 'a/b/file.txt': lines.join('\n'), [`new/${i % 5}.txt`]: `${i}\n`.repeat(i + 1), 'empty.txt': '' }
    stream.push(`commit refs/heads/main\ncommitter C <c@example.test> ${1_700_000_000 + i} +0000\ndata 6\nchange\n`)
    if (i === 0 && git('for-each-ref').length > 0) stream.push('from refs/heads/main^0\n')
    for (const [path, text] of Object.entries(files))
      stream.push(`M 644 inline ${path}\ndata ${text.length}\n${text}\n`)
  }
  feed(`${stream.join('')}done\n`, '-c', 'fastimport.unpackLimit=100000', 'fast-import', '--quiet')
  git('tag', '-f', '-a', 'v1', '-m', 'a tag')
}

it.each(['sha1', 'sha256'])('reads loose objects of %s', (format) => {
  repository = gitRepository(`--object-format=${format}`)
  fill(repository, 12)
  expectSame()
})

it.each([
  ['offset deltas', 'sha1', ['-c', 'repack.useDeltaBaseOffset=true']],
  ['id deltas', 'sha1', ['-c', 'repack.useDeltaBaseOffset=false']],
  ['offset deltas', 'sha256', ['-c', 'repack.useDeltaBaseOffset=true']],
  ['id deltas', 'sha256', ['-c', 'repack.useDeltaBaseOffset=false']],
  ['an index of the first version', 'sha1', ['-c', 'pack.indexVersion=1']],
])('reads packs with %s of %s', (_what, format, settings) => {
  repository = gitRepository(`--object-format=${format}`)
  fill(repository, 60)
  repository.git(...settings, 'repack', '-adfq', '--depth=50', '--window=50')
  expectSame()
})

it('reads offsets beyond 31 bits, which an index keeps apart', () => {
  repository = gitRepository()
  fill(repository, 30)
  repository.git('repack', '-adfq')
  const folder = join(repository.folder, '.git/objects/pack')
  const pack = readdirSync(folder).find((name) => name.endsWith('.pack')) ?? ''
  renameSync(join(folder, pack.replace('.pack', '.idx')), join(folder, 'old'))
  // Everything from byte 1,000 on goes to the table of large offsets.
  repository.git('index-pack', '--index-version=2,1000', join('.git/objects/pack', pack))
  expectSame()
})

it('reads several packs that share objects, deltas among them, and loose objects beside', () => {
  repository = gitRepository()
  fill(repository, 20)
  repository.git('repack', '-adfq')
  fill(repository, 20)
  repository.git('repack', '-dfq')
  // A second copy of what is packed already.
  repository.feed(repository.git('rev-list', '--objects', '--all'), 'pack-objects', '-q', '.git/objects/pack/pack')
  repository.commit({ 'loose.txt': 'loose' })
  expectSame()
})

it('reads chains as deep as git makes them, and holds little meanwhile', () => {
  repository = gitRepository()
  fill(repository, 300)
  repository.git('repack', '-adfq', '--depth=4095', '--window=100')
  expectSame()
})

/** Repositories that are damaged, or made to harm: no crash, no hang, and whatever could not be read is said. */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GitRepository, gitRepository } from '../../../test/support/git-repository.ts'
import { loadKinds } from '../../keys/load-kinds.ts'
import { randomText } from '../../keys/random.ts'
import { limits } from '../../limits.ts'
import { openSecretFinder } from '../literals/find-secrets.ts'
import { applyDelta } from './delta.ts'
import { findRepository } from './find-repository.ts'
import { inflateExactly } from './inflate.ts'
import { type History, readHistory } from './read-history.ts'
import { parseIndex } from './read-index.ts'
import { scanStaged } from './scan-staged.ts'

const kinds = await loadKinds()
const finder = openSecretFinder(kinds, Date.now())

let origin: GitRepository
let work = ''
beforeAll(() => {
  origin = gitRepository()
  const secret = kinds.find(({ id }) => id === 'stripe-secret-key')?.example(randomText()) ?? ''
  const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`)
  for (let i = 0; i < 12; i++) {
    lines[i * 7] = `changed ${i}`
    origin.commit({ 'a/b.txt': lines.join('\n'), 'key.yml': i % 2 === 0 ? `key: ${secret}\n` : `none ${i}\n` })
  }
  origin.git('repack', '-adfq', '--depth=20')
  origin.commit({ 'loose.txt': 'loose', 'key.yml': 'gone\n' })
  work = mkdtempSync(join(tmpdir(), 'sallyport-hostile-'))
})
afterAll(() => {
  origin.remove()
  rmSync(work, { recursive: true, force: true })
})

let copies = 0
function copyOf(): string {
  const folder = join(work, `copy${copies++}`)
  cpSync(origin.folder, folder, { recursive: true })
  return folder
}

async function history(folder: string): Promise<History> {
  const repository = findRepository(folder)
  if (typeof repository === 'string') throw new Error(repository)
  return readHistory({ repository, kinds, finder, mask: (text) => text, dangling: true })
}

/** Files below .git that an attacker would change. */
function filesOf(folder: string): string[] {
  const git = join(folder, '.git')
  return readdirSync(git, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/hooks|description|sample/.test(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

it('reads whatever is left when bytes are changed or files are cut off anywhere, and does not throw', async () => {
  const folder = copyOf()
  const files = filesOf(folder)
  const whole = files.map((file) => readFileSync(file))
  await fc.assert(
    fc.asyncProperty(
      fc.nat(files.length - 1),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      async (index, flips, cut) => {
        const [file = '', content = Buffer.alloc(0)] = [files[index], whole[index]]
        const changed = Buffer.from(content)
        for (const [where, byte] of flips)
          if (changed.length > 0) changed[Math.floor(where * (changed.length - 1))] = byte
        rmSync(file, { force: true })
        writeFileSync(file, cut === null ? changed : changed.subarray(0, Math.floor(cut * changed.length)))
        if (typeof findRepository(folder) !== 'string') {
          const { secrets, gaps } = await history(folder)
          expect(secrets.length).toBeLessThanOrEqual(2)
          expect(gaps.every((gap) => gap.length < 500)).toBe(true)
          await scanStaged(folder, ['.']).catch((error: { code?: string }) =>
            expect(error.code).toBe('FILE_UNREADABLE'),
          )
        }
        rmSync(file, { force: true })
        writeFileSync(file, content)
      },
    ),
    { numRuns: 150 },
  )
  expect((await history(folder)).secrets).toHaveLength(1)
}, 120_000)

it('says how much a damaged pack has lost, and tells the rest', async () => {
  const folder = copyOf()
  const packs = join(folder, '.git/objects/pack')
  const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '')
  const content = readFileSync(pack)
  content.fill(0xff, 200, 260)
  rmSync(pack, { force: true })
  writeFileSync(pack, content)
  expect((await history(folder)).gaps.join()).toMatch(/\d+ objects? of the history damaged, not read/)
  rmSync(pack.replace('.pack', '.idx'), { force: true })
  expect((await history(folder)).gaps.join()).toMatch(/it has no index; the pack was not read/)
})

/** A pack of our own making, with an index of git's first version. */
function writePack(folder: string, objects: readonly { id: string; head: Buffer; body: Buffer }[]): void {
  const target = join(folder, '.git/objects/pack/pack-0000')
  const start = Buffer.concat([Buffer.from('PACK\0\0\0\u0002'), Buffer.from([0, 0, 0, objects.length])])
  let offset = start.length
  const rows = objects.map(({ id, head, body }) => {
    const row = { id, offset, bytes: Buffer.concat([head, body]) }
    offset += row.bytes.length
    return row
  })
  writeFileSync(`${target}.pack`, Buffer.concat([start, ...rows.map(({ bytes }) => bytes), Buffer.alloc(20)]))
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const fanout = Buffer.alloc(1_024)
  for (let i = 0; i < 256; i++)
    fanout.writeUInt32BE(sorted.filter(({ id }) => Number.parseInt(id.slice(0, 2), 16) <= i).length, i * 4)
  const table = sorted.map((row) => {
    const entry = Buffer.alloc(24)
    entry.writeUInt32BE(row.offset)
    entry.write(row.id, 4, 'hex')
    return entry
  })
  writeFileSync(`${target}.idx`, Buffer.concat([fanout, ...table, Buffer.alloc(40)]))
}

const idOf = (digit: string) => digit.repeat(40)
/** The head of an object that is a delta of another one, by its id; all sizes are small. */
const deltaHead = (base: string, size: number) => Buffer.concat([Buffer.from([0x70 | size]), Buffer.from(base, 'hex')])

it('leaves deltas that go around in a circle, and those of a base that is not there', async () => {
  const folder = copyOf()
  const body = deflateSync(Buffer.from([1, 1, 1, 65]))
  writePack(folder, [
    { id: idOf('a'), head: deltaHead(idOf('b'), 4), body },
    { id: idOf('b'), head: deltaHead(idOf('a'), 4), body },
    { id: idOf('c'), head: deltaHead(idOf('c'), 4), body },
    { id: idOf('d'), head: deltaHead(idOf('e'), 4), body },
  ])
  const { gaps, secrets } = await history(folder)
  expect(gaps).toEqual(['4 objects of the history damaged, not read (git fsck)'])
  expect(secrets).toHaveLength(1)
})

it('unpacks no bomb: not of a pack, not of a loose object, not of a delta', async () => {
  const folder = copyOf()
  const bomb = deflateSync(Buffer.alloc(200_000_000))
  // A blob of 14 bytes, as its head says.
  writePack(folder, [{ id: idOf('a'), head: Buffer.from([0x3e]), body: bomb }])
  mkdirSync(join(folder, '.git/objects/bb'), { recursive: true })
  writeFileSync(join(folder, '.git/objects/bb', 'b'.repeat(38)), bomb)
  const before = process.memoryUsage().rss
  expect((await history(folder)).gaps).toEqual([
    '1 object of the history damaged, not read (git fsck)',
    '1 object of the history larger than 32 MiB, or made of what is, not read',
  ])
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  expect(inflateExactly(bomb, 14)).toBeUndefined()
  expect(inflateExactly(Buffer.from([1, 2, 3]), 2_000_000_000)).toBeUndefined()
})

it('makes nothing of a delta that says too much, or is for another base', () => {
  const base = Buffer.alloc(65_536)
  const number = (value: number) => {
    const bytes: number[] = []
    for (let left = value; ; left = Math.floor(left / 128)) {
      bytes.push((left % 128) | (left >= 128 ? 0x80 : 0))
      if (left < 128) return bytes
    }
  }
  const copyAll = [0x80 | 0x40, 1]
  const huge = Buffer.from([...number(65_536), ...number(65_536 * 1_000), ...Array<number>(1_000).fill(0x80)])
  expect(applyDelta(base, huge, limits.historyObjectBytesMax)?.length).toBeUndefined()
  expect(applyDelta(base, huge, 65_536 * 1_000)?.length).toBe(65_536 * 1_000)
  expect(applyDelta(base, Buffer.from([...number(5), ...number(1), 1, 65]), 100)).toBeUndefined()
  expect(applyDelta(base, Buffer.from([...number(65_536), ...number(1), ...copyAll, 0]), 100)).toBeUndefined()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 60 }), (from, delta) => {
      const made = applyDelta(from, delta, 1_000)
      expect(made === undefined || made.length <= 1_000).toBe(true)
    }),
  )
})

it('walks a tree of trees of trees, which has more paths than there are numbers', async () => {
  const bomb = gitRepository()
  const secret = kinds.find(({ id }) => id === 'github-personal-token')?.example(randomText()) ?? ''
  let id = bomb.feed(`token: ${secret}\n`, 'hash-object', '-w', '--stdin').toString().trim()
  let sort = '100644 blob'
  for (let level = 0; level < 30; level++) {
    const rows = Array.from({ length: 10 }, (_, i) => `${sort} ${id}\tname${i}\n`).join('')
    id = bomb.feed(rows, 'mktree').toString().trim()
    sort = '040000 tree'
  }
  bomb.git('update-ref', 'refs/heads/main', bomb.git('commit-tree', '-m', 'bomb', id).toString().trim())
  const { secrets } = await history(bomb.folder)
  expect(secrets).toHaveLength(1)
  expect(secrets[0]?.paths).toHaveLength(limits.historyPathsOfOneMax)
  expect(secrets[0]?.hasMorePaths).toBe(true)
  bomb.remove()
})

it('follows no symbolic link: not of .git, not of packs, not of refs', async () => {
  const folder = join(work, 'links')
  mkdirSync(folder)
  symlinkSync(join(origin.folder, '.git'), join(folder, '.git'))
  expect(findRepository(folder)).toBe('.git is a symbolic link, which is not followed')
  const inner = copyOf()
  const packs = join(inner, '.git/objects/pack')
  rmSync(packs, { recursive: true })
  symlinkSync(join(origin.folder, '.git/objects/pack'), packs)
  expect((await history(inner)).secrets).toHaveLength(0)
  const borrowing = copyOf()
  mkdirSync(join(borrowing, '.git/objects/info'), { recursive: true })
  writeFileSync(join(borrowing, '.git/objects/info/alternates'), `${join(origin.folder, '.git/objects')}\n`)
  expect((await history(borrowing)).gaps.join()).toContain('borrows from another one')
})

it('reads any bytes as an index, or says what is wrong with it', () => {
  copyFileSync(join(origin.folder, '.git/index'), join(work, 'index'))
  const content = readFileSync(join(work, 'index'))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(content.length - 1), fc.nat(255)), { maxLength: 12 }), (flips) => {
      const changed = Buffer.from(content)
      for (const [at, byte] of flips) changed[at] = byte
      const index = parseIndex(changed, 20)
      if (typeof index === 'string') return
      for (let entry = 0; entry < Math.min(index.count, 100); entry++) index.path(entry)
    }),
    { numRuns: 2_000 },
  )
})

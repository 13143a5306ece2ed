import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { loadKinds } from '../../keys/load-kinds.ts'
import { randomText } from '../../keys/random.ts'
import { limits } from '../../limits.ts'
import { type ScanProgress, scanPaths } from '../scan-paths.ts'
import { openPrivateStore } from './private-store.ts'

let draws = 0
const random = randomText((length) => createHash('shake256', { outputLength: length }).update(String(draws++)).digest())
const stripe = (await loadKinds()).find(({ id }) => id === 'stripe-secret-key')?.example(random) ?? ''

let folder = ''
let cacheFolder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-cached-'))
  cacheFolder = join(mkdtempSync(join(tmpdir(), 'sallyport-cache-')), 'scan')
  for (let i = 0; i < 60; i++) {
    write(`app${i % 5}/Gemfile`, '')
    write(`app${i % 5}/key${i}.rb`, `def key${i} = ENV['STRIPE_API_KEY']\n`)
    write(`app${i % 5}/app${i}.rb`, `require 'sinatra'\nrequire_relative 'key${i}'\nget('/') { key${i} }\n`)
  }
  write('config/keys.yml', `key: ${stripe}\n`)
  write('lib/keys.rb', `KEY = '${stripe}'\n`)
  write(`lib/${stripe}.rb`, `def ${stripe} = 1\n${stripe}()\nrequire '${stripe}'\nX = '${stripe}'\n`)
  write('broken.rb', 'def (\n')
  settle()
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const path of [folder, join(cacheFolder, '..')]) rmSync(path, { recursive: true })
})

function write(path: string, content: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

/** As if everything had been written long ago: the clock of the scans is ahead. */
function settle(): void {
  const now = Date.now() + 2 * limits.scanCacheSettledMs
  vi.spyOn(Date, 'now').mockReturnValue(now)
}

const scanned = (options = {}) => scanPaths(folder, ['.'], { takesIgnored: false, jobs: 0, ...options })
const cached = (options = {}) => scanned({ cacheFolder, ...options })
const filesOfCache = () => readdirSync(cacheFolder).filter((name) => name !== 'key')

it('gives with a cache what it gives without, the first time, the second, and after every change', async () => {
  const same = async () => expect(JSON.stringify(await cached())).toBe(JSON.stringify(await scanned()))
  await same()
  await same()
  write('app1/key1.rb', "def key1 = 'none'\n")
  await same()
  rmSync(join(folder, 'app2/key2.rb'))
  await same()
  write('app3/new.rb', "require 'sinatra'\nget('/new') { ENV['STRIPE_API_KEY'] }\n")
  await same()
  chmodSync(join(folder, 'config/keys.yml'), 0o600)
  await same()
  write('app1/key1.rb', "def key1 = ENV['STRIPE_API_KEY']\n")
  await same()
  utimesSync(join(folder, 'app4/key4.rb'), 1, 1)
  await same()
  await same()
}, 60_000)

it('does not take a report for a file that was written with the same size and times', async () => {
  const path = join(folder, 'app1/key1.rb')
  utimesSync(path, 1, 1)
  await cached()
  const text = readFileSync(path, 'utf8').replace("ENV['STRIPE_API_KEY']", "'nothing to be seen'.")
  writeFileSync(path, text.padEnd(statSync(path).size, '\n').slice(0, statSync(path).size))
  utimesSync(path, 1, 1)
  expect(JSON.stringify(await cached())).toBe(JSON.stringify(await scanned()))
})

it('neither reads nor follows again what has not changed', async () => {
  const done = async () => {
    const last: ScanProgress[] = []
    await cached({ onProgress: (progress: ScanProgress) => last.splice(0, 1, { ...progress }) })
    return last[0]
  }
  expect(await done()).toEqual({ files: 129, examined: 129, reused: 0, programs: 66, followed: 66 })
  // A name in one of them is a key: it is not kept.
  expect(await done()).toEqual({ files: 129, examined: 1, reused: 128, programs: 0, followed: 0 })
  write('app1/key1.rb', 'def key1 = 2\n')
  expect(await done()).toEqual({ files: 129, examined: 2, reused: 127, programs: 1, followed: 1 })
})

it('holds no secret, and nobody else may read it', async () => {
  await cached()
  expect(statSync(cacheFolder).mode & 0o777).toBe(0o700)
  expect(filesOfCache().length).toBe(2)
  for (const name of readdirSync(cacheFolder)) {
    expect(statSync(join(cacheFolder, name)).mode & 0o777).toBe(0o600)
    const bytes = readFileSync(join(cacheFolder, name))
    for (const encoding of ['utf8', 'utf16le'] as const)
      expect(bytes.includes(Buffer.from(stripe, encoding))).toBe(false)
    expect(bytes.includes(stripe.slice(-12))).toBe(false)
  }
})

it('takes nothing from a cache that is damaged, foreign or of another folder’s key', async () => {
  const expected = JSON.stringify(await cached())
  const again = async () => expect(JSON.stringify(await cached())).toBe(expected)
  for (const name of filesOfCache()) {
    // Whoever has not the key cannot make us say something else.
    const said = readFileSync(join(cacheFolder, name))
    const at = said.indexOf('is written in')
    if (at !== -1) writeFileSync(join(cacheFolder, name), said.fill('x', at, at + 10))
    await again()
    const path = join(cacheFolder, name)
    const good = readFileSync(path)
    for (const at of [0, good.length - 1]) {
      writeFileSync(
        path,
        good.map((byte, place) => (place === at ? byte ^ 1 : byte)),
      )
      await again()
    }
    writeFileSync(path, good.subarray(0, 100))
    await again()
    rmSync(path)
    mkdirSync(path)
    await again()
    rmSync(path, { recursive: true })
    symlinkSync('/dev/zero', path)
    await again()
  }
  writeFileSync(join(cacheFolder, 'key'), 'short')
  await again()
  rmSync(cacheFolder, { recursive: true })
  await again()
}, 60_000)

it('is shared by two scans at once', async () => {
  const expected = JSON.stringify(await scanned())
  for (const result of await Promise.all([cached({ jobs: 1 }), cached({ jobs: 1 }), cached()]))
    expect(JSON.stringify(result)).toBe(expected)
  expect(JSON.stringify(await cached())).toBe(expected)
  expect(readdirSync(cacheFolder).filter((name) => name.includes('half') || name.startsWith('key.'))).toEqual([])
}, 60_000)

it('writes nothing inside of what is scanned', async () => {
  await cached({ cacheFolder: join(folder, 'cache') })
  expect(readdirSync(folder)).not.toContain('cache')
})

it('is not opened in a folder that others may enter', () => {
  mkdirSync(cacheFolder, { recursive: true, mode: 0o755 })
  chmodSync(cacheFolder, 0o755)
  expect(openPrivateStore(cacheFolder)).toBeUndefined()
  chmodSync(cacheFolder, 0o700)
  expect(openPrivateStore(cacheFolder)).toBeDefined()
})

it('lets go what was not used for longest', () => {
  const store = openPrivateStore(cacheFolder)
  vi.spyOn(limits, 'scanCacheBytesMax', 'get').mockReturnValue(25_000 as never)
  for (let i = 0; i < 5; i++) {
    store?.write(`v${i}`, Buffer.alloc(10_000))
    utimesSync(join(cacheFolder, `v${i}`), i + 1, i + 1)
  }
  store?.write('last', 1)
  expect(filesOfCache().sort()).toEqual(['last', 'v3', 'v4'])
})

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadKinds } from '../../src/keys/load-kinds.ts'
import { randomText } from '../../src/keys/random.ts'
import { limits } from '../../src/limits.ts'
import { type ScanOptions, scanPaths } from '../../src/scan/scan-paths.ts'

let draws = 0
const random = randomText((length) => createHash('shake256', { outputLength: length }).update(String(draws++)).digest())
const stripe = (await loadKinds()).find(({ id }) => id === 'stripe-secret-key')
const leaky = "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }\n"

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-scan-'))
})
afterEach(() => {
  execFileSync('chmod', ['-R', 'u+rwx', folder])
  rmSync(folder, { recursive: true })
})

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

const scanned = (options: Partial<ScanOptions> = {}) => scanPaths(folder, ['.'], { takesIgnored: false, ...options })

const placesOf = ({ findings }: Awaited<ReturnType<typeof scanPaths>>) =>
  findings.map(({ rule, at }) => ('file' in at ? `${at.file}:${at.line}:${at.column} ${rule}` : rule))

it('gives the same with any number of threads, and every time', async () => {
  for (let i = 0; i < 40; i++) {
    write(`app${i % 7}/Gemfile`, '')
    write(`app${i % 7}/lib/part${i}.rb`, `def key${i} = ENV['STRIPE_API_KEY']\n`)
    write(`app${i % 7}/route${i}.rb`, `require 'sinatra'\nrequire_relative 'lib/part${i}'\nget('/') { key${i} }\n`)
    write(`config/${i}.yml`, `key: ${stripe?.example(random)}\n`)
    write(`broken/${i}.rb`, 'def (\n')
  }
  const alone = JSON.stringify(await scanned({ jobs: 1 }))
  expect(JSON.parse(alone).findings.length).toBe(80)
  for (const jobs of [2, 4, 2]) expect(JSON.stringify(await scanned({ jobs }))).toBe(alone)
}, 120_000)

it('gives the same for a small tree with threads as without', async () => {
  write('app.rb', leaky)
  write('broken.rb', 'def (\n')
  expect(JSON.stringify(await scanned({ jobs: 2 }))).toBe(JSON.stringify(await scanned()))
})

it('finds a key in a file larger than what is held of it, at its line and column, once', async () => {
  const key = stripe?.example(random) ?? ''
  const line = `${'x'.repeat(99)}\n`
  const atWindow = limits.scanWindowBytes - 10
  const before = line.repeat(Math.floor(atWindow / 100)) + ' '.repeat(atWindow % 100)
  write('dump.sql', `${before}${key}\n${line.repeat(20_000)}${key.replace('live', 'test')}\n`)
  const result = await scanned()
  const row = Math.floor(atWindow / 100) + 1
  expect(placesOf(result)).toEqual([
    `dump.sql:${row}:${(atWindow % 100) + 1} key-literal`,
    `dump.sql:${row + 20_001}:1 key-literal`,
  ])
})

it('reads a hostile tree to its end, and says what it did not read', async () => {
  write('app.rb', leaky)
  symlinkSync('.', join(folder, 'loop'))
  symlinkSync('/', join(folder, 'root'))
  symlinkSync('app.rb', join(folder, 'again.rb'))
  linkSync(join(folder, 'app.rb'), join(folder, 'hard.rb'))
  execFileSync('mkfifo', [join(folder, 'pipe.rb')])
  write('sparse.rb', '')
  truncateSync(join(folder, 'sparse.rb'), 2 ** 40)
  write('name\nwith \u001b[31mescapes.rb', leaky)
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xe9, 0x2e, 0x72, 0x62)]), leaky)
  write('wide.rb', Buffer.from(`\ufeff${leaky}`, 'utf16le'))
  let deep = folder
  for (let i = 0; i < limits.scanDepthMax + 2; i++) {
    deep = join(deep, 'd')
    mkdirSync(deep)
  }
  const result = await scanned()
  expect(placesOf(result).map((place) => place.replace(/:.*/s, ''))).toEqual([
    '\\xe9.rb',
    'app.rb',
    'hard.rb',
    'name\nwith \u001b[31mescapes.rb',
    'wide.rb',
  ])
  expect(result.gaps.filter((gap) => !gap.startsWith('d/')).sort()).toEqual([
    'pipe.rb: neither a file nor a folder, not read',
    'sparse.rb: larger than 256 MiB, not read',
  ])
  expect(result.measured).toContainEqual(['symbolic links, not followed', '3'])
  expect(result.gaps.filter((gap) => gap.startsWith('d/'))).toHaveLength(1)
})

it('finds the same in an app that five hundred harmless files stand beside', async () => {
  write('app.rb', `require 'sinatra'\nrequire_relative 'lib/keys'\nget('/') { Keys.stripe }\n`)
  write('lib/keys.rb', "module Keys\n  def self.stripe = ENV.fetch('STRIPE_API_KEY')\nend\n")
  write('config/settings.yml', `stripe: ${stripe?.example(random)}\n`)
  const told = async () =>
    (await scanned()).findings.map(({ rule, at, fingerprint, path }) => ({ rule, at, fingerprint, path }))
  const before = await told()
  expect(before.map(({ rule }) => rule)).toEqual(['key-in-response', 'key-literal'])
  for (let i = 0; i < 500; i++)
    write(
      `lib/part${i % 9}/file${i}.rb`,
      `module Part${i}\n  class Thing${i}\n    def stripe(order) = order.total * ${i}\n    def call(params) = stripe(params.fetch(:order))\n  end\nend\n`,
    )
  expect(await told()).toEqual(before)
}, 60_000)

it('reads a tree of 50,000 files, and finds the one leak and the one key in it', async () => {
  for (let i = 0; i < 50_000; i++)
    write(`part${i % 250}/file${i}.${i % 10 === 0 ? 'rb' : 'txt'}`, `value_${i} = ${i}\n`)
  write('part77/app.rb', leaky)
  write('part99/settings.yml', `key: ${stripe?.example(random)}\n`)
  const { findings, gaps, measured } = await scanned({ jobs: 2 })
  expect(findings.map(({ rule, at }) => `${rule} ${'file' in at ? at.file : ''}`)).toEqual([
    'key-in-response part77/app.rb',
    'key-literal part99/settings.yml',
  ])
  expect(gaps).toEqual([])
  expect(Object.fromEntries(measured)).toMatchObject({ files: '50002', 'ruby files': '5001' })
}, 180_000)

it('names files of folders elsewhere apart, and takes one that is asked for twice once', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'sallyport-elsewhere-'))
  try {
    for (const name of ['one', 'two', 'two/inner']) {
      mkdirSync(join(elsewhere, name), { recursive: true })
      writeFileSync(join(elsewhere, name, 'app.rb'), leaky)
    }
    write('app.rb', leaky)
    const found = async (...paths: string[]) =>
      placesOf(await scanPaths(folder, paths)).map((place) => place.split(':')[0])
    const [one, two] = [join(elsewhere, 'one'), join(elsewhere, 'two')]
    expect(await found(one)).toEqual(['app.rb'])
    expect(await found(one, two)).toEqual(['one/app.rb', 'two/app.rb', 'two/inner/app.rb'])
    expect(await found('.', join(one, 'app.rb'), join(two, 'app.rb'))).toEqual(['app.rb', 'one/app.rb', 'two/app.rb'])
    expect(await found(two, join(two, 'inner'))).toEqual(['two/app.rb', 'two/inner/app.rb'])
    expect(await found('.', 'app.rb')).toEqual(['app.rb'])
  } finally {
    rmSync(elsewhere, { recursive: true })
  }
})

it('says so where a name as it is shown hides a file that is not called by it', async () => {
  write('a\\x80.rb', "puts 'a decoy'\n")
  writeFileSync(Buffer.concat([Buffer.from(join(folder, 'a')), Buffer.from([0x80]), Buffer.from('.rb')]), leaky)
  const { gaps } = await scanned()
  expect(gaps).toEqual(['a\\x80.rb: another file is shown by the same name, not read'])
})

it('reads source in which somebody has put a NUL', async () => {
  write('app.rb', `${leaky}# \0\n`)
  write('begin.rb', `#\0\n${leaky}`)
  write('views/index.erb', '<%= ENV["STRIPE_API_KEY"] %>\0')
  write('image.png', `\x89PNG\0\0${leaky}`)
  const { gaps, measured } = await scanned()
  expect(placesOf(await scanned())).toContain('app.rb:2:12 key-in-response')
  expect(Object.fromEntries(measured)).toMatchObject({ 'ruby files': '3', 'binary files, not read': '1' })
  expect(gaps).toEqual([])
})

it('says that it does not follow more source than it can hold, and searches the rest for keys all the same', async () => {
  const before = limits.scanSourceFilesMax
  Object.assign(limits, { scanSourceFilesMax: 10 })
  try {
    for (let i = 0; i < 60; i++) write(`part${String(i).padStart(2, '0')}.rb`, leaky)
    for (let i = 0; i < 60; i++) write(`text${i}.txt`, 'nothing')
    write('z.rb', `KEY = '${stripe?.example(random)}'\n`)
    const outcomes = []
    for (const jobs of [1, 3]) outcomes.push(await scanned({ jobs }))
    const [one] = outcomes
    expect(outcomes[1]).toEqual(one)
    expect(one?.gaps).toEqual(['more than 10 files of source: the rest was searched for keys, not followed'])
    expect(Object.fromEntries(one?.measured ?? [])).toMatchObject({ files: '121', 'ruby files': '10' })
    expect(one && placesOf(one).map((place) => place.replace(/:.* /, ' '))).toEqual([
      ...Array.from({ length: 10 }, (_, i) => `part0${i}.rb key-in-response`),
      'z.rb key-literal',
    ])
  } finally {
    Object.assign(limits, { scanSourceFilesMax: before })
  }
})

it('says which files and folders it may not read', () => {
  write('app.rb', leaky)
  write('closed/x.rb', leaky)
  write('secret.rb', leaky)
  chmodSync(join(folder, 'closed'), 0)
  chmodSync(join(folder, 'secret.rb'), 0)
  chmodSync(folder, 0o755)
  const main = join(import.meta.dirname, '../../src/cli/main.ts')
  const command = [process.execPath, main, 'scan', '--format', 'json', '--fail-on', 'never']
  // Nothing is closed to root.
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command]
  const [program = '', ...args] = process.geteuid?.() === 0 ? asNobody : command
  const { gaps } = JSON.parse(execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }))
  expect(gaps.sort()).toEqual([
    'closed: the folder could not be read (EACCES)',
    'secret.rb: could not be read (EACCES)',
  ])
})

it('goes on when files vanish, change and become folders while it reads', async () => {
  for (let i = 0; i < 600; i++) write(`a${i}.rb`, leaky)
  const scan = scanned({ jobs: 2 })
  for (let i = 0; i < 600; i += 3) rmSync(join(folder, `a${i}.rb`))
  for (let i = 1; i < 600; i += 3) renameSync(join(folder, `a${i}.rb`), join(folder, `b${i}.rb`))
  for (let i = 2; i < 600; i += 3) write(`a${i}.rb`, `${leaky}${leaky}`)
  for (let i = 0; i < 600; i += 3) mkdirSync(join(folder, `a${i}.rb`))
  await expect(scan).resolves.toBeDefined()
})

it('reads what .gitignore leaves out when it is asked to', async () => {
  write('.gitignore', '*.rb\n')
  write('app.rb', leaky)
  expect(placesOf(await scanned())).toEqual([])
  expect(placesOf(await scanned({ takesIgnored: true }))).toEqual(['app.rb:2:12 key-in-response'])
})

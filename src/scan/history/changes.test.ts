/** What is told of a repository's changes: staged, since a branch was left, and in the history beside the files. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GitRepository, gitRepository } from '../../../test/support/git-repository.ts'
import { loadKinds } from '../../keys/load-kinds.ts'
import { randomText } from '../../keys/random.ts'
import { scanPaths } from '../scan-paths.ts'
import { findRepository } from './find-repository.ts'
import { readIndex } from './read-index.ts'
import { scanStaged } from './scan-staged.ts'

const kinds = await loadKinds()
const random = randomText()

let repository: GitRepository
beforeEach(() => {
  repository = gitRepository()
})
afterEach(() => repository.remove())

function key(id = 'stripe-secret-key'): string {
  const kind = kinds.find((one) => one.id === id)
  if (!kind) throw new Error(`no kind ${id}`)
  return kind.example(random)
}

type Told = Awaited<ReturnType<typeof scanPaths>>

function places({ findings }: Told): string[] {
  return findings.map(({ rule, at }) => `${rule} ${'file' in at ? `${at.file}:${at.line}` : ''}`)
}

const staged = async (...paths: string[]) => scanStaged(repository.folder, paths.length > 0 ? paths : ['.'])
const since = async (ref: string) => scanPaths(repository.folder, ['.'], { takesIgnored: false, since: ref })
const history = async () => scanPaths(repository.folder, ['.'], { takesIgnored: false, history: { dangling: false } })

describe('staged', () => {
  it('tells what is staged, and neither what HEAD has nor what is only in the files', async () => {
    const old = key()
    repository.commit({ 'a/old.yml': `key: ${old}\n`, 'b.yml': 'b\n', 'c.yml': 'c\n' })
    expect(places(await staged())).toEqual([])
    repository.write({ 'a/old.yml': `# more\nkey: ${old}\nother: ${key()}\n`, 'b.yml': `key: ${key()}\n` })
    repository.git('add', '-A')
    repository.write({ 'c.yml': `key: ${key()}\n`, 'b.yml': 'taken out, but still staged\n' })
    expect(places(await staged())).toEqual(['key-literal a/old.yml:3', 'key-literal b.yml:1'])
    expect(places(await staged('a'))).toEqual(['key-literal a/old.yml:3'])
  })

  it('tells another key in the place of one, and nothing of a file that only moved', async () => {
    const moved = key()
    repository.commit({ 'a.yml': `key: ${key()}\n`, 'd/b.yml': `key: ${moved}\n` })
    repository.write({ 'a.yml': `key: ${key()}\n`, 'c.yml': `key: ${moved}\n` })
    repository.git('rm', '-q', 'd/b.yml')
    repository.git('add', '-A')
    expect(places(await staged())).toEqual(['key-literal a.yml:1'])
  })

  it('works before the first commit, and obeys comments', async () => {
    repository.write({ 'a.rb': `KEY = '${key()}'\nB = '${key()}' # sallyport: allow key-literal -- made up\n` })
    repository.git('add', '-A')
    const told = await staged()
    expect(places(told)).toEqual(['key-literal a.rb:1'])
    expect(told.suppressed).toHaveLength(1)
  })

  it.each([
    ['2', []],
    ['3', ['intent']],
    ['4', []],
    ['4', ['intent']],
  ])('reads an index of version %s %j', async (version, extra) => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i % 7}/ü${i % 3}/file${i}.txt`, `${i}`]))
    repository.commit(files)
    repository.write({ 'f3/ü1/new.yml': `key: ${key()}\n` })
    repository.git('add', '-A')
    repository.write({ 'later.txt': 'x' })
    if (extra.length > 0) repository.git('add', '-N', 'later.txt')
    repository.git('update-index', '--index-version', version)
    expect(places(await staged())).toEqual(['key-literal f3/ü1/new.yml:1'])
    const found = findRepository(repository.folder)
    if (typeof found === 'string') throw new Error(found)
    const index = readIndex(found)
    if (typeof index === 'string') throw new Error(index)
    const ours = Array.from({ length: index.count }, (_, entry) => `${index.id(entry)} ${index.path(entry)}`)
    const theirs = repository.git('-c', 'core.quotePath=false', 'ls-files', '-s').toString().trimEnd().split('\n')
    expect(ours).toEqual(theirs.map((line) => line.replace(/^\d+ (\w+) \d\t/, '$1 ')))
  })

  it('says that a split index is not read', async () => {
    repository.commit({ 'a.txt': 'a' })
    repository.git('update-index', '--split-index')
    await expect(staged()).rejects.toThrow('split')
  })
})

describe('since', () => {
  const leak = (name: string) => `require 'sinatra'\nget('/${name}') { ENV['STRIPE_API_KEY'] }\n`

  it('tells findings of changed files alone, and secrets that a commit added and another took out', async () => {
    repository.commit({ 'old.rb': leak('old'), 'x.yml': `key: ${key()}\n` })
    repository.git('checkout', '-q', '-b', 'side')
    repository.commit({ 'new.rb': leak('new') })
    const added = repository.commit({ 'conf/y.yml': `# y\nkey: ${key()}\n` })
    repository.commit({ 'conf/y.yml': 'key: none\n' })
    const told = await since('main')
    expect(places(told)).toEqual(['key-in-history conf/y.yml:2', 'key-in-response new.rb:2'])
    expect(told.findings[0]?.message).toContain(`Commit ${added.slice(0, 12)} of 2023-`)
    expect(told.gaps).toEqual([])
  })

  it('counts from where the branch was left, not from what the other one has now', async () => {
    repository.commit({ 'a.rb': leak('a'), 'b.rb': "require 'sinatra'\n" })
    repository.git('checkout', '-q', '-b', 'side')
    repository.commit({ 'b.rb': leak('b') })
    repository.git('checkout', '-q', 'main')
    repository.commit({ 'a.rb': `${leak('a')}# changed on main\n`, 'main.yml': `key: ${key()}\n` })
    repository.git('checkout', '-q', 'side')
    expect(places(await since('main'))).toEqual(['key-in-response b.rb:2'])
    repository.git('merge', '-q', '--no-edit', 'main')
    expect(places(await since('main'))).toEqual(['key-in-response b.rb:2'])
  })

  it('counts what is not committed yet, and tells a key that is still there once', async () => {
    repository.commit({ 'a.rb': "require 'sinatra'\n" })
    const added = repository.commit({ 'k.yml': `key: ${key()}\n` })
    repository.write({ 'a.rb': leak('a') })
    const told = await since('HEAD~1')
    expect(places(told)).toEqual(['key-in-response a.rb:2', 'key-literal k.yml:1'])
    expect(told.findings[1]?.evidence?.join()).toContain(`added by commit ${added.slice(0, 12)}`)
  })

  it.each(['v1', 'v1^{}', 'refs/tags/v1', 'heads/side', 'origin/main', 'HEAD~2', 'HEAD^^', '@~1~1', 'ID', 'SHORT'])(
    'knows the commit by %s',
    async (name) => {
      const id = repository.commit({ 'a.txt': 'a' })
      repository.git('tag', '-a', 'v1', '-m', 'one')
      repository.git('branch', 'side')
      repository.git('update-ref', 'refs/remotes/origin/main', id)
      repository.commit({ 'a.txt': 'b' })
      repository.commit({ 'a.txt': 'c' })
      const given = name === 'ID' ? id : name === 'SHORT' ? id.slice(0, 9) : name
      if (name === 'v1^{}') await expect(since(given)).rejects.toThrow('is no branch, tag or commit')
      else expect((await since(given)).measured.at(-1)).toEqual([`commits since ${given}`, '2'])
    },
  )

  it('refuses a name that means nothing, and says when the commit is not here', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    repository.commit({ 'a.txt': 'b' })
    await expect(since('nowhere')).rejects.toThrow('--since nowhere: is no branch, tag or commit of this repository')
    await expect(since('HEAD~7')).rejects.toThrow('goes back further than the history that is here')
    repository.git('clone', '-q', '--depth=1', `file://${repository.folder}`, 'shallow')
    const folder = join(repository.folder, 'shallow')
    await expect(scanPaths(folder, ['.'], { takesIgnored: false, since: first })).rejects.toThrow('a shallow clone?')
  })
})

describe('history beside the files', () => {
  it('tells a key that is still in a file there, with its history, and one that is not by itself', async () => {
    const kept = key()
    const first = repository.commit({ 'old.rb': `KEY = '${kept}'\n`, 'b.yml': `key: ${key()}\n` })
    const last = repository.commit({ 'old.rb': undefined, 'b.yml': 'none\n', 'new.rb': `\nkey = '${kept}'\n` })
    const told = await history()
    expect(places(told)).toEqual(['key-in-history b.yml:1', 'key-literal new.rb:2'])
    const evidence = told.findings[1]?.evidence?.join() ?? ''
    expect(evidence).toContain(`first in commit ${first.slice(0, 12)} of 2023-`)
    expect(evidence).toContain(`last in ${last.slice(0, 12)} of 2023-`)
    expect(evidence).toContain('also as old.rb')
    expect(JSON.stringify(told)).not.toContain(kept)
  })

  it('says nothing of a key that a comment in the file allows', async () => {
    repository.commit({ 'a.rb': `key = '${key()}' # sallyport: allow key-literal -- made up\n` })
    const told = await history()
    expect(told.findings).toEqual([])
    expect(told.suppressed).toHaveLength(1)
  })

  it('names files relative to where it is run, and masks a key that is a part of a name', async () => {
    const secret = key()
    repository.commit({ 'app/a.yml': `key: ${key()}\n`, [`app/${secret}.txt`]: 'x' })
    repository.commit({ 'app/a.yml': 'none', [`app/${secret}.txt`]: undefined })
    mkdirSync(join(repository.folder, 'app'), { recursive: true })
    const told = await scanPaths(join(repository.folder, 'app'), ['.'], {
      takesIgnored: false,
      history: { dangling: false },
    })
    expect(places(told).filter((place) => place.includes('a.yml'))).toEqual(['key-in-history a.yml:1'])
    expect(told.findings).toHaveLength(2)
    expect(JSON.stringify(told.findings)).not.toContain(secret)
  })
})

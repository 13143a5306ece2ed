import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GitRepository, gitRepository } from '../../../test/support/git-repository.ts'
import type { KeyKind } from '../../keys/kind.ts'
import { loadKinds } from '../../keys/load-kinds.ts'
import { randomText } from '../../keys/random.ts'
import { openSecretFinder } from '../literals/find-secrets.ts'
import { findRepository } from './find-repository.ts'
import { type History, readHistory } from './read-history.ts'

const kinds = await loadKinds()
const random = randomText()
const finder = openSecretFinder(kinds, Date.now())

let repository: GitRepository
beforeEach(() => {
  repository = gitRepository()
})
afterEach(() => repository.remove())

function key(id = 'stripe-secret-key'): string {
  const kind = kinds.find((one: KeyKind) => one.id === id)
  if (!kind) throw new Error(`no kind ${id}`)
  return kind.example(random)
}

async function history(options: { dangling?: boolean; threads?: number; folder?: string } = {}): Promise<History> {
  const found = findRepository(options.folder ?? repository.folder)
  if (typeof found === 'string') throw new Error(found)
  return readHistory({
    repository: found,
    kinds,
    finder,
    mask: (text) => text,
    dangling: options.dangling ?? false,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  })
}

/** What people would compare: no text of the secret, no digest of the run. */
function told({ secrets }: History) {
  return secrets.map(({ literal, where, first, last, paths, isInHead, isReachable }) => ({
    kind: literal.kind?.id,
    at: `${literal.file.path}:${literal.file.text.slice(0, literal.start).split('\n').length}`,
    where,
    first: first?.id,
    last: last?.id,
    authored: first?.authored,
    paths,
    isInHead,
    isReachable,
  }))
}

it('tells a secret once, with its first and last commit, times, and every path it had', async () => {
  const secret = key()
  repository.commit({ 'README.md': 'nothing' })
  const first = repository.commit({ 'config/a.yml': `stripe: ${secret}\n` })
  repository.commit({ 'config/a.yml': `one: more\nstripe: ${secret}\n` })
  repository.commit({ 'config/a.yml': undefined, 'b.yml': `one: more\nand: more\nstripe: ${secret}\n` })
  const last = repository.commit({ 'README.md': 'something' })
  repository.commit({ 'b.yml': 'stripe: none\n' })
  expect(told(await history())).toEqual([
    {
      kind: 'stripe-secret-key',
      at: 'b.yml:3',
      where: 'file',
      first,
      last,
      authored: expect.stringMatching(/^2023-11-\d\dT\d\d:\d\d:\d\d\+01:30$/),
      paths: ['b.yml', 'config/a.yml'],
      isInHead: false,
      isReachable: true,
    },
  ])
})

it('follows branches, merges, tags of deleted branches, notes and the stash', async () => {
  const secrets = Object.fromEntries(['branch', 'tag', 'note', 'stash'].map((name) => [name, key()]))
  repository.commit({ 'a.txt': 'a' })
  repository.git('checkout', '-q', '-b', 'side')
  repository.commit({ 'side.txt': `${secrets.branch}\n` })
  repository.commit({ 'side.txt': 'gone' })
  repository.git('checkout', '-q', 'main')
  repository.commit({ 'b.txt': 'b' })
  repository.git('merge', '-q', '--no-edit', 'side')
  repository.git('checkout', '-q', '--detach')
  repository.commit({ 'tagged.txt': `${secrets.tag}\n` })
  repository.git('tag', '-a', 'v1', '-m', 'first')
  repository.git('checkout', '-q', 'main')
  repository.git('notes', 'add', '-m', `see ${secrets.note}`)
  repository.write({ 'a.txt': `${secrets.stash}\n` })
  repository.git('stash', '-q')
  repository.git('reflog', 'expire', '--expire=now', 'HEAD', 'refs/heads/main')
  const found = await history()
  expect(found.gaps).toEqual([])
  expect(found.secrets.map(({ literal: { file, start, end } }) => file.text.slice(start, end)).sort()).toEqual(
    Object.values(secrets).sort(),
  )
})

it('searches messages of commits and tags, and names of files', async () => {
  repository.commit({ 'a.txt': 'a' }, `use ${key()}`)
  repository.git('tag', '-a', 'v1', '-m', `with ${key('github-personal-token')}`)
  const name = `dump-${'x'} ${key('sendgrid-api-key')}.txt`
  const named = repository.commit({ [`folder/${name}`]: 'a' })
  const found = told(await history())
  expect(found.map(({ where }) => where).sort()).toEqual(['commit message', 'file name', 'tag message'])
  expect(found.find(({ where }) => where === 'file name')).toMatchObject({ first: named, isInHead: true })
})

it('keeps what only a reflog leads to, and tells the rest with --dangling alone', async () => {
  repository.commit({ 'a.txt': 'a' })
  const lost = repository.commit({ 'a.txt': `${key()}\n` })
  repository.git('reset', '-q', '--hard', 'HEAD~1')
  expect(told(await history())).toMatchObject([{ first: lost, isReachable: true, isInHead: false }])
  repository.git('reflog', 'expire', '--expire=now', '--all')
  repository.git('update-ref', '-d', 'ORIG_HEAD')
  const without = await history()
  expect(without.secrets).toEqual([])
  expect(without.gaps).toEqual(['1 secret only in objects that no branch, tag or reflog names: --dangling tells them'])
  expect(told(await history({ dangling: true }))).toMatchObject([{ first: lost, last: lost, isReachable: false }])
})

it('tells with --dangling what was staged once and never committed', async () => {
  repository.commit({ 'a.txt': 'a' })
  repository.write({ 'a.txt': `${key()}\n` })
  repository.git('add', '-A')
  repository.write({ 'a.txt': 'a' })
  repository.git('add', '-A')
  expect(told(await history({ dangling: true }))).toMatchObject([{ first: undefined, paths: [], isReachable: false }])
})

describe.each(['sha1', 'sha256'])('with %s', (format) => {
  it('gives the same from loose objects, from packs, and with any number of threads', async () => {
    repository.remove()
    repository = gitRepository(`--object-format=${format}`)
    const secret = key()
    for (let i = 0; i < 25; i++) {
      const lines = Array.from({ length: 300 }, (_, line) => `line ${line} is ${line === i ? i : 'as it was'}`)
      if (i > 5 && i < 15) lines[200] = `key: ${secret}`
      repository.commit({ 'config.txt': lines.join('\n'), 'other.txt': `${i}`, 'x/other.txt': `${i % 3}` })
    }
    const loose = told(await history())
    expect(loose).toHaveLength(1)
    repository.git('repack', '-adfq', '--depth=50')
    for (const threads of [0, 1, 3]) expect(told(await history({ threads }))).toEqual(loose)
  })
})

it('finds a repository from below, bare, in a worktree and in a submodule, and follows no .git that leads elsewhere', async () => {
  const secret = key()
  repository.commit({ 'deep/er/a.txt': `${secret}\n` })
  expect((await history({ folder: join(repository.folder, 'deep/er') })).secrets).toHaveLength(1)
  repository.git('clone', '-q', '--bare', '.', 'bare.git')
  expect((await history({ folder: join(repository.folder, 'bare.git') })).secrets).toHaveLength(1)
  repository.git('worktree', 'add', '-q', 'tree', '-b', 'other')
  expect((await history({ folder: join(repository.folder, 'tree') })).secrets).toHaveLength(1)
  repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', './bare.git', 'sub')
  expect((await history({ folder: join(repository.folder, 'sub') })).secrets).toHaveLength(1)
  const liar = gitRepository()
  liar.git('config', 'x.y', 'z')
  writeFileSync(join(repository.folder, 'deep/.git'), `gitdir: ${join(liar.folder, '.git')}\n`)
  expect(findRepository(join(repository.folder, 'deep'))).toMatch(/does not name this folder in turn/)
  liar.remove()
})

it('says what a shallow clone and a partial clone do not have', async () => {
  for (let i = 0; i < 3; i++) repository.commit({ 'a.txt': `${i}` })
  repository.git('config', 'uploadpack.allowFilter', 'true')
  repository.git('clone', '-q', '--depth=1', `file://${repository.folder}`, 'shallow')
  expect((await history({ folder: join(repository.folder, 'shallow') })).gaps).toEqual([
    'a shallow clone: what was before 1 of its commits is not here (git fetch --unshallow)',
  ])
  repository.git('clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repository.folder}`, 'partial')
  expect((await history({ folder: join(repository.folder, 'partial') })).gaps).toEqual([
    '3 objects of the history not here, not read: a partial clone',
  ])
})

it('finds in chains of deltas, where only what is near changes is searched, what it finds in whole versions', async () => {
  const lines = Array.from({ length: 120 }, (_, i) => `# line ${i} of a file with some text in it`)
  const draw = [
    () => `password: ${key('database-url')}`,
    () => `stripe: ${key()}`,
    () => 'aws_secret_access_key:',
    () => `  '${key('aws-secret-access-key')}'`,
    () => key('private-key'),
    () => '-----BEGIN PRIVATE KEY-----',
    () => '# nothing',
    () => `token = "${key('github-personal-token')}"`,
    () => `${key('twilio-api-key-secret')}`,
  ]
  let seed = 11
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let i = 0; i < 70; i++) {
    for (let edits = 0; edits <= random(3); edits++) {
      const line = draw[random(draw.length)]?.() ?? ''
      lines.splice(random(lines.length), random(3), ...line.split('\n'))
    }
    if (random(4) === 0) lines.splice(random(100), 8, '# cut')
    while (lines.length < 120) lines.splice(random(lines.length), 0, `# filled in ${i} with ${lines.length}`)
    repository.commit({ 'config/settings.yml': `${lines.join('\n')}\n`, 'copy.txt': lines.slice(0, 60).join('\n') })
  }
  const whole = told(await history())
  expect(whole.length).toBeGreaterThan(30)
  repository.git('repack', '-adfq', '--depth=50', '--window=50')
  expect(told(await history())).toEqual(whole)
}, 60_000)

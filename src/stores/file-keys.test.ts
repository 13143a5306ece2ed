import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity } from 'age-encryption'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomText } from '../keys/random.ts'
import { spellings } from '../secret/spellings.ts'
import { fileKeys } from './file-keys.ts'
import type { FileStoreConfig } from './kinds/file.ts'

const random = randomText()
let folder: string
let config: FileStoreConfig

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-keys-'))
  config = { path: join(folder, 'data', 'keys'), identity: join(folder, 'config', 'identity.txt') }
})
afterEach(() => rm(folder, { recursive: true }))

const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8)

describe('the first key', () => {
  it('brings folders and an identity that only their owner may read', async () => {
    expect(await fileKeys(config).set('stripe', Buffer.from(random.base62(30)))).toEqual({
      isNew: true,
      newIdentity: true,
    })
    expect(await modeOf(config.identity)).toBe('600')
    expect(await modeOf(join(config.path, 'stripe.age'))).toBe('600')
    expect(await modeOf(config.path)).toBe('700')
    expect(await modeOf(join(folder, 'config'))).toBe('700')
  })

  it('is set by several writers at once, who agree on one identity', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const made = await Promise.all(names.map((name) => fileKeys(config).set(name, Buffer.from(name + name))))
    expect(made.filter(({ newIdentity }) => newIdentity)).toHaveLength(1)
    for (const name of names) expect(Buffer.from(await fileKeys(config).read(name)).toString()).toBe(name + name)
    expect(await readdir(join(folder, 'config'))).toEqual(['identity.txt'])
  })
})

it('writes a key in no spelling to the disk', async () => {
  const key = random.base62(40)
  await fileKeys(config).set('stripe', Buffer.from(key))
  for (const name of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue
    const bytes = await readFile(join(name.parentPath, name.name))
    for (const spelling of spellings(Buffer.from(key))) expect(bytes.includes(spelling.bytes)).toBe(false)
  }
})

it('wipes the bytes that it was given', async () => {
  const bytes = Buffer.from(random.base62(40))
  await fileKeys(config).set('stripe', bytes)
  expect(bytes.every((byte) => byte === 0)).toBe(true)
})

it('keeps the old key when the new one is refused', async () => {
  const keys = fileKeys(config)
  await keys.set('stripe', Buffer.from('first'))
  await expect(keys.set('stripe', Buffer.from('two words'))).rejects.toMatchObject({ code: 'STORE_KEY_INVALID' })
  expect(Buffer.from(await keys.read('stripe')).toString()).toBe('first')
})

it('leaves the old file whole for whoever is reading it while a new one takes its place', async () => {
  const keys = fileKeys(config)
  await keys.set('stripe', Buffer.from('first'))
  const path = join(config.path, 'stripe.age')
  const before = await readFile(path)
  const reader = await open(path)
  await keys.set('stripe', Buffer.from('second'))
  expect((await reader.readFile()).equals(before)).toBe(true)
  await reader.close()
})

it('lists names alone, and not what else lies in the folder', async () => {
  const keys = fileKeys(config)
  expect(await keys.list()).toEqual([])
  await keys.set('zeta', Buffer.from('z'))
  await keys.set('alpha', Buffer.from('a'))
  await writeFile(join(config.path, '.alpha.0123.tmp'), 'left behind')
  await writeFile(join(config.path, 'README'), '')
  await mkdir(join(config.path, 'folder.age'))
  expect((await keys.list()).map(({ name }) => name)).toEqual(['alpha', 'zeta'])
})

it('removes a key once', async () => {
  const keys = fileKeys(config)
  await keys.set('stripe', Buffer.from('s'))
  expect(await keys.remove('stripe')).toBe(true)
  expect(await keys.remove('stripe')).toBe(false)
  await expect(keys.read('stripe')).rejects.toMatchObject({ code: 'STORE_KEY_MISSING' })
})

describe('an identity that others could read or replace', () => {
  const refusal = { code: 'STORE_REFUSED' }
  beforeEach(() => fileKeys(config).set('stripe', Buffer.from('key')))

  it.each([0o640, 0o604, 0o620, 0o660])('is refused with mode %o', async (mode) => {
    await chmod(config.identity, mode)
    await expect(fileKeys(config).read('stripe')).rejects.toMatchObject(refusal)
    await expect(fileKeys(config).set('stripe', Buffer.from('other'))).rejects.toMatchObject(refusal)
  })

  it('is refused as a symbolic link', async () => {
    await rename(config.identity, `${config.identity}.real`)
    await symlink(`${config.identity}.real`, config.identity)
    await expect(fileKeys(config).read('stripe')).rejects.toMatchObject(refusal)
  })

  it('is refused in a folder that others may write to', async () => {
    await chmod(join(folder, 'config'), 0o777)
    await expect(fileKeys(config).read('stripe')).rejects.toMatchObject(refusal)
    await chmod(join(folder, 'config'), 0o1777)
    expect(Buffer.from(await fileKeys(config).read('stripe')).toString()).toBe('key')
  })

  it('is missing or another: refused, and never made anew over keys that it could not open', async () => {
    await rename(config.identity, `${config.identity}.away`)
    await expect(fileKeys(config).read('stripe')).rejects.toMatchObject(refusal)
    await expect(fileKeys(config).set('other', Buffer.from('x'))).rejects.toMatchObject(refusal)
    await writeFile(config.identity, `${await generateX25519Identity()}\n`, { mode: 0o600 })
    await expect(fileKeys(config).read('stripe')).rejects.toMatchObject(refusal)
  })
})

describe('a damaged store', () => {
  beforeEach(() => fileKeys(config).set('stripe', Buffer.from('key')))

  it('is told from a missing key, wherever one byte is changed', async () => {
    const path = join(config.path, 'stripe.age')
    const good = await readFile(path)
    for (let at = 0; at < good.length; at += 7) {
      const bad = Buffer.from(good)
      bad[at] = (bad[at] as number) ^ 0x10
      await writeFile(path, bad)
      const error = await fileKeys(config)
        .read('stripe')
        .catch((error: unknown) => error)
      expect(error).toMatchObject({ code: expect.stringMatching(/^STORE_(?:DAMAGED|REFUSED)$/) })
    }
  })

  it.each([0, 1, 50, 150])('is told when only %i bytes are left of a file', async (length) => {
    const path = join(config.path, 'stripe.age')
    await writeFile(path, (await readFile(path)).subarray(0, length))
    await expect(fileKeys(config).read('stripe')).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
  })

  it('is told of an identity that is none, without repeating it', async () => {
    const secret = random.base62(40)
    await writeFile(config.identity, secret)
    const error = await fileKeys(config)
      .read('stripe')
      .catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'STORE_DAMAGED' })
    expect((error as Error).message).not.toContain(secret)
  })
})

it('has the old key or the new one, whenever a writer is killed', async () => {
  await fileKeys(config).set('stripe', Buffer.from('old'))
  const script = `import { fileKeys } from ${JSON.stringify(new URL('./file-keys.ts', import.meta.url))}
    const keys = fileKeys(${JSON.stringify(config)})
    process.stdout.write('ready')
    for (;;) await keys.set('stripe', Buffer.from('new'))`
  const writer = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => writer.stdout.once('data', resolve))
  for (let i = 0; i < 20; i++) {
    expect(['old', 'new']).toContain(Buffer.from(await fileKeys(config).read('stripe')).toString())
  }
  const ended = new Promise((resolve) => writer.once('close', resolve))
  writer.kill('SIGKILL')
  await ended
  expect(['old', 'new']).toContain(Buffer.from(await fileKeys(config).read('stripe')).toString())
})

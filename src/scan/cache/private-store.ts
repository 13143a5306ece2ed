import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { limits } from '../../limits.ts'

/**
 * Values on the disk, each whole or not at all, in a folder that only we may enter. What is damaged, or was not written
 * by us, is not there. Never throws: without a cache everything works.
 */
export interface PrivateStore {
  /** Keyed by a secret of the folder's own: nobody can tell from a digest what it is of without trying on this machine. */
  digest(...parts: readonly (string | Uint8Array)[]): string
  readonly key: Uint8Array
  read(name: string): unknown
  write(name: string, value: unknown): void
}

/** Undefined where there can be no such folder: it is not ours alone, or not to be written. */
export function openPrivateStore(folder: string): PrivateStore | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const found = lstatSync(folder)
    if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o077) !== 0) return undefined
    const key = keyOf(folder)
    return { key, digest: (...parts) => digestWith(key, parts), read: reader(folder, key), write: writer(folder, key) }
  } catch {
    return undefined
  }
}

export function digestWith(key: Uint8Array, parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part)
  return hmac.digest('base64url').slice(0, 32)
}

const keyBytes = 32

function keyOf(folder: string): Uint8Array {
  const path = join(folder, 'key')
  const own = `${path}.${randomBytes(8).toString('hex')}`
  for (let attempt = 0; attempt < 2; attempt++) {
    const key = readPrivate(path, keyBytes)
    if (key?.length === keyBytes) return key
    rmSync(path, { force: true })
    writeFileSync(own, randomBytes(keyBytes), { mode: 0o600, flag: 'wx' })
    try {
      // Of two who start at once one is first, and the other takes its key.
      linkSync(own, path)
    } catch {
      // The next attempt reads the key that is there.
    } finally {
      rmSync(own, { force: true })
    }
  }
  const key = readPrivate(path, keyBytes)
  if (key?.length !== keyBytes) throw new Error('no key')
  return key
}

const tagBytes = 32

function reader(folder: string, key: Uint8Array): PrivateStore['read'] {
  return (name) => {
    try {
      const path = join(folder, name)
      const bytes = readPrivate(path, limits.scanCacheFileBytesMax)
      if (!bytes || bytes.length < tagBytes) return undefined
      const body = bytes.subarray(tagBytes)
      // Checked before anything is made of it.
      if (!timingSafeEqual(bytes.subarray(0, tagBytes), tagOf(key, name, body))) return undefined
      const now = new Date()
      utimesSync(path, now, now)
      return deserialize(body)
    } catch {
      return undefined
    }
  }
}

function writer(folder: string, key: Uint8Array): PrivateStore['write'] {
  return (name, value) => {
    const path = join(folder, name)
    const half = `${path}.${randomBytes(8).toString('hex')}.half`
    try {
      const body = serialize(value)
      if (body.length + tagBytes > limits.scanCacheFileBytesMax) return
      writeFileSync(half, Buffer.concat([tagOf(key, name, body), body]), { mode: 0o600, flag: 'wx' })
      renameSync(half, path)
      evict(folder)
    } catch {
      rmSync(half, { force: true })
    }
  }
}

function tagOf(key: Uint8Array, name: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(`${Buffer.byteLength(name)}:${name}`)
    .update(body)
    .digest()
}

function readPrivate(path: string, bytesMax: number): Buffer | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const stat = fstatSync(descriptor)
    if (!stat.isFile() || stat.uid !== process.geteuid?.() || (stat.mode & 0o077) !== 0 || stat.size > bytesMax)
      return undefined
    return readFileSync(descriptor)
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

const abandonedMs = 3_600_000

/** What was not used for longest goes first; what somebody began to write and never finished goes, too. */
function evict(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name !== 'key')
    .flatMap((name) => {
      const path = join(folder, name)
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat ? [{ path, name, size: stat.size, usedMs: stat.mtimeMs }] : []
    })
    .sort((a, b) => b.usedMs - a.usedMs)
  let size = 0
  for (const { path, name, size: own, usedMs } of files) {
    const isAbandoned = name.endsWith('.half') && Date.now() - usedMs > abandonedMs
    size += own
    if (isAbandoned || size > limits.scanCacheBytesMax) rmSync(path, { force: true })
  }
}

import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, link, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { SallyportError, systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { wipe } from '../secret/masked.ts'
import { acceptKey } from './accept-key.ts'
import type { FileStoreConfig } from './kinds/file.ts'
import { readPlainFile, readPrivateFile } from './read-private-file.ts'

/**
 * The file store with its writing side. age holds the identity and what it decrypts in strings and buffers that cannot
 * be wiped: only processes that end soon (the reader's child, the command `keys`) load this.
 */
export interface FileKeys {
  /** The decrypted bytes as they are; rejects with STORE_KEY_MISSING, STORE_REFUSED, STORE_DAMAGED, STORE_UNREACHABLE. */
  read(name: string): Promise<Uint8Array>
  /**
   * Wipes `bytes`. Creates folders and identity where they are missing. Whatever happens while it runs, a reader finds
   * the key as it was or as it is now. STORE_KEY_INVALID for what no request could carry.
   */
  set(name: string, bytes: Uint8Array): Promise<{ readonly isNew: boolean; readonly newIdentity: boolean }>
  /** Without reading any: names in order, with what the file system says of them. */
  list(): Promise<readonly ListedKey[]>
  /** Whether there was such a key. */
  remove(name: string): Promise<boolean>
}

export interface ListedKey {
  readonly name: string
  readonly changed: Date
}

const extension = '.age'
/** A key, a line ending, and what age adds: a header line a recipient, 16 bytes a chunk. */
const fileBytesMax = limits.storeFileBytesMax

export function fileKeys(config: FileStoreConfig): FileKeys {
  const pathOf = (name: string) => join(config.path, name + extension)
  return {
    async read(name) {
      const path = pathOf(name)
      const sealed = await readPlainFile(path, fileBytesMax)
      if (!sealed)
        throw new SallyportError(
          'STORE_KEY_MISSING',
          `there is no key ${name} in ${config.path}; set it with \`sallyport keys set ${name}\``,
        )
      const identity = await readIdentity(config.identity)
      if (identity === undefined)
        throw new SallyportError(
          'STORE_REFUSED',
          `the identity ${config.identity} that opens ${path} is not there; put it back from a backup, or set the key anew`,
        )
      return unseal(sealed, identity, path)
    },

    async set(name, bytes) {
      const key = acceptKey(bytes, `the key ${name}`)
      try {
        return await writeSealed(config, name, key)
      } finally {
        wipe(key)
      }
    },

    list: () => listKeys(config.path),

    async remove(name) {
      try {
        await unlink(pathOf(name))
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return false
        throw unwritable(pathOf(name), error)
      }
      await syncFolder(config.path)
      return true
    },
  }
}

/** As `FileKeys.set`, whatever the bytes; does not wipe them. */
export async function writeSealed(
  config: FileStoreConfig,
  name: string,
  bytes: Uint8Array,
): Promise<{ isNew: boolean; newIdentity: boolean }> {
  const { identity, isNew: newIdentity } = await ensureIdentity(config)
  await makeFolder(config.path)
  const encrypter = new Encrypter()
  for (const line of identity) encrypter.addRecipient(await identityToRecipient(line))
  const sealed = await encrypter.encrypt(bytes)
  const path = join(config.path, name + extension)
  const isNew = (await orMissing(lstat(path), undefined)) === undefined
  const draft = await writeDraft(config.path, name, sealed)
  try {
    await rename(draft, path)
  } catch (error) {
    await unlink(draft).catch(() => undefined)
    throw unwritable(path, error)
  }
  await syncFolder(config.path)
  return { isNew, newIdentity }
}

async function listKeys(folder: string): Promise<ListedKey[]> {
  const names = await orMissing(readdir(folder), [])
  const keys: ListedKey[] = []
  for (const name of names.sort()) {
    if (!/^[a-z0-9][a-z0-9_-]{0,63}\.age$/.test(name)) continue
    const stat = await orMissing(lstat(join(folder, name)), undefined)
    if (stat?.isFile()) keys.push({ name: name.slice(0, -extension.length), changed: stat.mtime })
  }
  return keys
}

async function unseal(sealed: Uint8Array, identity: readonly string[], path: string): Promise<Uint8Array> {
  try {
    const decrypter = new Decrypter()
    for (const line of identity) decrypter.addIdentity(line)
    return await decrypter.decrypt(isArmored(sealed) ? armor.decode(Buffer.from(sealed).toString('latin1')) : sealed)
  } catch (error) {
    // The library's errors have no codes. They are not kept as cause: nothing promises that they quote nothing.
    if (error instanceof Error && error.message.startsWith('no identity matched'))
      throw new SallyportError(
        'STORE_REFUSED',
        `${path} was encrypted for another identity; use that, or set the key anew`,
      )
    throw new SallyportError(
      'STORE_DAMAGED',
      `${path} cannot be decrypted: it is damaged or no age file; set the key anew`,
    )
  }
}

function isArmored(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 10)).toString('latin1') === '-----BEGIN'
}

/** The identities in a file as age-keygen writes it, or undefined when there is none. */
async function readIdentity(path: string): Promise<string[] | undefined> {
  const bytes = await readPrivateFile(path, 65_536)
  if (!bytes) return undefined
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
  wipe(bytes)
  if (lines.length === 0 || lines.some((line) => !/^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(line)))
    throw new SallyportError('STORE_DAMAGED', `${path} is not an age identity; put the right file back from a backup`)
  return lines
}

/** Several processes may come here first at once: all of them get the identity of the one that was. */
async function ensureIdentity({
  identity: path,
  path: folder,
}: FileStoreConfig): Promise<{ identity: string[]; isNew: boolean }> {
  const present = await readIdentity(path)
  if (present) return { identity: present, isNew: false }
  if ((await listKeys(folder)).length > 0) {
    // Read again: another process may have made both since.
    const late = await readIdentity(path)
    if (late) return { identity: late, isNew: false }
    throw new SallyportError(
      'STORE_REFUSED',
      `the identity ${path} is not there, but keys that it opened are in ${folder}; put it back from a backup, or remove them`,
    )
  }
  await makeFolder(dirname(path))
  const identity = await generateX25519Identity()
  const text = `# created: ${new Date().toISOString()}\n# public key: ${await identityToRecipient(identity)}\n${identity}\n`
  const draft = await writeDraft(dirname(path), 'identity', Buffer.from(text))
  try {
    // Not rename, which would replace the identity of another process that came first.
    await link(draft, path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw unwritable(path, error)
  } finally {
    await unlink(draft)
  }
  await syncFolder(dirname(path))
  const agreed = await readIdentity(path)
  if (!agreed) throw new SallyportError('STORE_UNREACHABLE', `${path} vanished while it was created; try again`)
  return { identity: agreed, isNew: agreed[0] === identity }
}

/** A complete file under a name that nobody reads, on the disk before it is returned. */
async function writeDraft(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, `.${name}.${randomBytes(8).toString('hex')}.tmp`)
  try {
    const handle = await open(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    )
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return path
  } catch (error) {
    await unlink(path).catch(() => undefined)
    throw unwritable(path, error)
  }
}

/** Only for its owner where it is made here; one that is there stays as it is. */
async function makeFolder(path: string): Promise<void> {
  try {
    const made = await mkdir(path, { recursive: true, mode: 0o700 })
    // The umask may have taken more than others' rights.
    if (made !== undefined) await chmod(path, 0o700)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** Without it a rename may be lost with the power. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function orMissing<T, F>(wanted: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await wanted
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return fallback
    throw new SallyportError(
      'STORE_UNREACHABLE',
      `the store's files could not be read (${code}); check owner and mode`,
      { cause: error },
    )
  }
}

function unwritable(path: string, error: unknown): SallyportError {
  return new SallyportError(
    'FILE_UNWRITABLE',
    `${path} could not be written (${systemCode(error)}); check owner, mode and space`,
    { cause: error },
  )
}

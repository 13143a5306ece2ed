import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import { secretBytes } from '../secret/masked.ts'

/**
 * The bytes of a file that only its owner may read: no symbolic link (its target could be swapped), a regular file of
 * ours or of root, mode 0600 or less, in a folder where no other user could put another in its place. Undefined when
 * there is no such file; rejects with STORE_REFUSED, STORE_DAMAGED (too large) or STORE_UNREACHABLE.
 */
export async function readPrivateFile(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  const handle = await openFile(path)
  if (!handle) return undefined
  try {
    const { mode, uid, size } = await handle.stat()
    if ((mode & constants.S_IFMT) !== constants.S_IFREG)
      throw refused(`${path} is not a regular file; put the file itself there`)
    if (!isOurs(uid))
      throw refused(`${path} belongs to another user (${uid}); chown it to the user that Sallyport runs as`)
    if ((mode & 0o077) !== 0)
      throw refused(`${path} may be read or written by others (mode ${octal(mode)}); chmod 600 it`)
    await checkFolder(dirname(path))
    return await readAll(handle, path, size, bytesMax)
  } finally {
    await handle.close()
  }
}

/** The bytes of a file that need not be secret; otherwise as `readPrivateFile`. */
export async function readPlainFile(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  const handle = await openFile(path)
  if (!handle) return undefined
  try {
    const { mode, size } = await handle.stat()
    if ((mode & constants.S_IFMT) !== constants.S_IFREG)
      throw refused(`${path} is not a regular file; put the file itself there`)
    return await readAll(handle, path, size, bytesMax)
  } finally {
    await handle.close()
  }
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    // Not blocking: a FIFO in its place would hold us up.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'ELOOP') throw refused(`${path} is a symbolic link; put the file itself there`)
    if (code === 'EACCES' || code === 'EPERM')
      throw refused(`${path} may not be read by this user; change its owner or mode`)
    throw new SallyportError('STORE_UNREACHABLE', `${path} could not be opened (${code}); check the path`, {
      cause: error,
    })
  }
}

/** Whoever may write to the folder may replace the file. */
async function checkFolder(folder: string): Promise<void> {
  const { mode, uid } = await lstat(folder)
  if (!isOurs(uid))
    throw refused(`the folder ${folder} belongs to another user (${uid}), who could replace what is in it; chown it`)
  const isSticky = (mode & constants.S_IFMT) === constants.S_IFDIR && (mode & 0o1000) !== 0
  if ((mode & 0o022) !== 0 && (mode & constants.S_IFMT) === constants.S_IFDIR && !isSticky)
    throw refused(`the folder ${folder} may be written by others (mode ${octal(mode)}); chmod 700 it`)
}

async function readAll(handle: FileHandle, path: string, size: number, bytesMax: number): Promise<Uint8Array> {
  if (size > bytesMax)
    throw new SallyportError('STORE_DAMAGED', `${path} is larger than ${bytesMax} bytes; it is not what belongs here`)
  const bytes = secretBytes(size)
  let end = 0
  while (end < size) {
    const { bytesRead } = await handle.read(bytes, end, size - end, end)
    if (bytesRead === 0) break
    end += bytesRead
  }
  return bytes.subarray(0, end)
}

function isOurs(owner: number): boolean {
  return owner === 0 || owner === process.geteuid?.()
}

function refused(message: string): SallyportError {
  return new SallyportError('STORE_REFUSED', message)
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

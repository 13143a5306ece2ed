import { lstatSync, mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * Lets Node keep compiled code between runs, in a folder below `home` that only we can write; without one there is no
 * cache. Not Node's own choice, which is below the system's temporary folder: V8 runs what it finds in a cache, and
 * there anybody could have made the folder first. The home is the user database's: sudo may keep another user's HOME.
 */
export function openCompileCache(home = homeOfUser()): void {
  const folder = home === undefined ? undefined : privateFolder(join(home, '.cache/sallyport'))
  if (folder !== undefined) enableCompileCache(join(folder, 'compiled'))
}

/** The folder, made if need be; undefined when it is not ours alone. */
export function privateFolder(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const found = lstatSync(path)
    const isOurs = found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o022) === 0
    return isOurs ? path : undefined
  } catch {
    return undefined
  }
}

/** The user database's; undefined where it has no such user. */
export function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir
  } catch {
    // A container's made-up user number has no entry in the user database.
    return undefined
  }
}

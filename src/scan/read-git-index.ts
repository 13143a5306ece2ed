import { limits } from '../limits.ts'
import { parseIndex } from './history/read-index.ts'
import { readSmallFile } from './history/read-small-file.ts'

/** The names that a repository tracks, and the folders that they stand in. */
export interface TrackedNames {
  readonly files: ReadonlySet<string>
  readonly folders: ReadonlySet<string>
}

/** Bytes of an object's id: SHA-1's, SHA-256's. Which of them a repository has only its configuration says. */
const idSizes = [20, 32]

/**
 * The names in a repository's index. Undefined where there is none, or it is damaged: it only tells which ignored files
 * are in the repository all the same.
 */
export function readGitIndex(path: string | Buffer): TrackedNames | undefined {
  const content = readSmallFile(path, limits.gitIndexBytesMax)
  if (typeof content === 'string') return undefined
  for (const idBytes of idSizes) {
    const index = parseIndex(content, idBytes)
    if (typeof index === 'string') continue
    const files = new Set<string>()
    const folders = new Set<string>()
    for (let entry = 0; entry < index.count; entry++) {
      const file = index.path(entry)
      files.add(file)
      for (let slash = file.lastIndexOf('/'); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
        const folder = file.slice(0, slash)
        if (folders.has(folder)) break
        folders.add(folder)
      }
    }
    return { files, folders }
  }
  return undefined
}

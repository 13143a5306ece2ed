import { createHash } from 'node:crypto'
import { type FSWatcher, lstatSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { limits } from '../limits.ts'
import { stampOf } from './stamp.ts'
import { type WalkOptions, walkFiles } from './walk-files.ts'

export interface WatchedTree {
  /** Absolute paths of folders and files, and what the paths of their files begin with in patterns. */
  readonly roots: readonly (readonly [root: string, name: string])[]
  readonly options: WalkOptions
  /** Absolute paths of files that matter wherever they are, there already or not. */
  readonly beside: readonly string[]
  /** Absolute paths of files that whoever watches writes. */
  readonly except: readonly string[]
}

export interface TreeWatch {
  /** Resolves once something is not as it was when the watch began: to true, or to false where `signal` came first. */
  changed(signal: AbortSignal): Promise<boolean>
  close(): void
}

const waitsMax = 5

/**
 * Watches what a scan of these roots would read, and nothing else: what is ignored may change. Where the system has no
 * watchers left, the tree is looked at every two seconds instead. Never throws.
 */
export function watchTree(tree: WatchedTree): TreeWatch {
  let isStirred = false
  let wake = () => {}
  const stir = () => {
    isStirred = true
    wake()
  }
  const begin = lookAt(tree)
  const close = listen([...begin.folders, ...tree.beside.map((path) => dirname(path))], stir)
  // What was written before somebody listened.
  isStirred = true
  return {
    close,
    async changed(signal) {
      const stop = () => wake()
      signal.addEventListener('abort', stop)
      try {
        while (!signal.aborted) {
          if (!isStirred)
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          // Whoever writes one file mostly writes several; what is written all the time is not waited for.
          for (let waits = 0; isStirred && !signal.aborted && waits < waitsMax; waits++) {
            isStirred = false
            await delay(limits.scanWatchQuietMs)
          }
          isStirred = false
          if (!signal.aborted && lookAt(tree).state !== begin.state) return true
        }
        return false
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
  }
}

function lookAt({ roots, options, beside, except }: WatchedTree) {
  const hash = createHash('sha256')
  const folders: (Buffer | string)[] = []
  const left = new Set(except)
  const add = (at: Buffer | string) => {
    if (!left.has(at.toString())) hash.update(at).update(` ${stampAt(at)}\n`)
  }
  for (const [root, name] of roots) {
    if (stampAt(root) === '') continue
    try {
      for (const { at } of walkFiles(root, name, { gaps: [], ignored: 0, folders }, options))
        add(typeof at === 'string' ? at : Buffer.from(at))
    } catch {
      // Taken away meanwhile: what was seen of it is what there is.
    }
  }
  for (const path of beside) add(path)
  return { state: hash.digest('hex'), folders }
}

function stampAt(path: Buffer | string): string {
  try {
    return stampOf(lstatSync(path, { bigint: true }))
  } catch {
    return ''
  }
}

/** Calls `stir` whenever something in one of the folders changes, or often. Gives what ends it. */
function listen(folders: readonly (Buffer | string)[], stir: () => void): () => void {
  const watchers: FSWatcher[] = []
  let poll: NodeJS.Timeout | undefined
  const end = () => {
    for (const watcher of watchers.splice(0)) watcher.close()
    clearInterval(poll)
    poll = undefined
  }
  const fallBack = () => {
    end()
    poll = setInterval(stir, limits.scanWatchPollMs)
  }
  const distinct = [...new Map(folders.map((folder) => [folder.toString(), folder] as const)).values()]
  if (distinct.length > limits.scanWatchedFoldersMax) fallBack()
  else
    try {
      for (const folder of distinct) {
        const watcher = watch(folder, stir)
        // A folder that was taken away; its parent has told, too.
        watcher.on('error', stir)
        watchers.push(watcher)
      }
    } catch {
      fallBack()
    }
  return end
}

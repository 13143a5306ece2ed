import { join } from 'node:path'
import { limits } from '../../limits.ts'
import type { Repository } from './find-repository.ts'
import { readSmallFile } from './read-small-file.ts'

/** What is staged: every file, in the order of paths. */
export interface GitIndex {
  readonly count: number
  path(entry: number): string
  id(entry: number): string
  /** Whether there is content in it that can be searched: no submodule, no file of which only the name is added. */
  isFile(entry: number): boolean
  /** Folders whose tree is known. */
  readonly root: CachedTree | undefined
}

/** A folder of the index, as the extension TREE has it (gitformat-index(5)). */
export interface CachedTree {
  /** How many entries it has; -1 where something in it was changed. */
  readonly entries: number
  readonly id: string
  readonly folders: ReadonlyMap<string, CachedTree>
}

/** The index of a working tree, of version 2, 3 or 4; or why it cannot be read. */
export function readIndex({ gitFolder, idBytes }: Repository): GitIndex | string {
  const content = readSmallFile(join(gitFolder, 'index'), limits.gitIndexBytesMax)
  if (content === 'ENOENT') return { count: 0, path: () => '', id: () => '', isFile: () => false, root: undefined }
  if (typeof content === 'string') return `the index could not be read (${content})`
  return parseIndex(content, idBytes)
}

const statBytes = 40

export function parseIndex(content: Buffer, idBytes: number): GitIndex | string {
  if (content.length < 12 + idBytes || content.toString('latin1', 0, 4) !== 'DIRC') return 'the index is damaged'
  const version = content.readUInt32BE(4)
  if (version < 2 || version > 4) return `the index is of version ${version}, which is not read`
  const count = content.readUInt32BE(8)
  const end = content.length - idBytes
  if (count > end / (statBytes + idBytes + 2)) return 'the index is damaged'
  const starts = new Int32Array(count)
  const flagsAt = statBytes + idBytes
  /** Paths of version 4, each of which is told by how it differs from the one before. */
  const paths: string[] = []
  let at = 12
  let before: Buffer = Buffer.alloc(0)
  for (let entry = 0; entry < count; entry++) {
    starts[entry] = at
    if (at + flagsAt + 2 > end) return 'the index is damaged'
    const nameAt = at + nameOffset(content, at, flagsAt)
    if (version === 4) {
      const { value: dropped, at: suffixAt } = offsetAt(content, nameAt)
      const suffixEnd = content.indexOf(0, suffixAt)
      if (suffixEnd === -1 || suffixEnd >= end || dropped > before.length) return 'the index is damaged'
      before = Buffer.concat([before.subarray(0, before.length - dropped), content.subarray(suffixAt, suffixEnd)])
      if (before.length > limits.gitPathBytesMax) return 'the index is damaged'
      paths.push(before.toString('utf8'))
      at = suffixEnd + 1
    } else {
      const nameEnd = content.indexOf(0, nameAt)
      if (nameEnd === -1 || nameEnd >= end) return 'the index is damaged'
      // One to eight NULs, to a multiple of eight.
      at += (nameEnd - at + 8) & ~7
    }
  }
  const extensions = extensionsFrom(content, at, end, idBytes)
  if (typeof extensions === 'string') return extensions
  const startOf = (entry: number) => starts[entry] ?? 0
  return {
    count,
    path(entry) {
      if (version === 4) return paths[entry] ?? ''
      const nameAt = startOf(entry) + nameOffset(content, startOf(entry), flagsAt)
      return content.toString('utf8', nameAt, content.indexOf(0, nameAt))
    },
    id: (entry) => content.toString('hex', startOf(entry) + statBytes, startOf(entry) + flagsAt),
    isFile(entry) {
      const start = startOf(entry)
      const isExtended = ((content[start + flagsAt] ?? 0) & 0x40) !== 0
      const isOnlyNamed = isExtended && ((content[start + flagsAt + 2] ?? 0) & 0x20) !== 0
      const sort = content.readUInt32BE(start + 24) & 0o170000
      return !isOnlyNamed && (sort === 0o100000 || sort === 0o120000)
    },
    root: extensions.root,
  }
}

function nameOffset(content: Buffer, start: number, flagsAt: number): number {
  return ((content[start + flagsAt] ?? 0) & 0x40) === 0 ? flagsAt + 2 : flagsAt + 4
}

/** The variable-length number of packs' offsets, which version 4 uses too. */
function offsetAt(content: Buffer, start: number): { value: number; at: number } {
  let at = start
  let byte = content[at++] ?? 0
  let value = byte & 0x7f
  while (byte >= 0x80 && at < start + 9) {
    byte = content[at++] ?? 0
    value = (value + 1) * 128 + (byte & 0x7f)
  }
  return { value, at }
}

function extensionsFrom(content: Buffer, start: number, end: number, idBytes: number): { root?: CachedTree } | string {
  let root: CachedTree | undefined
  for (let at = start; at + 8 <= end; ) {
    const name = content.toString('latin1', at, at + 4)
    const size = content.readUInt32BE(at + 4)
    if (at + 8 + size > end) return 'the index is damaged'
    if (name === 'link') return 'the index is split (core.splitIndex), which is not read'
    if (name === 'TREE') root = cachedTrees(content.subarray(at + 8, at + 8 + size), idBytes)
    at += 8 + size
  }
  return root ? { root } : {}
}

/** Undefined where the extension is damaged: it only saves work. */
function cachedTrees(content: Buffer, idBytes: number): CachedTree | undefined {
  let at = 0
  function next(depth: number): [string, CachedTree] | undefined {
    const nameEnd = content.indexOf(0, at)
    const lineEnd = content.indexOf(0x0a, nameEnd)
    if (nameEnd === -1 || lineEnd === -1 || depth > limits.scanDepthMax) return undefined
    const name = content.toString('utf8', at, nameEnd)
    const [, entries, below] = /^(-?\d{1,9}) (\d{1,9})$/.exec(content.toString('latin1', nameEnd + 1, lineEnd)) ?? []
    if (entries === undefined || below === undefined) return undefined
    at = lineEnd + 1
    const isKnown = Number(entries) >= 0
    const id = isKnown ? content.toString('hex', at, at + idBytes) : ''
    if (isKnown) at += idBytes
    const folders = new Map<string, CachedTree>()
    for (let i = 0; i < Number(below); i++) {
      const folder = next(depth + 1)
      if (!folder) return undefined
      folders.set(...folder)
    }
    return [name, { entries: Number(entries), id, folders }]
  }
  return next(0)?.[1]
}

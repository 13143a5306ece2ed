import { limits } from '../../limits.ts'

/** A point in time as a commit records it. */
export interface Moment {
  /** Since 1970, UTC. */
  readonly seconds: number
  /** East of UTC. */
  readonly zoneMinutes: number
}

export interface Commit {
  /** Ids in hexadecimal digits. */
  readonly tree: string
  readonly parents: readonly string[]
  readonly authored: Moment
  readonly committed: Moment
  /** Where the message begins. */
  readonly messageAt: number
}

const unknownMoment: Moment = { seconds: 0, zoneMinutes: 0 }

/** Undefined where it has no tree. A signature's lines and whatever else stands in its head do not matter. */
export function parseCommit(content: Buffer): Commit | undefined {
  const { head, messageAt } = headOf(content)
  let tree: string | undefined
  const parents: string[] = []
  let authored = unknownMoment
  let committed = unknownMoment
  for (const line of head.split('\n')) {
    if (line.startsWith('tree ')) tree ??= line.slice(5)
    else if (line.startsWith('parent ') && parents.length < limits.gitParentsMax) parents.push(line.slice(7))
    else if (line.startsWith('author ')) authored = momentOf(line)
    else if (line.startsWith('committer ')) committed = momentOf(line)
  }
  return tree === undefined ? undefined : { tree, parents, authored, committed, messageAt }
}

/** The object that an annotated tag names; undefined where it names none. */
export function parseTag(content: Buffer): { target: string; messageAt: number } | undefined {
  const { head, messageAt } = headOf(content)
  const [, target] = /^object ([0-9a-f]{40,64})$/m.exec(head) ?? []
  return target === undefined ? undefined : { target, messageAt }
}

function headOf(content: Buffer): { head: string; messageAt: number } {
  const end = content.indexOf('\n\n')
  return end === -1
    ? { head: content.toString('latin1'), messageAt: content.length }
    : { head: content.toString('latin1', 0, end), messageAt: end + 2 }
}

/** `Name <address> 1700000000 +0100`, at the end of a line. */
function momentOf(line: string): Moment {
  const [, seconds, sign, hours, minutes] = /> (-?\d{1,15}) ([+-])(\d{2})(\d{2})$/.exec(line.slice(-64)) ?? []
  if (seconds === undefined) return unknownMoment
  return { seconds: Number(seconds), zoneMinutes: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) }
}

/** ISO 8601 with the author's own zone: `2026-01-31T12:00:00+01:00`. */
export function momentText({ seconds, zoneMinutes }: Moment): string {
  const local = new Date((seconds + zoneMinutes * 60) * 1_000)
  if (Number.isNaN(local.getTime())) return 'a time that is no date'
  const zone = Math.abs(zoneMinutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${local.toISOString().slice(0, 19)}${zoneMinutes < 0 ? '-' : '+'}${two(Math.floor(zone / 60))}:${two(zone % 60)}`
}

/** What a tree's entry is, by its mode. */
export type EntrySort = 'tree' | 'submodule' | 'link' | 'file'

export interface TreeEntry {
  readonly sort: EntrySort
  readonly nameStart: number
  readonly nameEnd: number
  /** Where its id begins. */
  readonly idAt: number
}

/** Each entry of a tree; false at the end where it is damaged. */
export function forEachEntry(content: Uint8Array, idBytes: number, take: (entry: TreeEntry) => void): boolean {
  let at = 0
  while (at < content.length) {
    let mode = 0
    while (at < content.length && content[at] !== 0x20) mode = (mode << 3) | ((content[at++] ?? 0) & 7)
    const nameStart = ++at
    while (at < content.length && content[at] !== 0) at++
    const nameEnd = at++
    if (at + idBytes > content.length) return false
    take({ sort: sortOf(mode), nameStart, nameEnd, idAt: at })
    at += idBytes
  }
  return true
}

function sortOf(mode: number): EntrySort {
  switch (mode & 0o170000) {
    case 0o040000:
      return 'tree'
    case 0o160000:
      return 'submodule'
    case 0o120000:
      return 'link'
    default:
      return 'file'
  }
}

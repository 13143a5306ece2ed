import { readdirSync, readFileSync } from 'node:fs'
import { systemCode } from '../errors.ts'
import { type Spelling, spellings } from '../secret/spellings.ts'
import { scanMemory } from './scan-memory.ts'

/** Copies that were found, or why the memory could not be read (`EACCES`). */
export type Memory = { readonly copies: number } | { readonly refused: string }

/** Of all processes together: refused where one was. Throws where one has ended. */
export function memoryOf(pids: readonly number[], key: string): Memory {
  const secret = Buffer.from(key)
  let copies = 0
  for (const pid of pids) {
    try {
      for (const count of Object.values(scanMemory(pid, secret))) copies += count
    } catch (error) {
      // Of its own user the gateway is read by root alone.
      if (isDenied(error)) return { refused: systemCode(error) }
      throw error
    }
  }
  return { copies }
}

/** Children, and theirs. */
export function descendantsOf(pid: number): number[] {
  const children = attempt(() => readdirSync(`/proc/${pid}/task`), []).flatMap((task) =>
    attempt(() => readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1'), '')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  )
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

/** The processes whose environment was looked at, and those that showed the key there at any time. */
export interface EnvironmentWatch {
  readonly seen: Set<number>
  readonly holding: Set<number>
}

/**
 * To be called as soon as a process is there, and again: a server that writes a title for `ps` (Puma, for one) writes it
 * over its environment.
 */
export function lookAtEnvironments(pids: readonly number[], key: string, watch: EnvironmentWatch): void {
  const wanted = spellings(Buffer.from(key))
  for (const pid of pids) {
    try {
      const bytes = readFileSync(`/proc/${pid}/environ`)
      watch.seen.add(pid)
      if (holdsKey(bytes, wanted)) watch.holding.add(pid)
    } catch {
      // It has ended, or it is closed to us: then nothing is known of it.
    }
  }
}

export interface KeyLines {
  readonly count: number
  readonly holding: number
}

/** Lines of a file, and those with the key in any spelling. */
export function keyLinesIn(file: string, key: string): KeyLines {
  const wanted = spellings(Buffer.from(key))
  const lines = readFileSync(file, 'latin1')
    .split('\n')
    .filter((line) => line !== '')
  return { count: lines.length, holding: lines.filter((line) => holdsKey(Buffer.from(line, 'latin1'), wanted)).length }
}

function holdsKey(bytes: Buffer, wanted: readonly Spelling[]): boolean {
  return wanted.some((spelling) => bytes.includes(spelling.bytes))
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(systemCode(error))
}

/** A process may end while it is looked at. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}

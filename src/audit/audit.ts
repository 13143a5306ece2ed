import { closeSync, fchmodSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'

/** What was decided about one request, before anything of it left. Names and codes only: no field value, query or body. */
export interface Decision {
  readonly door: 'egress' | 'ingress'
  readonly decision: 'allow' | 'refuse' | 'tunnel'
  /** Names of the keys that go with it. */
  readonly keys?: readonly string[]
  /** The client's identity, or how the app reached the door. */
  readonly client?: string
  readonly method?: string
  readonly host?: string
  /** Without the query, phantoms replaced, at most 256 characters. */
  readonly path?: string
  /** The place of the rule that decided. */
  readonly rule?: string
  /** Why it was refused: a code of errors.ts and, in the log only, the reason in words. */
  readonly code?: string
  readonly detail?: string
}

export interface Ending {
  readonly status: number
  readonly code?: string
  readonly bytesIn: number
  readonly bytesOut: number
  readonly durationMs: number
}

/** The log of decisions: one JSON object a line, written before the request leaves and again when it is over. */
export interface Audit {
  /** An id that no other request of this log has. */
  nextId(): string
  /** Throws AUDIT_UNWRITABLE: then the request must not leave. */
  decided(id: string, decision: Decision): void
  /** Never throws: the request is over. A line that could not be written is counted in `lost`. */
  ended(id: string, ending: Ending): void
  readonly lost: number
  close(): void
}

/** Opens `file` to append, 0600, with its folder. Throws AUDIT_UNWRITABLE. */
export function openAudit(file: string, run: string, now: () => number = Date.now): Audit {
  let descriptor: number
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    descriptor = openSync(file, 'a', 0o600)
    fchmodSync(descriptor, 0o600)
  } catch (error) {
    throw new SallyportError(
      'AUDIT_UNWRITABLE',
      `${file}: cannot be opened to append (${systemCode(error)}); name another file with audit.file`,
      { cause: error },
    )
  }
  let count = 0
  let lost = 0
  const write = (line: string): void => {
    const bytes = Buffer.from(line)
    let at = 0
    // Synchronously: a decision that is only in our memory when the request leaves is none.
    while (at < bytes.length) at += writeSync(descriptor, bytes, at)
  }
  return {
    nextId: () => `${run}-${(++count).toString(36)}`,
    decided(id, decision) {
      try {
        write(`${JSON.stringify({ time: new Date(now()).toISOString(), id, event: 'decision', ...decision })}\n`)
      } catch (error) {
        throw new SallyportError('AUDIT_UNWRITABLE', `the audit log could not be written (${systemCode(error)})`, {
          cause: error,
        })
      }
    },
    ended(id, ending) {
      try {
        write(`${JSON.stringify({ time: new Date(now()).toISOString(), id, event: 'outcome', ...ending })}\n`)
      } catch {
        lost++
      }
    },
    get lost() {
      return lost
    },
    close: () => closeSync(descriptor),
  }
}

/** A request target as the log may hold it: no query, no phantom, no control character, a bound. */
export function auditedPath(target: string, phantoms: readonly string[]): string {
  let path = target.split('?', 1)[0] as string
  for (const phantom of phantoms) path = path.replaceAll(phantom, '[phantom]')
  return path.length > 256 ? `${path.slice(0, 255)}…` : path
}

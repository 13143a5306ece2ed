import { closeSync, existsSync, fchmodSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'

/** What was decided about one request, before anything of it left. Names and codes only: no field value, query or body. */
export interface Decision {
  readonly door: 'egress' | 'ingress'
  readonly decision: 'allow' | 'refuse' | 'tunnel'
  /** Names of the keys that go with it. */
  readonly keys?: readonly string[] | undefined
  /** The client's identity, or how the app reached the door. */
  readonly client?: string | undefined
  readonly method?: string | undefined
  readonly host?: string | undefined
  /** Without the query, phantoms replaced, at most 256 characters. */
  readonly path?: string | undefined
  /** The place of the rule that decided. */
  readonly rule?: string | undefined
  /** Why it was refused: a code of errors.ts and, in the log only, the reason in words. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
}

export interface Ending {
  readonly status: number
  readonly code?: string
  readonly bytesIn: number
  readonly bytesOut: number
  /** A key was in the answer, and was taken out. */
  readonly echoed?: true | undefined
  readonly durationMs: number
}

/** The log of decisions: one JSON object a line, one before the request leaves and one when it is over. */
export interface Audit {
  /** An id that no other request of this log has. */
  nextId(): string
  /**
   * Calls `then` once the decision is in the file, or with AUDIT_UNWRITABLE when it could not be written: the request
   * must not leave before, and not at all with an error. The decisions of one turn of the event loop share a write.
   */
  decided(id: string, decision: Decision, then: (error?: SallyportError) => void): void
  /**
   * Never throws: the request is over. Written with the next line, or after `outcomeDelayMs`; a line that could not be
   * written is counted in `lost`.
   */
  ended(id: string, ending: Ending): void
  readonly lost: number
  close(): void
}

/** Opens `file` to append, 0600, with its folder. Throws AUDIT_UNWRITABLE. */
export function openAudit(file: string, run: string, now: () => number = Date.now): Audit {
  let descriptor: number
  try {
    makeFolder(dirname(file))
    descriptor = openSync(file, 'a', 0o600)
    fchmodSync(descriptor, 0o600)
  } catch (error) {
    throw new SallyportError(
      'AUDIT_UNWRITABLE',
      `${file}: cannot be opened to append (${systemCode(error)}); name another file with audit.file`,
      { cause: error },
    )
  }
  const timeOf = createTimeText(now)
  let count = 0
  let lost = 0
  /** Lines that are not written, and what to call when they are. */
  let waiting = ''
  let called: ((error?: SallyportError) => void)[] = []
  /** Outcomes among them: nobody waits for those. */
  let outcomes = 0
  let timer: NodeJS.Timeout | undefined
  let isScheduled = false
  const write = (text: string): void => {
    let at = writeSync(descriptor, text)
    const length = Buffer.byteLength(text)
    if (at === length) return
    const bytes = Buffer.from(text)
    while (at < length) at += writeSync(descriptor, bytes, at)
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    isScheduled = false
    if (waiting === '') return
    const [text, then, ended] = [waiting, called, outcomes]
    waiting = ''
    called = []
    outcomes = 0
    let failure: SallyportError | undefined
    try {
      // Synchronously: a decision that is only in our memory when the request leaves is none.
      write(text)
    } catch (error) {
      lost += ended
      failure = new SallyportError('AUDIT_UNWRITABLE', `the audit log could not be written (${systemCode(error)})`, {
        cause: error,
      })
    }
    for (const call of then) call(failure)
  }
  return {
    nextId: () => `${run}-${(++count).toString(36)}`,
    decided(id, decision, then) {
      waiting += `{"time":"${timeOf()}","id":"${id}","event":"decision"${decisionMembers(decision)}}\n`
      called.push(then)
      if (!isScheduled) setImmediate(flush)
      isScheduled = true
    },
    ended(id, ending) {
      waiting += `{"time":"${timeOf()}","id":"${id}","event":"outcome"${endingMembers(ending)}}\n`
      outcomes++
      if (!isScheduled) timer ??= setTimeout(flush, outcomeDelayMs)
    },
    get lost() {
      return lost
    },
    close() {
      flush()
      closeSync(descriptor)
    },
  }
}

/** One level after the other: Node's recursive way does not end where a file system refuses new folders, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
  mkdirSync(path, { mode: 0o700 })
}

/** Outcomes reach the file this much later at most. */
const outcomeDelayMs = 20

/** The time as RFC 3339 says it; one text a millisecond, since making it costs more than the rest of a line. */
function createTimeText(now: () => number): () => string {
  let last = Number.NaN
  let text = ''
  return () => {
    const time = now()
    if (time !== last) {
      last = time
      text = new Date(time).toISOString()
    }
    return text
  }
}

/** The members of a decision as JSON.stringify writes them, at a fraction of its cost for plain text. */
function decisionMembers({ door, decision, keys, client, method, host, path, rule, code, detail }: Decision): string {
  let text = `,"door":"${door}","decision":"${decision}"`
  if (keys !== undefined) text += `,"keys":[${keys.length === 1 ? quoted(keys[0] as string) : keys.map(quoted).join()}]`
  if (client !== undefined) text += `,"client":${quoted(client)}`
  if (method !== undefined) text += `,"method":${quoted(method)}`
  if (host !== undefined) text += `,"host":${quoted(host)}`
  if (path !== undefined) text += `,"path":${quoted(path)}`
  if (rule !== undefined) text += `,"rule":${quoted(rule)}`
  if (code !== undefined) text += `,"code":${quoted(code)}`
  return detail === undefined ? text : `${text},"detail":${quoted(detail)}`
}

function endingMembers({ status, code, bytesIn, bytesOut, echoed, durationMs }: Ending): string {
  const first = code === undefined ? `,"status":${status}` : `,"status":${status},"code":${quoted(code)}`
  return `${first},"bytesIn":${bytesIn},"bytesOut":${bytesOut}${echoed ? ',"echoed":true' : ''},"durationMs":${durationMs}`
}

function quoted(text: string): string {
  return isPlain.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** What JSON writes as it is: printable ASCII but the quotation mark and the backslash. */
const isPlain = /^[ !#-[\]-~]*$/

/** A request target as the log may hold it: no query, no phantom, no control character, a bound. */
export function auditedPath(target: string, phantoms: readonly string[]): string {
  let path = target.split('?', 1)[0] as string
  for (const phantom of phantoms) path = path.replaceAll(phantom, '[phantom]')
  return path.length > 256 ? `${path.slice(0, 255)}…` : path
}

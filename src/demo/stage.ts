import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SallyportError, systemCode } from '../errors.ts'
import { limits } from '../limits.ts'

/** The user that the sample runs as, where we may give it another than ours. */
export interface SampleUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export interface ProcessOptions {
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly user?: SampleUser
}

/** A process that goes on running. */
export interface Running {
  readonly pid: number
  /** What it ended with, once it has; undefined while it runs. */
  outcome(): number | string | undefined
  stop(): Promise<void>
}

export interface Completed {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

/** Where the demo plays: a temporary folder and every process that it started, which end with it. */
export interface Stage {
  /** Ours alone, but for `open`, which the sample's user may enter. */
  readonly folder: string
  /** A folder below that other users may read. */
  readonly open: string
  readonly signal: AbortSignal
  /** Starts a process whose output goes to the file `log`. Rejects with APP_NOT_STARTED. */
  start(program: string, args: readonly string[], options: ProcessOptions & { readonly log: string }): Promise<Running>
  /** Runs a command to its end, within a limit, with `input` on its standard input. */
  run(
    program: string,
    args: readonly string[],
    options: ProcessOptions & { readonly input?: string },
  ): Promise<Completed>
  /** Polls until `holds`; rejects with what `says` makes when it did not in time. */
  until(holds: () => boolean | Promise<boolean>, says: () => SallyportError): Promise<void>
  /** Stops every process by its id and removes the folder, unless it is kept. */
  close(keep: 'keep' | 'remove'): Promise<void>
}

/** `others`: whether another user of this machine has to reach the open folder. */
export function createStage(signal: AbortSignal, others: boolean): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-demo-'))
  const open = join(folder, 'open')
  mkdirSync(open, { mode: 0o755 })
  // Passed through and not listed: what is private in it is 0600 or 0700 itself.
  if (others) chmodSync(folder, 0o711)
  const running: ChildProcess[] = []

  const launch = (
    program: string,
    args: readonly string[],
    options: ProcessOptions,
    stdio: ('pipe' | 'ignore' | number)[],
  ) => {
    signal.throwIfAborted()
    const { directory, environment, user } = options
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...environment },
      stdio,
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    })
    running.push(child)
    return child
  }

  return {
    folder,
    open,
    signal,
    async start(program, args, options) {
      const log = openSync(options.log, 'a', 0o600)
      try {
        const child = launch(program, args, options, ['ignore', log, log])
        await started(child, program)
        return {
          pid: child.pid ?? 0,
          outcome: () => child.exitCode ?? child.signalCode ?? undefined,
          stop: () => stop(child),
        }
      } finally {
        closeSync(log)
      }
    },
    async run(program, args, options) {
      const child = launch(program, args, options, ['pipe', 'pipe', 'pipe'])
      const stdout = collect(child.stdout)
      const stderr = collect(child.stderr)
      // Who does not read its input closes it early.
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(options.input ?? '')
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.demoCommandTimeoutMs)])
      // A grandchild that outlives it would hold the pipes open.
      const onLimit = () =>
        void stop(child).then(() => {
          child.stdout?.destroy()
          child.stderr?.destroy()
        })
      limit.addEventListener('abort', onLimit)
      try {
        await started(child, program)
        const code = await new Promise<number | string>((resolve) =>
          child.once('close', (status, killed) => resolve(status ?? killed ?? 'unknown')),
        )
        signal.throwIfAborted()
        return {
          code: limit.aborted ? `no end in ${limits.demoCommandTimeoutMs / 1_000} s` : code,
          stdout: stdout(),
          stderr: stderr(),
        }
      } finally {
        limit.removeEventListener('abort', onLimit)
      }
    },
    async until(holds, says) {
      const end = performance.now() + limits.demoStartTimeoutMs
      while (!(await holds())) {
        if (performance.now() > end) throw says()
        await delay(25, undefined, { signal })
      }
    },
    async close(keep) {
      await Promise.all(running.map(stop))
      if (keep === 'remove') rmSync(folder, { recursive: true, force: true })
    },
  }
}

function started(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) =>
      reject(
        new SallyportError('APP_NOT_STARTED', `${program}: could not be started (${systemCode(cause)})`, { cause }),
      ),
    )
  })
}

/** Asks it to end, and does not ask a second time. */
async function stop(child: ChildProcess): Promise<void> {
  const isOver = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  if (isOver()) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const patience = new AbortController()
  await Promise.race([ended, delay(limits.demoStopTimeoutMs, undefined, { signal: patience.signal })])
  if (!isOver()) child.kill('SIGKILL')
  await ended
  patience.abort()
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  let length = 0
  stream?.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= limits.demoOutputBytesMax) chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The checkout under test; a test of a defence runs a copy in which the defence is taken out. */
export const checkout = join(import.meta.dirname, '../..')

export interface ReadyFile {
  readonly pid: number
  readonly ingress?: string
  readonly egress?: {
    readonly forward: string
    readonly ca: string
    readonly reverse: Readonly<Record<string, string>>
  }
}

export interface RunningSallyport {
  readonly ready: ReadyFile
  readonly process: ChildProcess
  /** What came on standard output and standard error until now. */
  output(): string
  /** Ends it with SIGTERM and resolves to its exit code or signal. */
  stop(): Promise<number | string>
  readonly ended: Promise<number | string>
}

export interface RunOptions {
  /** YAML of the configuration, written into `folder`. */
  readonly config: string
  readonly command: readonly string[]
  readonly folder: string
  readonly environment?: Readonly<Record<string, string>>
  readonly root?: string
  /** Runs the whole as this user, by setpriv. */
  readonly uid?: number
  readonly args?: readonly string[]
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A folder that is removed when the test process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  folders.push(folder)
  return folder
}

/** Starts the real command line in `folder` and waits until its doors are open. Rejects with its output otherwise. */
export async function runSallyport(options: RunOptions): Promise<RunningSallyport> {
  const { folder, root = checkout } = options
  const readyFile = join(folder, `ready-${Math.random().toString(36).slice(2)}.json`)
  const config = join(folder, 'sallyport.yaml')
  writeFileSync(config, options.config)
  const words = [
    join(root, 'sallyport'),
    'run',
    '--config',
    config,
    '--ready',
    readyFile,
    ...(options.args ?? []),
    '--',
    ...options.command,
  ]
  const [program = '', ...args] =
    options.uid === undefined
      ? words
      : ['setpriv', '--reuid', String(options.uid), '--regid', String(options.uid), '--clear-groups', '--', ...words]
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: tmpdir(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk
  })
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  )
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  await until(
    () => existsSync(readyFile) || isOver,
    15_000,
    () => `sallyport did not open its doors:\n${text}`,
  )
  if (isOver && !existsSync(readyFile)) throw new Error(`sallyport ended with ${await ended}:\n${text}`)
  return {
    ready: JSON.parse(readFileSync(readyFile, 'utf8')),
    process: child,
    output: () => text,
    ended,
    async stop() {
      if (!isOver) child.kill('SIGTERM')
      return ended
    },
  }
}

/** Polls until `holds`, or throws after `limitMs`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limitMs: number,
  says: () => string,
): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(says())
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

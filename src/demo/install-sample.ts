import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { SampleApp } from './sample-apps.ts'
import type { SampleUser } from './stage.ts'

interface Installation {
  readonly app: SampleApp
  readonly root: string
  readonly path: string
  readonly signal: AbortSignal
  progress(text: string): void
}

/**
 * Makes sure that the sample's language and framework are there; installs them from the distribution where it may.
 * Throws COMPONENT_MISSING, after the installer has said what to do.
 */
export async function installSample({ app, root, path, signal, progress }: Installation): Promise<void> {
  if (await succeeds(app.needs, { path, signal, limitMs: limits.demoAnswerTimeoutMs })) return
  progress('installing Ruby and Sinatra from the distribution')
  const script = join(root, 'scripts/servers.sh')
  if (await succeeds(['sh', script, 'demo'], { path, signal, limitMs: limits.demoInstallTimeoutMs, says: 'inherit' }))
    return
  throw new SallyportError(
    'COMPONENT_MISSING',
    'the sample service needs Ruby and Sinatra, see above; without them: ./sallyport demo --app node',
  )
}

/**
 * As root the sample runs as `nobody`, bare and under `run`: it is full of holes. Undefined where that user cannot reach
 * what the sample needs.
 */
export async function findSampleUser({ app, path, signal }: Installation): Promise<SampleUser | undefined> {
  if (process.getuid?.() !== 0 || !isOpenToAll(tmpdir())) return undefined
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody')
  if (!entry) return undefined
  const user = { name: 'nobody', uid: Number(entry[2]), gid: Number(entry[3]) }
  return (await succeeds(app.needs, { path, signal, limitMs: limits.demoAnswerTimeoutMs, user })) ? user : undefined
}

function isOpenToAll(folder: string): boolean {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false
  }
  return true
}

interface Trial {
  readonly path: string
  readonly signal: AbortSignal
  readonly limitMs: number
  readonly user?: SampleUser
  readonly says?: 'inherit'
}

/** Rejects with the signal's reason alone. */
async function succeeds([program = '', ...args]: readonly string[], trial: Trial): Promise<boolean> {
  const { path, signal, limitMs, user, says = 'ignore' } = trial
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { PATH: path },
      // Standard output is the report's.
      stdio: ['ignore', 'ignore', says],
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    })
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  signal.throwIfAborted()
  return code === 0
}

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { SallyportError } from '../errors.ts'
import type { SampleApp } from './sample-apps.ts'

interface Installation {
  readonly app: SampleApp
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  progress(text: string): void
}

const lookLimitMs = 20_000
/** apt-get waits for other installations, up to ten minutes. */
const installLimitMs = 1_200_000

/**
 * Makes sure that the sample's language and framework are there; installs them from the distribution where it may.
 * Throws COMPONENT_MISSING, after the installer has said what to do.
 */
export async function installSample({ app, root, environment, signal, progress }: Installation): Promise<void> {
  if (app.id === 'node') return
  const PATH = environment.PATH ?? '/usr/bin:/bin'
  const look = ['-e', 'require "sinatra/base"; require "puma"']
  if (await succeeds('ruby', look, PATH, 'ignore', AbortSignal.any([signal, AbortSignal.timeout(lookLimitMs)]))) return
  signal.throwIfAborted()
  progress('installing Ruby and Sinatra from the distribution')
  const script = join(root, 'scripts/servers.sh')
  const limit = AbortSignal.any([signal, AbortSignal.timeout(installLimitMs)])
  if (await succeeds('sh', [script, 'demo'], PATH, 'inherit', limit)) return
  signal.throwIfAborted()
  throw new SallyportError(
    'COMPONENT_MISSING',
    'the sample service needs Ruby and Sinatra, see above; without them: ./sallyport demo --app node',
  )
}

function succeeds(
  program: string,
  args: readonly string[],
  PATH: string,
  output: 'ignore' | 'inherit',
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    // The installer's words are for people: standard output is the report's.
    const child = spawn(program, args, { env: { PATH }, stdio: ['ignore', 'ignore', output], signal })
    child.once('error', () => resolve(false))
    child.once('close', (code) => resolve(code === 0))
  })
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SallyportError } from '../errors.ts'
import { stripeSecretKey } from '../keys/kinds/stripe-secret-key.ts'
import { randomText } from '../keys/random.ts'
import { compare } from './compare.ts'
import { findSampleUser, installSample } from './install-sample.ts'
import { callCount, measureService } from './measure-service.ts'
import { changedFiles, copySample, type Props, prepareSample } from './prepare-sample.ts'
import { readScan } from './read-report.ts'
import { type SampleApp, sampleApps } from './sample-apps.ts'
import { createStage, type SampleUser, type Stage } from './stage.ts'
import { startBare, startUnderRun } from './start-service.ts'
import { type DemoReport, maskKey } from './write-comparison.ts'

export interface DemoOptions {
  readonly app: SampleApp['id']
  readonly keep: boolean
  /** The environment that PATH is taken from. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Says what is done now, for people. */
  progress(text: string): void
}

/** The checkout: package.json stands at its root, and beside the bundle. */
const root = dirname(fileURLToPath(new URL('../../package.json', import.meta.url)))

/**
 * Takes a sample service through the product, by its own command line, and measures the service as it is and under
 * `run`. Whatever it started is stopped and its folder removed, however it ends. Throws COMPONENT_MISSING,
 * PLATFORM_UNSUPPORTED, APP_NOT_STARTED, DEMO_CLAIM_FAILED (a command failed); the signal's reason when it is aborted.
 */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const app = sampleApps[options.app]
  const { signal, progress } = options
  requireCheckout(app)
  const path = `${dirname(process.execPath)}:${options.environment.PATH ?? '/usr/bin:/bin'}`
  const installation = { app, root, path, signal, progress }
  await installSample(installation)
  const began = performance.now()
  const user = await findSampleUser(installation)
  const stage = createStage(signal, user !== undefined)
  try {
    const props = setUp(path, app, stage, user)
    progress(`copying examples/${app.folder} and scanning it`)
    const service = copySample(props)
    const scan = await props.sallyport(['scan', '--format', 'json', '.'], service)
    if (scan.code !== 0 && scan.code !== 1)
      throw new SallyportError('DEMO_CLAIM_FAILED', `sallyport scan ended with ${scan.code}: ${scan.stderr.trim()}`)
    writeFileSync(join(stage.folder, 'scan.json'), scan.stdout)
    const scanned = readScan(scan.stdout)
    progress('making a key, certificates and an upstream that knows only the key’s SHA-256')
    const sample = await prepareSample(props, service)
    progress(`the service as it is: ${callCount} calls, then memory, log, error page, probe, its own tests`)
    const bare = await measureService(props, sample, await startBare(props, sample))
    progress('the same code under sallyport run: the same again')
    const run = await measureService(props, sample, await startUnderRun(props, sample))
    const code = changedFiles(props, service)
    const sections = compare({ app, scanned, bare, run, code, otherUser: user !== undefined })
    const claims = sections.flatMap(({ lines }) => lines)
    return {
      app: {
        id: app.id,
        title: app.title,
        folder: app.folder,
        runsAs: user?.name ?? 'the same user',
        isFollowed: app.predicted.length > 0,
      },
      key: maskKey(props.key),
      scanned,
      sections,
      claims: {
        held: claims.filter(({ standing }) => standing === 'held').length,
        failed: claims.filter(({ standing }) => standing === 'failed').map(({ id }) => id),
      },
      durationMs: Math.round(performance.now() - began),
      ...(options.keep ? { folder: stage.folder } : {}),
    }
  } finally {
    progress(`stopping what was started${options.keep ? `; kept: ${stage.folder}` : ''}`)
    await stage.close(options.keep ? 'keep' : 'remove')
  }
}

function setUp(path: string, app: SampleApp, stage: Stage, user: SampleUser | undefined): Props {
  const home = join(stage.folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  const environment = {
    PATH: path,
    LANG: 'C.UTF-8',
    HOME: home,
    XDG_STATE_HOME: home,
  }
  return {
    app,
    stage,
    root,
    user,
    environment,
    key: stripeSecretKey.example(randomText()),
    sallyport: (args, directory, input) =>
      stage.run(join(root, 'sallyport'), args, { directory, environment, ...(input === undefined ? {} : { input }) }),
  }
}

function requireCheckout(app: SampleApp): void {
  if (process.platform !== 'linux')
    throw new SallyportError(
      'PLATFORM_UNSUPPORTED',
      'the demo needs Linux: the doors do, and it measures through /proc',
    )
  if (existsSync(join(root, 'examples', app.folder)) && existsSync(join(root, 'sallyport'))) return
  throw new SallyportError(
    'COMPONENT_MISSING',
    'the sample services are in the repository and not in the package: clone it and run ./sallyport demo there',
  )
}

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plan } from '../config/plan.ts'
import { describeProblem } from '../config/problem.ts'
import { readPlanOrThrow } from '../config/read-plan.ts'
import { SallyportError } from '../errors.ts'
import { openKernel } from '../kernel/kernel.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { writeHandover } from './handover.ts'
import { keysFromEnvironment } from './keys-from-environment.ts'
import { withMarks } from './launch-marks.ts'
import { hostsPastTheDoor, proxyFromEnvironment, proxySecret, withoutProxies } from './proxy-from-environment.ts'

export interface LaunchOptions {
  readonly command: readonly string[]
  readonly config?: string
  readonly ready?: string
  readonly strict: boolean
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What `launch` is about to become: everything but the last step, so that a test can look at it. */
export interface Launch {
  readonly plan: Plan
  /** The app's environment without the keys. */
  readonly environment: Readonly<Record<string, string>>
  /** By variable. */
  readonly secrets: ReadonlyMap<string, string>
  readonly notices: readonly string[]
}

/** Reads configuration and environment. Throws CONFIG_INVALID, STORE_KEY_MISSING, CLI_USAGE. */
export async function prepareLaunch(options: LaunchOptions): Promise<Launch> {
  const { directory, environment, command, strict } = options
  const outcome = await readPlanOrThrow({
    directory,
    environment,
    strict,
    ...(command.length > 0 ? { command } : {}),
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.ready === undefined ? {} : { ready: options.ready }),
  })
  const configured = outcome.plan.keys
  const spokenOf = new Set(
    configured.flatMap((key) => [...key.environment, ...(key.store === 'env' ? [key.reference] : [])]),
  )
  const found = keysFromEnvironment(environment, await loadKinds(), spokenOf)
  const names = new Set(configured.map(({ name }) => name))
  const keys = [...configured, ...found.keys.filter(({ name }) => !names.has(name))]
  const secrets = new Map<string, string>()
  const byKey = new Map<string, string>()
  for (const key of keys) {
    if (key.store !== 'env') continue
    const value = environment[key.reference]
    if (value === undefined || value === '')
      throw new SallyportError(
        'STORE_KEY_MISSING',
        `${key.at}: key ${key.name}: the variable ${key.reference} is not set`,
      )
    secrets.set(key.reference, value.trim())
    byKey.set(key.name, value.trim())
  }
  const values = [...secrets.values()]
  if (command.some((word) => values.some((value) => word.includes(value)))) {
    throw new SallyportError(
      'CLI_USAGE',
      'the command holds a key: command lines are readable to everybody on the machine; let the app read the key from its environment',
    )
  }
  const removed = new Set(keys.flatMap((key) => [...key.environment, ...(key.store === 'env' ? [key.reference] : [])]))
  const left: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || removed.has(name)) continue
    left[name] = withMarks(value, byKey)
  }
  const { egress } = outcome.plan
  // Without a key there is no door: the app goes out as it always did.
  const proxy = keys.length > 0 && egress.proxy === 'environment' ? proxyFromEnvironment(environment) : undefined
  if (proxy?.authorization !== undefined) secrets.set(proxySecret, proxy.authorization)
  const past = hostsPastTheDoor([...new Set(keys.flatMap(({ hosts }) => hosts))], environment)
  const notices = [...outcome.notices.map(describeProblem), ...found.notices, ...(proxy ? [proxy.notice] : [])]
  if (past.length > 0)
    notices.push(
      `NO_PROXY names ${past.join(', ')}: the app calls past the door there, and has a phantom only; a base URL (url_env) leads to the door all the same`,
    )
  return {
    plan: {
      ...outcome.plan,
      keys,
      egress: { ...egress, proxy: egress.proxy === 'environment' ? (proxy?.plan ?? 'none') : (egress.proxy ?? 'none') },
    },
    environment: keys.length > 0 ? withoutProxies(left) : left,
    secrets,
    notices,
  }
}

/**
 * Becomes the gateway: same process id, empty environment, none of the libraries' memory, and no string of ours that
 * ever held a key. Returns only by throwing PLATFORM_UNSUPPORTED.
 */
export function becomeGateway(launch: Launch, entry: URL): never {
  const opened = openKernel()
  if (!('kernel' in opened)) {
    throw new SallyportError(
      'PLATFORM_UNSUPPORTED',
      `the doors need Linux and its C library (${opened.missing}); scan and probe work here`,
    )
  }
  const descriptor = opened.kernel.createMemoryFile()
  if (descriptor < 0)
    throw new SallyportError(
      'PLATFORM_UNSUPPORTED',
      'the kernel gave no memory file (memfd_create); it is needed to hand keys over',
    )
  writeHandover(descriptor, launch, launch.secrets)
  const { execve } = process
  if (!execve) throw new SallyportError('PLATFORM_UNSUPPORTED', 'this Node cannot replace its process (process.execve)')
  const file = fileURLToPath(entry)
  execve(process.execPath, [process.execPath, ...gatewayFlags, file, String(descriptor), ...sourceCache(file)], {})
  throw new SallyportError('PLATFORM_UNSUPPORTED', 'the process could not be replaced')
}

const gatewayFlags = [
  '--disable-warning=ExperimentalWarning',
  // SIGUSR1 would open the inspector to whoever may send us a signal, the app for one: it reads memory.
  '--disable-sigusr1',
  // Measured on both doors under load: 10 MiB less resident, and no CPU more.
  '--v8-pool-size=1',
  '--max-semi-space-size=2',
]

/**
 * From source, a cache of what Node makes of the `.ts` files, in the checkout: who may write there may write the source.
 * In any other folder an app of the same user could leave code that the next gateway runs, so the published bundle,
 * which starts as fast without, has none.
 */
function sourceCache(entry: string): string[] {
  return entry.endsWith('.ts') ? [join(dirname(entry), '../../.cache/gateway')] : []
}

import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../src/cli/version.ts'
import { writeHandover } from '../src/run/handover.ts'
import { prepareLaunch } from '../src/run/launch.ts'
import type { Contender, Payload, RunningDoor, SceneOptions, Target } from './door.ts'
import { type Started, start, until } from './process.ts'

const root = join(import.meta.dirname, '..')

export interface SallyportOptions {
  readonly directory: string
  /** sallyport.yaml. */
  readonly config: string
  readonly environment: Readonly<Record<string, string>>
  target(ready: Ready, appEnvironment: ReadonlyMap<string, string>): (payload: Payload) => Target
}

/** The file that `run --ready` writes. */
export interface Ready {
  readonly pid: number
  readonly ingress?: string
  readonly egress?: { readonly reverse: Readonly<Record<string, string>> }
}

/** Sallyport as its user starts it, from the checkout at `from`. */
function sallyport(name: string, from: string, options: SallyportOptions): Contender {
  return contender(name, options, (args, env, log) =>
    start(join(from, 'sallyport'), args, { env, stdio: ['ignore', 'ignore', log] }),
  )
}

/** The bundle that is published, made by `npm run build`: what a user's machine loads, without types to strip. */
function builtSallyport(options: SallyportOptions): Contender {
  const bin = join(root, 'dist/sallyport.js')
  if (!existsSync(bin)) throw new Error('there is no dist/sallyport.js; run npm run build first, or leave out --built')
  return contender('built', options, (args, env, log) =>
    start(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...args], {
      env,
      stdio: ['ignore', 'ignore', log],
    }),
  )
}

/**
 * The gateway alone, with other flags of Node: started directly, because `run` becomes it with its own. For what flags
 * cost and save, and for profiles. Its time to start is not comparable.
 */
function gatewayWithFlags(flags: string, options: SallyportOptions): Contender {
  return contender(`gateway ${flags}`, options, async (args, environment, log) => {
    const command = args.slice(args.indexOf('--') + 1)
    const [config, ready] = [args[args.indexOf('--config') + 1] ?? '', args[args.indexOf('--ready') + 1] ?? '']
    const launch = await prepareLaunch({
      command,
      config,
      ready,
      environment,
      strict: false,
      directory: options.directory,
    })
    const file = join(options.directory, `handover-${process.hrtime.bigint()}`)
    const descriptor = openSync(file, 'w+', 0o600)
    rmSync(file)
    writeHandover(descriptor, launch, launch.secrets)
    const entry = join(root, 'src/run/gateway.entry.ts')
    const node = ['--disable-warning=ExperimentalWarning', '--disable-sigusr1', ...flags.split(' ').filter(Boolean)]
    return start(process.execPath, [...node, entry, '3'], {
      env: {},
      cwd: options.directory,
      stdio: ['ignore', 'ignore', log, descriptor],
    })
  })
}

/** Sallyport in the forms that were asked for. */
export function ourContenders(options: SallyportOptions, { built, against, variants }: SceneOptions): Contender[] {
  return [
    sallyport('sallyport', root, options),
    ...(against === undefined ? [] : [sallyport('against', against, options)]),
    ...(built ? [builtSallyport(options)] : []),
    ...variants.map((flags) => gatewayWithFlags(flags, options)),
  ]
}

function contender(
  name: string,
  options: SallyportOptions,
  launch: (args: string[], environment: Record<string, string>, log: number) => Started | Promise<Started>,
): Contender {
  let count = 0
  return {
    name,
    version,
    async start(): Promise<RunningDoor> {
      const base = join(options.directory, `${name.replaceAll(/[^a-z0-9]+/g, '-')}-${++count}`)
      const ready = `${base}.ready`
      writeFileSync(`${base}.yaml`, `${options.config}\naudit: { file: ${base}.jsonl }\n`)
      // The app of a benchmark: says which environment it was given, and waits. It ends by itself so that the gateway
      // does too, and a profile is written.
      const app = 'sleep 86400 & trap "kill $!; exit 0" TERM; env -0 > "$0.new"; mv "$0.new" "$0"; wait'
      const log = openSync(`${base}.log`, 'w')
      const started = await launch(
        ['run', '--config', `${base}.yaml`, '--ready', ready, '--', 'sh', '-c', app, `${base}.environment`],
        { PATH: process.env.PATH ?? '', HOME: options.directory, ...options.environment },
        log,
      )
      closeSync(log)
      await until(started, () => existsSync(ready)).catch((error: Error) => {
        throw new Error(`${error.message}\n${readFileSync(`${base}.log`, 'utf8')}`, { cause: error })
      })
      const startMs = performance.now() - started.startedAt
      await until(started, () => existsSync(`${base}.environment`))
      const opened = JSON.parse(readFileSync(ready, 'utf8')) as Ready
      return {
        target: options.target(opened, readEnvironment(`${base}.environment`)),
        startMs,
        pids: () => [opened.pid],
        async stop() {
          await started.stop()
          warn(name, `${base}.log`)
        },
      }
    },
  }
}

function readEnvironment(file: string): Map<string, string> {
  const entries = readFileSync(file, 'utf8').split('\0').filter(Boolean)
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
}

/** Shows what Node says that the gateway does not: a leak of listeners, say. */
function warn(name: string, log: string): void {
  const lines = readFileSync(log, 'utf8').split('\n')
  const unexpected = new Set(
    lines.filter((line) => line.includes('Warning')).map((line) => line.replace(/^\(node:\d+\) /, '')),
  )
  for (const line of unexpected) process.stderr.write(`bench: ${name} said: ${line}\n`)
}

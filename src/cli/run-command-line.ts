import { buildApplication, buildRouteMap, run, text_en } from '@stricli/core'
import { errorEntry, framesOf, SallyportError } from '../errors.ts'
import type { CommandSpec, World } from './command.ts'
import { table } from './commands/index.ts'
import { version } from './version.ts'

/** Runs one command line and resolves to its exit code: 0, 1, 2, or 70 for a bug of ours (style.md). */
export async function runCommandLine(
  args: readonly string[],
  world: Omit<World, 'finish'> | undefined = thisProcess(),
): Promise<number> {
  if (!world) {
    process.stderr.write('sallyport: the current folder is not there any more [FILE_UNREADABLE]\n')
    return 2
  }
  if (args[0] === '--version') {
    world.process.stdout.write(`sallyport ${version}\n`)
    return 0
  }
  const specs = await load(args[0])
  let asked = 0
  const finish = (code: number) => {
    asked = code
  }
  const context: World = { ...world, finish }
  await run(application(specs), args, context)
  const outcome = Number(context.process.exitCode ?? 0)
  if (outcome === 0) return asked
  // stricli's own codes are negative, or 251 and 252 as a process would show them.
  return outcome < 0 || outcome > 200 ? 2 : outcome
}

/** Only the named command; all of them when none, or an unknown one, is named, for help and for suggestions. */
async function load(name: string | undefined): Promise<CommandSpec[]> {
  const entry = table.find(({ id }) => id === name)
  return Promise.all((entry ? [entry] : table).map(({ load }) => load()))
}

function application(specs: readonly CommandSpec[]) {
  const routes = Object.fromEntries(specs.map((spec) => [spec.id, spec.target]))
  const root = buildRouteMap<string, World>({
    routes,
    docs: { brief: 'Takes API keys out of services that talk mutual TLS: finds them, replaces them, proves it.' },
  })
  return buildApplication(root, {
    name: 'sallyport',
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
    localization: { text: { ...text_en, exceptionWhileRunningCommand: describe } },
    determineExitCode: (error) => (error instanceof SallyportError ? errorEntry(error.code).exit : 70),
  })
}

/** A foreseen failure in its own words; a bug of ours with its stack, and what to do with it. */
function describe(error: unknown): string {
  if (error instanceof SallyportError) return `sallyport: ${error.message} [${error.code}]`
  const place = error instanceof Error ? [error.name, ...framesOf(error)].join('\n') : typeof error
  return `sallyport: this is a bug in Sallyport, not in what you gave it; please report it\n${place}`
}

/** Undefined where the folder that it was started in has been removed. */
function thisProcess(): Omit<World, 'finish'> | undefined {
  const { stdout, stderr } = process
  let directory: string
  try {
    directory = process.cwd()
  } catch {
    return undefined
  }
  return {
    process: { stdout, stderr },
    stdin: process.stdin,
    environment: process.env,
    directory,
  }
}

import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Deployment, Start } from '../deployment.ts'
import { findFile, folderOf, joinPath } from '../find-file.ts'
import { readOptions } from '../options.ts'
import { baseName } from '../unwrap-command.ts'
import { type AppRun, appRun } from './app-run.ts'
import { installedServers, serverOrders } from './installed-servers.ts'
import { portOf } from './puma-configuration.ts'

/** One way in which a Ruby web server comes to listen. */
export interface RackStart {
  /** Undefined: no file of the tree starts it, and this is how such a program is started by itself. */
  readonly start: Start | undefined
  /** Undefined where it cannot be told which of the installed ones it is. */
  readonly server: string | undefined
  /** Its own command, `rackup`, `rails server`, or the program's own code. */
  readonly by: 'itself' | 'rackup' | 'rails' | 'code'
  readonly folder: string
  readonly environment: ReadonlyMap<string, string>
  /** `production`, where something says it. */
  readonly stage: string | undefined
  readonly host: string | undefined
  readonly port: number | undefined
  /** Addresses as the server's own command takes them. */
  readonly binds: readonly string[]
  /** Whether the command itself gives an address, which takes the place of the configuration's. */
  readonly givesAddress: boolean
  /** Configuration that the command names; undefined: the default ones. */
  readonly configuration: readonly string[] | undefined
  readonly argv: readonly string[]
  /** Where the program starts its server itself. */
  readonly run: AppRun | undefined
  /** What to point at. */
  readonly at: { readonly file: SourceFile; readonly start: number; readonly end: number }
}

const remembered = new WeakMap<Deployment, readonly RackStart[]>()

/** How the tree's Ruby programs come to listen: by its start commands, and by their own code where nothing starts them. */
export function rackStarts(tree: Tree, deployment: Deployment): readonly RackStart[] {
  let starts = remembered.get(deployment)
  if (!starts) {
    const known = deployment.starts.flatMap((start) => rackStart(tree, start) ?? [])
    starts = [...known, ...unstarted(tree, known)]
    remembered.set(deployment, starts)
  }
  return starts
}

const programs = new Set([
  'puma',
  'thin',
  'unicorn',
  'unicorn_rails',
  'rackup',
  'rails',
  'falcon',
  'passenger',
  'iodine',
  'shotgun',
  'hanami',
])

function rackStart(tree: Tree, start: Start): RackStart | undefined {
  const argv = withoutRuby(start.argv)
  const program = baseName(argv[0] ?? '')
  switch (program) {
    case 'puma':
      return pumaStart(start, argv)
    case 'rackup':
    case 'shotgun':
      return rackupStart(tree, start, argv)
    case 'rails':
      return argv[1] === 'server' || argv[1] === 's' ? railsStart(tree, start, argv) : undefined
    case 'ruby':
    case 'jruby':
      return rubyStart(tree, start, argv)
    case 'thin':
    case 'unicorn':
    case 'unicorn_rails':
    case 'falcon':
    case 'passenger':
    case 'iodine':
      return { ...plainStart(start, argv), server: program.replace('_rails', '') }
    default:
      return undefined
  }
}

/** `ruby -S puma`, `ruby bin/puma`: the program that is meant. */
function withoutRuby(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'ruby') return argv
  const at = argv.findIndex((word, index) => index > 0 && !word.startsWith('-'))
  const name = at === -1 ? '' : baseName(argv[at] ?? '')
  return programs.has(name) ? [name, ...argv.slice(at + 1)] : argv
}

function plainStart(start: Start, argv: readonly string[]): RackStart {
  const { environment, folder } = start
  return {
    start,
    server: undefined,
    by: 'itself',
    folder,
    environment,
    stage: stageOf(environment),
    host: undefined,
    port: undefined,
    binds: [],
    givesAddress: false,
    configuration: undefined,
    argv,
    run: undefined,
    at: start,
  }
}

function stageOf(environment: ReadonlyMap<string, string>): string | undefined {
  return environment.get('APP_ENV') ?? environment.get('RACK_ENV') ?? environment.get('RAILS_ENV')
}

function pumaStart(start: Start, argv: readonly string[]): RackStart {
  const { values } = readOptions(argv.slice(1), [
    ['-b', '--bind'],
    ['-C', '--config'],
    ['-p', '--port'],
    ['-e', '--environment'],
    ['-t', '--threads'],
    ['-w', '--workers'],
    ['-S', '--state'],
    ['-I', '--include'],
    ['-R', '--restart-cmd'],
    ['--control-url'],
    ['--control-token'],
    ['--dir'],
    ['--pidfile'],
    ['--tag'],
    ['--redirect-stdout'],
    ['--redirect-stderr'],
  ])
  const ports = (values.get('-p') ?? []).map((port) => `tcp://0.0.0.0:${port}`)
  const binds = [...(values.get('-b') ?? []), ...ports]
  const configuration = values.has('--no-config') ? ['-'] : values.get('-C')
  return {
    ...plainStart(start, argv),
    server: 'puma',
    binds,
    givesAddress: binds.length > 0,
    configuration,
    folder: joinPath(start.folder, relative(values.get('--dir')?.[0])),
    stage: values.get('-e')?.at(-1) ?? stageOf(start.environment),
  }
}

function relative(path: string | undefined): string {
  return path === undefined || path.startsWith('/') ? '' : path
}

function rackupStart(tree: Tree, start: Start, argv: readonly string[]): RackStart {
  const { values, words } = readOptions(argv.slice(1), [
    ['-s', '--server'],
    ['-o', '--host'],
    ['-p', '--port'],
    ['-E', '--env'],
    ['-O', '--option'],
    ['-I', '--include'],
    ['-r', '--require'],
    ['-e', '--eval'],
    ['-b', '--builder'],
    ['-P', '--pid'],
  ])
  const folder = joinPath(start.folder, folderOf(relative(words[0])))
  const stage = values.get('-E')?.at(-1) ?? start.environment.get('RACK_ENV')
  const named = values.get('-s')?.at(-1)?.toLowerCase() ?? start.environment.get('RACK_HANDLER')?.toLowerCase()
  return {
    ...plainStart(start, argv),
    server: named ?? firstInstalled(tree, folder, serverOrders.rack),
    by: 'rackup',
    stage,
    host:
      values.get('-o')?.at(-1) ?? (stage === undefined ? undefined : stage === 'development' ? 'localhost' : '0.0.0.0'),
    port: portOf(values.get('-p')?.at(-1) ?? '9292'),
    givesAddress: true,
  }
}

function railsStart(tree: Tree, start: Start, argv: readonly string[]): RackStart {
  const { values, words } = readOptions(argv.slice(2), [
    ['-b', '--binding'],
    ['-p', '--port'],
    ['-e', '--environment'],
    ['-u', '--using'],
    ['-c', '--config'],
    ['-P', '--pid'],
  ])
  const { environment, folder } = start
  const host = values.get('-b')?.at(-1) ?? environment.get('BINDING') ?? environment.get('HOST')
  const port = values.get('-p')?.at(-1) ?? environment.get('PORT')
  const named = values.get('-u')?.at(-1) ?? words.find((word) => programs.has(word))
  const stage = values.get('-e')?.at(-1) ?? stageOf(environment)
  return {
    ...plainStart(start, argv),
    server: named?.toLowerCase() ?? firstInstalled(tree, folder, serverOrders.rack) ?? 'puma',
    by: 'rails',
    stage,
    host: host ?? (stage === undefined ? undefined : stage === 'development' ? 'localhost' : '0.0.0.0'),
    port: portOf(port ?? '3000'),
    givesAddress: host !== undefined || port !== undefined,
  }
}

/** `ruby app.rb -p 80 -o 0.0.0.0 -e production -s puma`: the options are Sinatra's, and only a classic app reads them. */
function rubyStart(tree: Tree, start: Start, argv: readonly string[]): RackStart | undefined {
  const script = argv.findIndex((word, index) => index > 0 && /\.(?:rb|ru)$|^[^-].*\/[^/.]+$/.test(word))
  const path = script === -1 ? undefined : findFile(tree, start.folder, argv[script] ?? '')
  const run = path === undefined ? undefined : appRun(tree, path, start.environment)
  return run && codeStart(tree, run, start, start.folder, argv.slice(script + 1))
}

function codeStart(
  tree: Tree,
  run: AppRun,
  start: Start | undefined,
  folder: string,
  args: readonly string[],
): RackStart {
  const { values } = readOptions(run.by === 'sinatra' ? args : [], [['-p'], ['-o'], ['-e'], ['-s']])
  const environment = start?.environment ?? new Map<string, string>()
  const order = run.by === 'sinatra' ? serverOrders.sinatra : serverOrders.rack
  // Options that only WEBrick has are meant for WEBrick, where nothing says what is installed.
  const named = values.get('-s') ?? run.servers ?? (isForWebrick(tree, run, folder) ? ['webrick'] : undefined)
  const stage = values.get('-e')?.at(-1) ?? run.environment ?? stageOf(environment)
  const byStage = stage === undefined ? undefined : stage === 'development' ? 'localhost' : '0.0.0.0'
  return {
    ...(start
      ? plainStart(start, args)
      : { start, argv: args, folder, environment, binds: [], configuration: undefined }),
    server: firstInstalled(tree, folder, named ?? order) ?? (named?.length === 1 ? named[0] : undefined),
    by: 'code',
    stage,
    host: values.get('-o')?.at(-1) ?? run.host ?? (run.givesAddress ? byStage : undefined),
    port: portOf(values.get('-p')?.at(-1) ?? run.port ?? environment.get('PORT') ?? defaultPort(run)),
    givesAddress: run.givesAddress,
    run,
    at: { file: run.file, start: run.start, end: run.end },
  }
}

function isForWebrick(tree: Tree, run: AppRun, folder: string): boolean {
  return run.options.has('SSLEnable') && installedServers(tree, folder) === undefined
}

function defaultPort(run: AppRun): string | undefined {
  return run.by === 'sinatra' ? '4567' : run.by === 'rack server' ? '9292' : undefined
}

function firstInstalled(tree: Tree, folder: string, order: readonly string[]): string | undefined {
  const installed = installedServers(tree, folder)
  return installed ? order.find((server) => installed.has(server)) : undefined
}

/** Programs that start their own server when they are run, in folders in which nothing starts one. */
function unstarted(tree: Tree, known: readonly RackStart[]): RackStart[] {
  const started = new Set(known.map(({ folder }) => folder))
  const runs = new Set(known.flatMap(({ run }) => (run ? [run.file.path] : [])))
  return tree.paths.flatMap((path) => {
    if (!path.endsWith('.rb') || runs.has(path) || /(?:^|\/)(?:spec|test|tests|vendor)\//.test(path)) return []
    const folder = folderOf(path)
    if (started.has(folder)) return []
    // Cheap first: most files of a large tree start nothing.
    if (!tree.isAbout(path, 'start by itself')) return []
    const run = appRun(tree, path, new Map())
    return run ? [codeStart(tree, run, undefined, folder, [])] : []
  })
}

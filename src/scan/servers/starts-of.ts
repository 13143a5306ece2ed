import { limits } from '../../limits.ts'
import type { Tree } from '../tree.ts'
import type { Start } from './deployment.ts'
import { findFile, hasFolder, joinPath } from './find-file.ts'
import { splitCommands } from './split-commands.ts'
import { baseName, unwrapCommand } from './unwrap-command.ts'

/** What is started: a shell's text, or words that no shell has seen. */
export type Command = string | readonly string[]

/** Everything of a start but its command. */
export type StartPlace = Omit<Start, 'argv'>

/** Programs that listen, by the names that they are called by. */
const serverPrograms = new Set([
  ...['puma', 'thin', 'unicorn', 'unicorn_rails', 'rackup', 'rails', 'falcon', 'falcon-host', 'passenger', 'iodine'],
  ...['shotgun', 'hanami', 'ruby', 'jruby'],
  ...['nginx', 'haproxy', 'httpd', 'apache2', 'apachectl', 'apache2ctl', 'caddy', 'envoy', 'traefik', 'stunnel'],
  ...['stunnel4', 'node', 'python', 'python3', 'gunicorn', 'uvicorn', 'hypercorn', 'uwsgi', 'ghostunnel', 'rdbg'],
])

/** What a shell does itself, or what only says something: no program of interest is started. */
const builtins = new Set([
  'set',
  'echo',
  'printf',
  '[',
  '[[',
  'test',
  ':',
  'true',
  'false',
  'trap',
  '.',
  'source',
  'sleep',
  'wait',
  'shift',
  'return',
  'exit',
  'local',
  'unset',
  'cd',
])

/** Whether a command may be a server: what scripts and tasks do besides is not of interest. */
export function mayServe({ argv }: Start): boolean {
  return serverPrograms.has(baseName(argv[0] ?? ''))
}

/**
 * The programs that a command starts in the end: wrappers taken off, shell texts split, scripts of the tree and npm's
 * scripts followed, `"$@"` filled in. Bounded by `scanScriptDepthMax` and `scanCommandsMax`, and for the whole tree by
 * `scanCommandsOfTreeMax`: scripts that call each other many times would be followed for ever.
 */
export function startsOf(tree: Tree, command: Command, place: StartPlace): Start[] {
  const starts: Start[] = []
  follow({ tree, starts, effort: effortOf(tree) }, command, place, [], 0)
  return starts
}

/** Whether all commands of the tree's starts have been looked at until now. */
export function areStartsComplete(tree: Tree): boolean {
  return effortOf(tree).left > 0
}

const efforts = new WeakMap<Tree, { left: number }>()

function effortOf(tree: Tree): { left: number } {
  const effort = efforts.get(tree) ?? { left: limits.scanCommandsOfTreeMax }
  efforts.set(tree, effort)
  return effort
}

const charactersOfOneCommand = 200

interface Following {
  readonly tree: Tree
  readonly starts: Start[]
  readonly effort: { left: number }
}

function follow(
  following: Following,
  command: Command,
  place: StartPlace,
  args: readonly string[],
  depth: number,
): void {
  const { effort } = following
  if (depth > limits.scanScriptDepthMax || following.starts.length >= limits.scanCommandsMax || effort.left <= 0) return
  effort.left -= command.length / charactersOfOneCommand
  if (typeof command !== 'string') {
    followWords(following, command, place, depth)
    return
  }
  const environment = new Map(place.environment)
  let { folder } = place
  for (const { words, assignments } of splitCommands(command, environment)) {
    if (effort.left-- <= 0) return
    if (words.length === 0) for (const [name, value] of assignments) environment.set(name, value)
    else if (words[0] === 'export') takeExports(words, environment)
    else if (words[0] === 'cd' && words[1] !== undefined) folder = changed(following.tree, folder, words[1])
    else {
      const filled = words.flatMap((word) => (word === '$@' || word === '$*' ? args : [positional(word, args)]))
      const own = new Map([...environment, ...assignments])
      followWords(following, filled, { ...place, folder, environment: own }, depth)
    }
  }
}

function takeExports(words: readonly string[], environment: Map<string, string>): void {
  for (const word of words.slice(1)) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
    if (name !== undefined) environment.set(name, value ?? '')
  }
}

/** `$1` and, with a fallback, what the shell would take. */
function positional(word: string, args: readonly string[]): string {
  const [, number, fallback] = /^\$\{?([1-9])(?::?-([^}]*))?\}?$/.exec(word) ?? []
  return number === undefined ? word : (args[Number(number) - 1] ?? fallback ?? word)
}

/** A folder that the tree does not have, or that is computed, is where the program already was. */
function changed(tree: Tree, folder: string, to: string): string {
  if (to.startsWith('/') || to.includes('$') || to === '~') return folder
  const next = joinPath(folder, to)
  return hasFolder(tree, next) ? next : folder
}

function followWords(following: Following, words: readonly string[], place: StartPlace, depth: number): void {
  const { argv, environment, shell } = unwrapCommand(words)
  const inner: StartPlace =
    environment.length === 0 ? place : { ...place, environment: new Map([...place.environment, ...environment]) }
  if (shell !== undefined) {
    follow(following, shell, inner, [], depth + 1)
    return
  }
  const [name] = argv
  if (name === undefined || name === '' || builtins.has(name)) return
  const program = baseName(name)
  if (serverPrograms.has(program)) {
    following.starts.push({ ...inner, argv: [program, ...argv.slice(1)] })
    return
  }
  const script = packageScript(following, inner.folder, argv)
  if (script !== undefined) {
    follow(following, script, inner, [], depth + 1)
    return
  }
  const path = /[/.]/.test(name) ? findFile(following.tree, inner.folder, name) : undefined
  const text = path === undefined ? undefined : following.tree.file(path)?.text
  const interpreter = path === undefined || text === undefined ? undefined : interpreterOf(path, text)
  if (path === undefined || text === undefined || interpreter === undefined || text.length > limits.scanScriptBytesMax)
    following.starts.push({ ...inner, argv })
  else if (interpreter === 'sh') follow(following, text, inner, argv.slice(1), depth + 1)
  else following.starts.push({ ...inner, argv: [...interpreter.split(' '), path, ...argv.slice(1)] })
}

/** `sh` for a script of any shell, else the words of its first line: `ruby`, `rackup`; undefined where nothing says it. */
export function interpreterOf(path: string, text: string): string | undefined {
  const [, line] = /^#![ \t]*([^\n]{1,200})/.exec(text) ?? []
  if (line === undefined) return path.endsWith('.sh') ? 'sh' : undefined
  const words = unwrapCommand(line.trim().split(/\s+/)).argv
  const [name] = words
  // A shell without a script is taken off as a wrapper would be.
  if (name === undefined || /(?:^|[/ ])(?:ba|da|a|z|k)?sh\b/.test(line)) return 'sh'
  return [baseName(name), ...words.slice(1)].join(' ')
}

/** The text that `npm start` and `yarn run NAME` stand for. */
function packageScript({ tree, effort }: Following, folder: string, argv: readonly string[]): string | undefined {
  const [tool, verb, named] = argv
  if (tool !== 'npm' && tool !== 'yarn' && tool !== 'pnpm') return undefined
  const name = verb === 'run' || verb === 'run-script' ? named : verb
  const text = tree.file(joinPath(folder, 'package.json'))?.text
  if (name === undefined || text === undefined || text.length > limits.scanScriptBytesMax) return undefined
  effort.left -= text.length / charactersOfOneCommand
  try {
    const scripts: unknown = JSON.parse(text)?.scripts
    const script: unknown = typeof scripts === 'object' && scripts !== null ? Reflect.get(scripts, name) : undefined
    return typeof script === 'string' ? script : undefined
  } catch {
    return undefined
  }
}

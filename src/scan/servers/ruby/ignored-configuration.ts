import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Deployment } from '../deployment.ts'
import { joinPath } from '../find-file.ts'
import { readPumaConfiguration } from './puma-configuration.ts'
import { configurationPaths, programOf, pumaConfigurations } from './puma-files.ts'
import { type RackStart, rackStarts } from './rack-starts.ts'

interface Piece {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** TLS that is configured and that no start of the program reads. */
export interface IgnoredConfiguration {
  /** What to change: the start, where there is one. */
  readonly at: Piece
  readonly configuration: Piece
  /** Half a sentence: what is done in the place of reading it. */
  readonly how: string
  /** Whether clients are to show certificates. */
  readonly claims: boolean
  readonly isCertain: boolean
  readonly correction?: string
}

export function ignoredConfigurations(tree: Tree, deployment: Deployment): IgnoredConfiguration[] {
  const starts = rackStarts(tree, deployment)
  return [...ignoredFiles(tree, starts), ...ignoredSettings(starts)]
}

function ignoredFiles(tree: Tree, starts: readonly RackStart[]): IgnoredConfiguration[] {
  return pumaConfigurations(tree).flatMap((path): IgnoredConfiguration[] => {
    const tls = tlsOf(tree, path)
    if (!tls) return []
    const folder = programOf(path)
    const own = starts.filter((start) => start.folder === folder)
    const known = own.filter(({ start }) => start !== undefined)
    const production = known.filter(({ start }) => start?.isDevelopment !== true)
    const unread = production.filter((start) => !mayRead(tree, start, path))
    // Where another start reads it, only one that says itself that it is for production is surely wrong.
    const [first] = unread.length < production.length ? unread.filter(({ stage }) => stage === 'production') : unread
    if (first)
      return [
        { ...tls, at: placeOf(first), how: howOf(first, path), isCertain: true, ...corrected(first, path, folder) },
      ]
    // Nothing starts it, and Puma alone could not: without config.ru the program can only start itself.
    const [itself] = own.filter(({ start, run }) => start === undefined && run?.givesAddress)
    if (known.length > 0 || !itself?.run || tree.file(joinPath(folder, 'config.ru'))) return []
    return [
      { ...tls, at: tls.configuration, how: `${itself.run.file.path} starts its server itself`, isCertain: false },
    ]
  })
}

/** The start, where there is one: what its command should say. */
function placeOf({ at, run, start }: RackStart): Piece {
  return start && at.file === run?.file ? start : at
}

/** The first listener with TLS of a configuration file, and whether it asks clients for certificates. */
function tlsOf(tree: Tree, path: string): Pick<IgnoredConfiguration, 'configuration' | 'claims'> | undefined {
  const file = tree.file(path)
  const root = file?.text.includes('ssl') ? tree.form(path) : undefined
  if (!file || !root) return undefined
  const bind = readPumaConfiguration(file, root, new Map()).binds.find(({ scheme }) => scheme === 'ssl')
  if (!bind) return undefined
  const mode = bind.parameters.get('verify_mode')
  return { configuration: bind, claims: bind.parameters.has('ca') || mode === 'peer' || mode === 'force_peer' }
}

/** Whether a start takes its addresses from the file, or from TLS of its own. */
function mayRead(tree: Tree, start: RackStart, path: string): boolean {
  const { server, givesAddress, binds, host, configuration } = start
  if (host?.startsWith('ssl://') || binds.some((bind) => bind.startsWith('ssl://'))) return true
  if (givesAddress) return false
  if (server !== undefined && server !== 'puma') return false
  // A configuration that the tree does not have under the name may be this one.
  const names = configuration?.filter((name) => name !== '-') ?? []
  const found = configurationPaths(tree, start)
  return found.includes(path) || (names.length > 0 && found.length < names.length)
}

function howOf({ argv, by, server, givesAddress, start }: RackStart, path: string): string {
  const command = (start?.argv ?? argv).slice(0, 2).join(' ')
  if (by === 'code' || by === 'rackup')
    return `${command} gives the server an address, and Puma then takes none of ${path}`
  if (server !== 'puma') return `${command} starts ${server ?? 'another server'}, which does not read ${path}`
  if (givesAddress) return `The address of the command replaces every bind of ${path}`
  return `${command} does not read ${path}`
}

const quotedMax = 400

/** The start, with Puma's own command in the place of its program; masked. */
function corrected({ start, by }: RackStart, path: string, folder: string): { correction?: string } {
  if (!start || start.end - start.start >= quotedMax) return {}
  const text = start.file.quote(start.start, start.end)
  const name = folder === '' ? path : path.slice(folder.length + 1)
  const words = by === 'itself' && start.argv[0] === 'puma' ? withoutAddress(start.argv, name) : ['puma', '-C', name]
  const plain = start.argv.join(' ')
  const listed = start.argv.map((word) => JSON.stringify(word)).join(', ')
  if (text.includes(listed))
    return { correction: text.replace(listed, () => words.map((word) => JSON.stringify(word)).join(', ')) }
  return text.includes(plain) ? { correction: text.replace(plain, () => words.join(' ')) } : {}
}

function withoutAddress(argv: readonly string[], name: string): readonly string[] {
  const kept: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (/^(?:-p|--port|-b|--bind|-C|--config)$/.test(word)) at++
    else if (!/^(?:-p\d+|--(?:port|bind|config)=)/.test(word)) kept.push(word)
  }
  return [kept[0] ?? 'puma', '-C', name, ...kept.slice(1)]
}

/** `set :server_settings, SSLEnable: true` that is handed to a server which is not WEBrick. */
function ignoredSettings(starts: readonly RackStart[]): IgnoredConfiguration[] {
  return starts.flatMap(({ run, server, start }): IgnoredConfiguration[] => {
    if (!run?.optionsAt || !run.options.has('SSLEnable') || start?.isDevelopment) return []
    if (server === undefined || server === 'webrick' || run.host?.startsWith('ssl://')) return []
    const piece = { file: run.file, start: run.optionsAt.start, end: run.optionsAt.end }
    const claims = run.options.has('SSLVerifyClient') || run.options.has('SSLCACertificateFile')
    return [
      {
        at: piece,
        configuration: piece,
        how: `The settings are WEBrick’s, and ${server} runs the app`,
        claims,
        isCertain: true,
      },
    ]
  })
}

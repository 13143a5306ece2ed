import type { Tree } from '../../tree.ts'
import type { Deployment } from '../deployment.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import type { NamedFile } from '../proxy.ts'
import { parseBindUrl } from '../ruby/bind-url.ts'
import { type PumaBind, readPumaConfiguration } from '../ruby/puma-configuration.ts'
import { configurationPaths, configurationsOf, programOf, pumaConfigurations } from '../ruby/puma-files.ts'
import { type RackStart, rackStarts } from '../ruby/rack-starts.ts'
import { addVerifyMode } from '../ruby/require-certificates.ts'
import type { ServerModel } from '../server-model.ts'

/**
 * Puma 5 to 7. Its configuration is read by its own command, by `rails server` without an address, and by code that
 * gives no address; an address from the command line, `rackup` or Sinatra's `run!` takes the place of every bind.
 */
export const puma: ServerModel = {
  id: 'puma',
  title: 'Puma',
  *read(tree, deployment) {
    const starts = rackStarts(tree, deployment).filter(({ server }) => server === 'puma')
    for (const start of starts) yield* listenersOf(tree, start)
    yield* unreadListeners(tree, deployment, starts)
  },
  documentation: 'https://puma.io/puma/file.README.html#label-Binding+TCP+-2F+Sockets',
}

function* listenersOf(tree: Tree, start: RackStart): Iterable<Listener> {
  const configurations = configurationsOf(tree, start)
  const own = ownBinds(start)
  const binds = own ?? configurations.flatMap(({ binds: given }) => given)
  for (const bind of binds) {
    const listener = listenerOf(bind, start)
    if (listener) yield listener
  }
  if (binds.length === 0) yield defaultListener(start)
  const urls = start.by === 'itself' ? controlUrls(start.argv) : []
  for (const text of urls) {
    const url = parseBindUrl(text)
    if (url && url.scheme !== 'unix')
      yield { ...withoutTls(start.at, url.host, url.port, start), purpose: 'control app' }
  }
  for (const { control, file } of urls.length > 0 ? [] : configurations) {
    const url = control && parseBindUrl(control.url)
    if (!control || !url || url.scheme === 'unix') continue
    const { start: from, end } = control.call
    const place = { file, start: from, end }
    yield {
      ...withoutTls(place, url.host, url.port, start),
      transport: url.scheme === 'ssl' ? 'tls' : 'plain',
      purpose: control.hasToken ? 'control app' : 'control app without a token',
    }
  }
}

function controlUrls(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, index) =>
    word === '--control-url' ? (argv[index + 1] ?? []) : word.startsWith('--control-url=') ? word.slice(14) : [],
  )
}

/** What the command or the code gives in the place of the configuration's binds; undefined where it gives none. */
function ownBinds(start: RackStart): readonly PumaBind[] | undefined {
  const { at, host, port, givesAddress, by } = start
  if (!givesAddress) return undefined
  const place = { file: at.file, start: at.start, end: at.end, arms: [], isSslBind: false }
  const placeOf = (text: string) => ({ ...place, ...(wordWithin(at, text) ?? {}) })
  if (by === 'itself')
    return start.binds.flatMap((bind) => {
      const url = parseBindUrl(bind)
      return url ? [{ ...url, ...placeOf(bind) }] : []
    })
  // A host may be a whole address: `set :bind, 'ssl://…'`, `rails server -b 'ssl://…'`.
  const url = host?.startsWith('ssl://') ? parseBindUrl(host) : undefined
  return [
    url
      ? { ...url, port: url.port ?? port, ...placeOf(host ?? '') }
      : { scheme: 'tcp', host, port, parameters: new Map(), ...place },
  ]
}

/** A word of a command, or what code gives it, where it is written out once: in the command, or elsewhere in its file. */
function wordWithin(
  { file, start, end }: RackStart['at'],
  word: string,
): { readonly start: number; readonly end: number } | undefined {
  const within = file.text.indexOf(word, start)
  if (within !== -1 && within + word.length <= end) return { start: within, end: within + word.length }
  const first = file.text.indexOf(word)
  if (first === -1 || file.text.indexOf(word, first + 1) !== -1) return undefined
  return { start: first, end: first + word.length }
}

function listenerOf(bind: PumaBind, start: RackStart | undefined): Listener | undefined {
  if (bind.scheme === 'unix') return undefined
  const arms = bind.arms.length > 0 ? { arms: bind.arms } : {}
  if (bind.scheme !== 'ssl') return { ...withoutTls(bind, bind.host, bind.port, start), ...arms }
  const mode = bind.parameters.get('verify_mode')
  const ca = bind.parameters.get('ca')
  const judged = judge(mode, ca)
  if (!judged) return undefined
  const correction = judged.clients === 'required' ? undefined : addVerifyMode(bind)
  return {
    ...withoutTls(bind, bind.host, bind.port, start),
    ...arms,
    transport: 'tls',
    ...judged,
    crlSetting: "verification_flags: ['CRL_CHECK']",
    ...(/CRL_CHECK|…/.test(bind.parameters.get('verification_flags') ?? '') ? { crl: 'verification_flags' } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...namedFile('certificate', bind, bind.parameters.get('cert')),
    ...namedFile('authority', bind, ca),
    ...(bind.gate ? { gate: { file: bind.file, ...bind.gate } } : {}),
    ...(correction === undefined ? {} : { correction }),
  }
}

/** A file that a bind names, at the text that names it where that is written out. */
function namedFile<Name extends string>(
  name: Name,
  { file, start, end }: PumaBind,
  path: string | undefined,
): { [key in Name]?: NamedFile } {
  if (path === undefined || path.includes('…')) return {}
  const at = file.text.slice(start, end).indexOf(path)
  const place = at === -1 ? { start, end } : { start: start + at, end: start + at + path.length }
  const named: NamedFile = { file, ...place, path }
  return { [name]: named } as { [key in Name]: NamedFile }
}

/** Undefined where the mode is computed or unknown: an unknown one does not start. */
function judge(
  mode: string | undefined,
  ca: string | undefined,
): { clients: ClientCertificates; claims: boolean; because: string[] } | undefined {
  const claims = ca !== undefined || mode === 'peer' || mode === 'force_peer'
  if (mode === 'force_peer') return { clients: 'required', claims, because: [] }
  if (mode === 'peer')
    return {
      clients: 'optional',
      claims,
      because: ['verify_mode peer asks for a certificate and serves a client that shows none'],
    }
  if (mode === undefined || mode === 'none' || mode === '')
    return {
      clients: 'not asked',
      claims,
      because: claims
        ? [
            `${mode ? 'verify_mode none' : 'without verify_mode, ca is not used and Puma'} asks no client for a certificate`,
          ]
        : [],
    }
  return undefined
}

function withoutTls(
  { file, start: from, end }: Pick<PumaBind, 'file' | 'start' | 'end'>,
  address: string | undefined,
  port: number | undefined,
  start: RackStart | undefined,
): Listener {
  return {
    server: 'puma',
    file,
    start: from,
    end,
    address,
    port,
    transport: 'plain',
    clients: 'not asked',
    claims: false,
    because: [],
    ...(start?.start ? { startedBy: start.start } : {}),
    ...(start ? { folder: start.folder } : {}),
  }
}

function defaultListener(start: RackStart): Listener {
  const port = Number(start.environment.get('PORT') ?? 9292)
  return withoutTls(start.at, '0.0.0.0', Number.isInteger(port) ? port : undefined, start)
}

/** Configuration that no start of the tree reads: as Puma's own command would have it, where nothing is started at all. */
function* unreadListeners(tree: Tree, deployment: Deployment, starts: readonly RackStart[]): Iterable<Listener> {
  const read = new Set(starts.flatMap((start) => configurationPaths(tree, start)))
  const isStarted = (folder: string) =>
    rackStarts(tree, deployment).some((start) => start.start !== undefined && start.folder === folder)
  for (const path of pumaConfigurations(tree)) {
    const file = tree.file(path)
    const root = tree.form(path)
    if (read.has(path) || !file || !root) continue
    const folder = programOf(path)
    if (isStarted(folder)) continue
    for (const bind of readPumaConfiguration(file, root, new Map()).binds) {
      const listener = listenerOf(bind, undefined)
      if (listener) yield { ...listener, folder }
    }
  }
}

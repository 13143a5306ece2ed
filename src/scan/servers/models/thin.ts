import { type ConfigurationNode, entriesAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { type Call, type Expression, walk } from '../../form.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import { findFile } from '../find-file.ts'
import type { Listener } from '../listener.ts'
import { readOptions } from '../options.ts'
import type { AppRun } from '../ruby/app-run.ts'
import { type Known, knownIn, tableValue, textValue, truthOf } from '../ruby/evaluate.ts'
import { plainListener } from '../ruby/plain-listener.ts'
import { portOf } from '../ruby/puma-configuration.ts'
import { type RackStart, rackStarts } from '../ruby/rack-starts.ts'
import type { ServerModel } from '../server-model.ts'

const takesAny = 'Thin takes any certificate: it has no CA to verify one against'

/**
 * Thin 1.x. It asks for a certificate (unless `ssl_disable_verify`) and takes any: no setting names a CA. TLS comes from
 * its command, from thin.yml, or from `ssl_options` in code.
 */
export const thin: ServerModel = {
  id: 'thin',
  title: 'Thin',
  read(tree, deployment) {
    const listeners: Listener[] = []
    for (const start of rackStarts(tree, deployment))
      if (start.server === 'thin') listeners.push(...startListeners(tree, start))
    const covered = new Set(listeners.map(({ file, start }) => `${file.path} ${start}`))
    for (const path of tree.paths) {
      const file = /\.(?:rb|ru)$/.test(path) && tree.isAbout(path, 'thin options') ? tree.file(path) : undefined
      if (!file?.text.includes('ssl_options')) continue
      for (const listener of optionsListeners(tree, file))
        if (!covered.has(`${file.path} ${listener.start}`)) listeners.push(listener)
    }
    return listeners
  },
  documentation: 'https://github.com/macournoyer/thin',
}

function startListeners(tree: Tree, start: RackStart): Listener[] {
  if (start.by !== 'itself') {
    // Code that hands TLS to the server it starts is found by what it writes.
    const { run } = start
    const handed = run?.options.has('backend') ? backendListener(start, run) : undefined
    if (handed) return [handed]
    const isTls = run && [...optionsListeners(tree, run.file)].length > 0
    return isTls ? [] : [plainListener('thin', start)]
  }
  if (!start.argv.includes('start') && !start.argv.includes('restart')) return []
  const { values } = readOptions(start.argv.slice(1), [
    ['-a', '--address'],
    ['-p', '--port'],
    ['-C', '--config'],
    ['-S', '--socket'],
    ['-R', '--rackup'],
    ['-e', '--environment'],
    ['-c', '--chdir'],
    ['--ssl-key-file'],
    ['--ssl-cert-file'],
    ['--ssl-version'],
    ['-l', '--log'],
    ['-P', '--pid'],
    ['-u', '--user'],
    ['-g', '--group'],
    ['-s', '--servers'],
    ['--tag'],
    ['-A', '--adapter'],
    ['-t', '--timeout'],
    ['-r', '--require'],
  ])
  const path = values.has('-C') ? findFile(tree, start.folder, values.get('-C')?.at(-1) ?? '') : undefined
  const file = path === undefined ? undefined : tree.file(path)
  const configuration = file ? readYaml(file.text).documents[0] : undefined
  const said = (option: string, key: string) => textAt(configuration, key) ?? values.get(option)?.at(-1)
  if (said('-S', 'socket') !== undefined) return []
  const isTls = values.has('--ssl') || textAt(configuration, 'ssl') === 'true'
  const claim = claimed(configuration)
  const claims = claim !== undefined || values.has('--ssl-verify')
  return [
    {
      ...plainListener('thin', start),
      ...(file && configuration && isTls && !values.has('--ssl')
        ? { file, ...(claim ?? { start: configuration.start, end: lineEnd(file, configuration.start) }) }
        : {}),
      address: said('-a', 'address') ?? '0.0.0.0',
      port: portOf(said('-p', 'port') ?? '3000'),
      ...(isTls
        ? tls(values.has('--ssl-disable-verify') || textAt(configuration, 'ssl_disable_verify') === 'true')
        : {}),
      claims,
      because: claims ? [isTls ? takesAny : 'without ssl Thin speaks plain HTTP'] : [],
    },
  ]
}

function lineEnd(file: SourceFile, at: number): number {
  const end = file.text.indexOf('\n', at)
  return end === -1 ? file.text.length : end
}

function tls(isDisabled: boolean): Pick<Listener, 'transport' | 'clients' | 'refusesNone'> {
  return isDisabled
    ? { transport: 'tls', clients: 'not asked' }
    : { transport: 'tls', clients: 'any', refusesNone: false }
}

/** The first entry of thin.yml that reads as if clients were verified. */
function claimed(
  configuration: ConfigurationNode | undefined,
): { readonly start: number; readonly end: number } | undefined {
  const found = entriesAt(configuration).find(
    ([key]) => /verify|fail_if_no_peer|(?:^|[_-])ca(?:[_-]|$)/.test(key) && !/disable[_-]verify/.test(key),
  )
  return found && { start: found[1].keyStart, end: found[1].value.end }
}

/** `server.ssl_options = { verify_peer: true, … }` in code. */
function* optionsListeners(tree: Tree, file: SourceFile): Iterable<Listener> {
  const root = tree.form(file.path)
  // A connection that judges certificates itself is not for us to judge.
  if (!root || file.text.includes('def ssl_verify_peer')) return
  const known = knownIn(root, new Map())
  const calls: Call[] = []
  let server: Call | undefined
  walk(root, (expression) => {
    if (expression.kind !== 'call') return
    if (expression.name === 'ssl_options=') calls.push(expression)
    const { receiver } = expression
    if (receiver?.kind === 'read' && /^(?:::)?Thin::Server$/.test(receiver.variable.name)) server = expression
  })
  for (const call of calls) {
    const options = tableValue(call.args[0], known)
    if (options) yield optionsListener(file, call, options, known, addressOf(server, known))
  }
}

/** `server_settings` with a backend of one's own, which hands them to the connections as they are. */
function backendListener(start: RackStart, run: AppRun): Listener | undefined {
  const { options, known, optionsAt } = run
  const isTls = ['private_key_file', 'cert_chain_file', 'verify_peer'].some((key) => options.has(key))
  if (!optionsAt || !isTls || run.file.text.includes('def ssl_verify_peer')) return undefined
  const { address, port } = plainListener('thin', start)
  return {
    ...optionsListener(run.file, optionsAt, options, known, { address, port }),
    folder: start.folder,
    ...(start.start ? { startedBy: start.start } : {}),
  }
}

function addressOf(server: Call | undefined, known: Known): Pick<Listener, 'address' | 'port'> {
  const texts = (server?.args ?? []).map((arg) => (arg.kind === 'table' ? undefined : textValue(arg, known)))
  return {
    address: texts.find((text) => text !== undefined && !/^\d+$/.test(text)),
    port: portOf(texts.find((text) => text !== undefined && /^\d+$/.test(text))),
  }
}

function optionsListener(
  file: SourceFile,
  call: Expression,
  options: ReadonlyMap<string, Expression>,
  known: Known,
  address: Pick<Listener, 'address' | 'port'>,
): Listener {
  const asks = truthOf(options.get('verify_peer'), known) === true
  // The entry that claims it, where the options are written out at the call.
  const claim = options.get('verify_peer')
  const at = claim && claim.start >= call.start && claim.end <= call.end ? claim : call
  const refusesNone = asks && truthOf(options.get('fail_if_no_peer_cert'), known) === true
  return {
    server: 'thin',
    file,
    start: at.start,
    end: at.end,
    ...address,
    transport: 'tls',
    clients: asks ? 'any' : 'not asked',
    ...(asks ? { refusesNone } : {}),
    claims: options.has('verify_peer')
      ? asks
      : [...options.keys()].some((key) => /ca_file|client_ca|fail_if_no/.test(key)),
    because: [asks ? takesAny : 'without verify_peer Thin asks no client for a certificate'],
  }
}

import { type Call, type Expression, walk } from '../../form.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Deployment } from '../deployment.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import {
  acceptsAll,
  isConstant,
  type Known,
  knownIn,
  tableValue,
  textValue,
  truthOf,
  verificationOf,
} from '../ruby/evaluate.ts'
import { plainListener } from '../ruby/plain-listener.ts'
import { portOf } from '../ruby/puma-configuration.ts'
import { rackStarts } from '../ruby/rack-starts.ts'
import type { ServerModel } from '../server-model.ts'

/** WEBrick 1.x, by itself or under Rack: `SSLEnable` and `SSLVerifyClient` of the options that it is made with. */
export const webrick: ServerModel = {
  id: 'webrick',
  title: 'WEBrick',
  *read(tree, deployment) {
    yield* runListeners(tree, deployment)
    for (const path of tree.paths) {
      const file = /\.(?:rb|ru|rake)$/.test(path) && tree.isAbout(path, 'webrick') ? tree.file(path) : undefined
      if (file?.text.includes('WEBrick::')) yield* madeListeners(tree, file)
    }
  },
  documentation: 'https://github.com/ruby/webrick',
}

function* runListeners(tree: Tree, deployment: Deployment): Iterable<Listener> {
  for (const start of rackStarts(tree, deployment)) {
    if (start.server !== 'webrick') continue
    const { run } = start
    const plain = plainListener('webrick', start)
    if (!run) {
      yield plain
      continue
    }
    const at = run.by === 'sinatra' && run.optionsAt && run.options.size > 0 ? run.optionsAt : run
    const secured = tlsOf(run.options, run.known)
    const { start: from, end: to } = run.options.get('SSLVerifyClient') ?? at
    if (secured) yield { ...plain, ...secured, file: run.file, start: from, end: to }
    else if (truthOf(run.options.get('SSLEnable'), run.known) !== true) yield plain
  }
}

/** `WEBrick::HTTPServer.new(SSLEnable: true, …)`, its options also as a variable that is filled bit by bit. */
function* madeListeners(tree: Tree, file: SourceFile): Iterable<Listener> {
  const root = tree.form(file.path)
  if (!root) return
  const known = knownIn(root, new Map())
  const made: Call[] = []
  walk(root, (expression) => {
    if (expression.kind !== 'call' || expression.name !== 'new') return
    if (isConstant(expression.receiver, 'WEBrick::HTTPServer', 'WEBrick::HTTPProxyServer')) made.push(expression)
  })
  for (const call of made) {
    const argument = call.args.at(-1)
    const later = argument?.kind === 'read' ? entriesSetLater(root, argument.variable.name, known) : new Map()
    const options = new Map<string, Expression>([...(tableValue(argument, known) ?? []), ...later])
    if (options.size === 0) continue
    const secured = tlsOf(options, known)
    const isTls = truthOf(options.get('SSLEnable'), known)
    if (!secured && isTls !== false && options.has('SSLEnable')) continue
    yield {
      server: 'webrick',
      file,
      start: call.start,
      end: call.end,
      address: textValue(options.get('BindAddress') ?? options.get('Host'), known) ?? '0.0.0.0',
      port: portOf(textValue(options.get('Port'), known)),
      transport: 'plain',
      clients: 'not asked',
      claims: false,
      because: [],
      ...secured,
    }
  }
}

function entriesSetLater(root: Expression, variable: string, known: Known): Map<string, Expression> {
  const entries = new Map<string, Expression>()
  walk(root, (expression) => {
    if (expression.kind !== 'call' || expression.name !== '[]=' || expression.receiver?.kind !== 'read') return
    const [key, value] = expression.args
    const name = textValue(key, known)
    if (expression.receiver.variable.name === variable && name !== undefined && value) entries.set(name, value)
  })
  return entries
}

type Secured = Pick<Listener, 'transport' | 'clients' | 'claims' | 'because' | 'crlSetting' | 'refusesNone'> & {
  readonly ca?: string
  readonly crl?: string
}

/** Undefined where it is not TLS, or where what it asks of clients is computed. */
function tlsOf(options: ReadonlyMap<string, Expression>, known: Known): Secured | undefined {
  if (truthOf(options.get('SSLEnable'), known) !== true) return undefined
  const verify = options.get('SSLVerifyClient')
  const verification = verify ? verificationOf(verify, known) : { asks: false, refusesNone: false }
  if (!verification) return undefined
  const ca = textValue(options.get('SSLCACertificateFile') ?? options.get('SSLCACertificatePath'), known)
  const store = options.get('SSLCertificateStore')
  const takesAny = verification.asks && acceptsAll(options.get('SSLVerifyCallback'), known)
  const clients: ClientCertificates = takesAny
    ? 'any'
    : verification.refusesNone
      ? 'required'
      : verification.asks
        ? 'optional'
        : 'not asked'
  const claims = verification.asks || ca !== undefined || options.has('SSLCACertificateFile') || store !== undefined
  return {
    transport: 'tls',
    clients,
    claims,
    because: claims ? reasons[clients] : [],
    ...(takesAny ? { refusesNone: verification.refusesNone } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(store ? { crl: 'SSLCertificateStore' } : {}),
    crlSetting: 'SSLCertificateStore',
  }
}

const reasons: Readonly<Record<ClientCertificates, readonly string[]>> = {
  required: [],
  any: ['an SSLVerifyCallback that is always true takes any certificate'],
  optional: ['VERIFY_PEER without VERIFY_FAIL_IF_NO_PEER_CERT serves a client that shows no certificate'],
  'not asked': ['without VERIFY_PEER in SSLVerifyClient WEBrick asks no client for a certificate'],
}

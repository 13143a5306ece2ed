import { type Call, type Expression, walk } from '../../form.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import { acceptsAll, isConstant, type Known, knownIn, tableValue, verificationOf } from '../ruby/evaluate.ts'
import type { ServerModel } from '../server-model.ts'

/** A server of the program's own, on Ruby's openssl or on Puma's, and one whose endpoint is given a context, as Falcon's are: what the context that it is made with asks of clients. */
export const opensslServer: ServerModel = {
  id: 'openssl-server',
  title: 'OpenSSL::SSL::SSLServer',
  *read(tree) {
    for (const path of tree.paths) {
      const isAbout = /\.(?:rb|ru)$/.test(path) && tree.isAbout(path, 'server of its own')
      const file = isAbout ? tree.file(path) : undefined
      if (file && (/SSLServer|add_ssl_listener/.test(file.text) || servesContext(file))) yield* serversIn(tree, file)
    }
  },
  documentation: 'https://docs.ruby-lang.org/en/master/OpenSSL/SSL/SSLContext.html',
}

/** Whether an endpoint with a context is one that is listened on, and not one that a client asks. */
function servesContext({ path, text }: SourceFile): boolean {
  if (!/\bssl_context:/.test(text)) return false
  return /(?:^|\/)falcon\.rb$/.test(path) || /\bFalcon::|\bHTTP::Server\b|^load :rack\b/m.test(text)
}

function contextOf(call: Call): Expression | undefined {
  if (call.name !== 'parse' && call.name !== 'new') return undefined
  const entries = call.args.flatMap((arg) => (arg.kind === 'table' ? arg.entries : []))
  return entries.find(({ key }) => key?.kind === 'text' && key.value === 'ssl_context')?.value
}

function* serversIn(tree: Tree, file: SourceFile): Iterable<Listener> {
  const root = tree.form(file.path)
  if (!root) return
  const known = knownIn(root, new Map())
  const servers: Call[] = []
  const contexts: Call[] = []
  const isServed = servesContext(file)
  walk(root, (expression) => {
    if (expression.kind !== 'call') return
    if (expression.name === 'add_ssl_listener') servers.push(expression)
    if (isServed && contextOf(expression)) servers.push(expression)
    if (expression.name !== 'new') return
    if (isConstant(expression.receiver, 'OpenSSL::SSL::SSLServer', 'SSL::SSLServer', 'SSLServer'))
      servers.push(expression)
    if (
      isConstant(
        expression.receiver,
        'OpenSSL::SSL::SSLContext',
        'SSL::SSLContext',
        'SSLContext',
        'Puma::MiniSSL::Context',
        'MiniSSL::Context',
      )
    )
      contexts.push(expression)
  })
  for (const server of servers) {
    const variable = variableOf(contextOf(server) ?? server.args[server.name === 'new' ? 1 : 2])
    // With one context in the file, whatever is set on a context is set on it.
    const settings = settingsOf(root, known, contexts.length === 1 ? undefined : variable)
    if (contexts.length === 0 || settings === undefined) continue
    yield listenerOf(file, server, settings)
  }
}

function variableOf(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'read' ? expression.variable.name : undefined
}

interface Settings {
  readonly clients: ClientCertificates
  readonly refusesNone: boolean
  readonly hasCa: boolean
  readonly hasStore: boolean
  readonly judgesItself: boolean
  readonly at: Call | undefined
}

const caSettings = new Set(['ca=', 'ca_file=', 'ca_path=', 'cert_store=', 'client_ca='])

/** What is set on the context of this name; of any name where none is given. Undefined where the mode is computed. */
function settingsOf(root: Expression, known: Known, variable: string | undefined): Settings | undefined {
  let mode: Expression | undefined
  let at: Call | undefined
  let hasCa = false
  let hasStore = false
  let judgesItself = false
  let takesAny = false
  walk(root, (expression) => {
    if (expression.kind !== 'call') return
    const { name, args, receiver } = expression
    if (name === 'verify_callback=' && acceptsAll(args[0], known)) takesAny = true
    else if (name === 'peer_cert' || name === 'verify_result' || name === 'verify_callback=') judgesItself = true
    if (variable !== undefined && variableOf(receiver) !== variable) return
    if (name === 'verify_mode=') {
      mode = args[0]
      at = expression
    } else if (name === 'set_params') {
      const table = tableValue(args[0], known)
      if (table?.has('verify_mode')) {
        mode = table.get('verify_mode')
        at = expression
      }
      hasCa ||= ['ca_file', 'ca_path', 'cert_store'].some((key) => table?.has(key))
    } else if (caSettings.has(name)) {
      hasCa = true
      hasStore ||= name === 'cert_store='
    }
  })
  const verification = mode ? verificationOf(mode, known) : { asks: false, refusesNone: false }
  if (!verification) return undefined
  const { asks, refusesNone } = verification
  if (asks && takesAny) return { clients: 'any', refusesNone, hasCa, hasStore, judgesItself, at }
  const clients = refusesNone ? 'required' : asks ? 'optional' : 'not asked'
  return { clients, refusesNone, hasCa, hasStore, judgesItself, at }
}

function listenerOf(file: SourceFile, server: Call, settings: Settings): Listener {
  const { clients, refusesNone, hasCa, hasStore, judgesItself, at } = settings
  const claims = !judgesItself && (hasCa || clients === 'optional' || clients === 'any')
  const { start, end } = at ?? server
  const corrected =
    at && clients === 'optional' && !judgesItself
      ? file.quote(start, end).replace(/((?:\w+::)*)VERIFY_PEER$/, both)
      : undefined
  return {
    server: 'openssl-server',
    file,
    start,
    end,
    address: undefined,
    port: undefined,
    transport: 'tls',
    clients,
    ...(clients === 'any' ? { refusesNone } : {}),
    claims: claims || clients === 'required',
    because: claims && clients !== 'required' ? [reasons[clients]] : [],
    crlSetting: 'cert_store',
    ...(hasStore ? { crl: 'cert_store' } : {}),
    ...(corrected === undefined ? {} : { correction: corrected }),
  }
}

const both = '$1VERIFY_PEER | $1VERIFY_FAIL_IF_NO_PEER_CERT'
const reasons = {
  any: 'a verify_callback that is always true takes any certificate',
  optional: 'VERIFY_PEER without VERIFY_FAIL_IF_NO_PEER_CERT serves a client that shows no certificate',
  'not asked': 'a server’s context without verify_mode VERIFY_PEER asks no client for a certificate',
}

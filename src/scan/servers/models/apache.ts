import type { ApacheDirective } from '../../configuration/read-apache.ts'
import type { Tree } from '../../tree.ts'
import { findConfigurations } from '../apache/find-configurations.ts'
import { type HostDirectives, last, lastText, routesOf } from '../apache/routes.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import { isPrivateFolder, type ProgramFolders, programFolders } from '../program-folders.ts'
import {
  isCallerCredential,
  type LoggedCredential,
  type NamedFile,
  type ReverseProxy,
  type ServedFiles,
} from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'

/** Measured on 2.4: `test/servers/proxies.test.ts` starts it with each of these settings. */
export const apache: ServerModel = {
  id: 'apache',
  title: 'Apache HTTP Server',
  *read(tree, _deployment, gap) {
    const programs = programFolders(tree)
    for (const directives of findConfigurations(tree, gap)) yield* listenersOf(tree, directives, programs)
  },
  documentation: 'https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslverifyclient',
}

function* listenersOf(_tree: Tree, directives: HostDirectives, programs: ProgramFolders): Generator<Listener> {
  const main = directives.filter(({ name }) => name !== 'virtualhost')
  const hosts = directives.filter(({ name }) => name === 'virtualhost')
  for (const host of hosts)
    for (const address of host.args) {
      const merged = [...main, ...(host.block ?? [])]
      yield listenerOf(host, address.value, merged, programs)
    }
  const taken = new Set(hosts.flatMap(({ args }) => args.map(({ value }) => portOf(value))))
  for (const listen of main)
    if (listen.name === 'listen' && !taken.has(portOf(listen.args[0]?.value ?? '')))
      yield listenerOf(listen, listen.args[0]?.value ?? '', main, programs)
}

function portOf(address: string): number | undefined {
  const port = /(?:^|:)(\d+)$/.exec(address)?.[1]
  return port === undefined ? undefined : Number(port)
}

function listenerOf(place: ApacheDirective, address: string, host: HostDirectives, programs: ProgramFolders): Listener {
  const engine = lastText(host, 'sslengine')?.toLowerCase()
  const isTls = engine === 'on' || engine === 'optional'
  const routes = routesOf(host)
  const { clients, verify } = clientsOf(host)
  const hostname = address.replace(/:?\d+$/, '')
  const authority = last(host, 'sslcacertificatefile') ?? last(host, 'sslcacertificatepath')
  const { file, start, end } = place
  return {
    server: 'apache',
    file,
    start,
    end,
    address: /^(?:|\*|_default_)$/.test(hostname) ? undefined : hostname,
    port: portOf(address),
    transport: isTls ? 'tls' : 'plain',
    clients: isTls ? clients : 'not asked',
    claims: authority !== undefined || (verify !== undefined && clients !== 'not asked'),
    because: reasons(host, clients),
    ...(authority?.args[0] ? { ca: authority.args[0].value } : {}),
    ...(lastText(host, 'sslcarevocationfile') === undefined
      ? {}
      : { crl: lastText(host, 'sslcarevocationfile') ?? '' }),
    passesTo: routes.map(({ to }) => to),
    setsFields: [...new Set(routes.flatMap(({ fields }) => [...fields.keys()]))],
    proxy: {
      speaks: 'http',
      ...trustOf(place, host, verify, authority, clients),
      routes,
      logs: loggedBy(host),
      serves: servedBy(host, routes, programs),
    },
  }
}

/** What is demanded in a section alone is asked for after the handshake: to the listener it is optional. */
function clientsOf(host: HostDirectives): { clients: ClientCertificates; verify: ApacheDirective | undefined } {
  const verify = last(host, 'sslverifyclient')
  const own = clientsFor(verify?.args[0]?.value)
  if (own !== 'not asked') return { clients: own, verify }
  const inside = host
    .filter(({ name, block }) => block && /^(?:location|directory|files)/.test(name))
    .flatMap(({ block = [] }) => block.filter(({ name }) => name === 'sslverifyclient'))
  const strongest = inside.find(({ args }) => clientsFor(args[0]?.value) !== 'not asked')
  if (!strongest) return { clients: 'not asked', verify }
  const asked = clientsFor(strongest.args[0]?.value)
  return { clients: asked === 'any' ? 'any' : 'optional', verify: verify ?? strongest }
}

function clientsFor(verify: string | undefined): ClientCertificates {
  switch (verify?.toLowerCase()) {
    case 'require':
      return 'required'
    case 'optional':
      return 'optional'
    case 'optional_no_ca':
      return 'any'
    default:
      return 'not asked'
  }
}

function reasons(host: HostDirectives, clients: ClientCertificates): string[] {
  if (clients === 'not asked' && last(host, 'sslcacertificatefile'))
    return ['SSLCACertificateFile alone asks nobody for a certificate: SSLVerifyClient is none unless it is set']
  if (clients === 'any') return ['SSLVerifyClient optional_no_ca takes certificates of any issuer, and none']
  if (clients === 'optional') return ['SSLVerifyClient optional serves clients that show no certificate']
  return []
}

function trustOf(
  place: ApacheDirective,
  host: HostDirectives,
  verify: ApacheDirective | undefined,
  authority: ApacheDirective | undefined,
  clients: ClientCertificates,
): Omit<ReverseProxy, 'speaks' | 'routes' | 'logs' | 'serves'> {
  const demand = verify ?? authority ?? place
  const kept = verify || demand.block ? '' : `${demand.file.quote(demand.start, demand.end)}\n`
  const certificate = last(host, 'sslcertificatefile')
  const list = last(host, 'sslcarevocationfile') ?? last(host, 'sslcarevocationpath')
  const check = lastText(host, 'sslcarevocationcheck')?.toLowerCase()
  const isChecked =
    (list && (check === 'chain' || check === 'leaf')) || lastText(host, 'sslocspenable')?.toLowerCase() === 'on'
  const revokeAt = list ?? verify
  return {
    demand: { ...pieceOf(demand), correction: `${kept}SSLVerifyClient require` },
    ...(authority ? { authority: fileOf(authority) } : {}),
    ...(certificate ? { certificate: fileOf(certificate) } : {}),
    ...(verify && !authority && (clients === 'required' || clients === 'optional')
      ? {
          missingAuthority: {
            ...pieceOf(verify),
            correction: `SSLCACertificateFile /etc/apache2/clients-ca.pem\n${verify.file.quote(verify.start, verify.end)}`,
            effect: 'no client’s certificate can be verified, so that all who show one are turned away',
          },
        }
      : {}),
    ...(revokeAt && !isChecked
      ? {
          revoke: {
            ...pieceOf(revokeAt),
            correction: list
              ? `${list.file.quote(list.start, list.end)}\nSSLCARevocationCheck chain`
              : `${revokeAt.file.quote(revokeAt.start, revokeAt.end)}\nSSLCARevocationFile /etc/apache2/clients.crl\nSSLCARevocationCheck chain`,
            says: list ? 'a revocation list that SSLCARevocationCheck does not turn on' : 'no SSLCARevocationFile',
          },
        }
      : {}),
  }
}

function pieceOf({ file, start, end }: ApacheDirective) {
  return { file, start, end }
}

function fileOf(directive: ApacheDirective): NamedFile {
  const [word] = directive.args
  const { file, start, end } = word ? { file: directive.file, ...word } : directive
  return { file, start, end, path: word?.value ?? '' }
}

function loggedBy(host: HostDirectives): readonly LoggedCredential[] {
  const formats = new Map(
    host.filter(({ name, args }) => name === 'logformat' && args.length > 1).map((one) => [one.args[1]?.value, one]),
  )
  return host.flatMap((directive) => {
    if (directive.name !== 'customlog' && directive.name !== 'transferlog') return []
    const written = directive.args[1]
    const format = formats.get(written?.value)
    const word = format ? format.args[0] : written
    const { file } = format ?? directive
    if (!word) return []
    const raw = file.text.slice(word.start, word.end)
    return [...raw.matchAll(/%[<>!,\d]{0,20}\{([\w-]{1,60})\}([ioC])/g)].flatMap((match) => {
      const [whole, name = '', from] = match
      const isSecret = from === 'C' ? /sess|token|auth|sid|jwt/i.test(name) : isCallerCredential(name)
      const start = word.start + match.index
      return isSecret
        ? [
            {
              file,
              start,
              end: start + whole.length,
              correction: '-',
              what: from === 'C' ? `the cookie ${name}` : `the ${name} field`,
            },
          ]
        : []
    })
  })
}

function servedBy(
  host: HostDirectives,
  routes: ReverseProxy['routes'],
  programs: ProgramFolders,
): readonly ServedFiles[] {
  const root = last(host, 'documentroot')
  const folder = root?.args[0]
  const reason = folder && isPrivateFolder(folder.value, programs)
  if (!root || !folder || !reason || routes.some(({ name }) => name === 'ProxyPass /')) return []
  const wanted = `${folder.value.replace(/\/$/, '')}/public`
  return [
    {
      file: root.file,
      start: folder.start,
      end: folder.end,
      correction: wanted,
      says: `DocumentRoot ${folder.value} is ${reason}: its source, .env and .git answer to whoever asks for them`,
      fix: `Serve only the public folder: DocumentRoot ${wanted}`,
    },
  ]
}

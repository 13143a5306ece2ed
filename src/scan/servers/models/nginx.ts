import type { NginxDirective } from '../../configuration/read-nginx.ts'
import { isUnknown } from '../../configuration/template-text.ts'
import type { Tree } from '../../tree.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import { type Levels, setting, settingText } from '../nginx/context.ts'
import { findConfigurations } from '../nginx/find-configurations.ts'
import { loggedCredentials } from '../nginx/logs.ts'
import type { Maps } from '../nginx/rewrite-phase.ts'
import { headEnd, routesOf, type ServerBlock } from '../nginx/routes.ts'
import { servedFiles } from '../nginx/serving.ts'
import { type ProgramFolders, programFolders } from '../program-folders.ts'
import type { NamedFile, ReverseProxy } from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'

/** Measured on 1.22: `test/servers/proxies.test.ts` starts it with each of these settings. */
export const nginx: ServerModel = {
  id: 'nginx',
  title: 'nginx',
  *read(tree, _deployment, gap) {
    for (const main of findConfigurations(tree, gap)) {
      for (const group of main)
        if ((group.name === 'http' || group.name === 'stream') && group.block) yield* listenersOf(tree, main, group)
    }
  },
  documentation: 'https://nginx.org/en/docs/http/ngx_http_ssl_module.html',
}

function* listenersOf(tree: Tree, main: readonly NginxDirective[], group: NginxDirective): Generator<Listener> {
  const { block = [] } = group
  const maps: Maps = new Map(
    block.filter(({ name }) => name === 'map').map((map) => [(map.args[1]?.value ?? '').replace(/^\$/, ''), map]),
  )
  const upstreams = new Map(
    block.filter(({ name }) => name === 'upstream').map((one) => [one.args[0]?.value ?? '', one]),
  )
  const programs = programFolders(tree)
  for (const directive of block) {
    if (directive.name !== 'server' || !directive.block) continue
    const levels = [main, block, directive.block]
    yield* serverListeners({ directive, levels, maps, upstreams }, group.name === 'stream', programs)
  }
}

interface Listen {
  readonly directive: NginxDirective
  readonly address: string | undefined
  readonly port: number | undefined
  readonly isTls: boolean
}

function* serverListeners(server: ServerBlock, isStream: boolean, programs: ProgramFolders): Generator<Listener> {
  const { directive, levels } = server
  if (settingText(levels, 'ssl_reject_handshake') === 'on') return
  const clients = clientsOf(levels)
  const routes = routesOf(server)
  const because = reasons(levels)
  const listens = listensOf(directive, levels)
  const isTlsAnywhere = listens.some(({ isTls }) => isTls)
  for (const listen of listens) {
    const isAsked = listen.isTls && clients !== undefined
    yield {
      server: isStream ? 'nginx stream' : 'nginx',
      file: listen.directive.file,
      start: listen.directive.start,
      end: headEnd(listen.directive),
      address: listen.address,
      port: listen.port,
      transport: listen.isTls ? 'tls' : 'plain',
      clients: isAsked ? clients : 'not asked',
      claims: isTlsAnywhere && claims(levels),
      because,
      ...named('ca', settingText(levels, 'ssl_client_certificate') ?? settingText(levels, 'ssl_trusted_certificate')),
      ...named('crl', settingText(levels, 'ssl_crl')),
      passesTo: routes.map(({ to }) => to),
      setsFields: [...new Set(routes.flatMap(({ fields }) => [...fields.keys()]))],
      proxy: { speaks: isStream ? 'tcp' : 'http', ...proxyOf(server, listen, routes, programs) },
    }
  }
}

function named<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: string })
}

function listensOf(server: NginxDirective, levels: Levels): readonly Listen[] {
  const isOldSsl = settingText(levels, 'ssl') === 'on'
  const written = (server.block ?? []).filter(({ name }) => name === 'listen')
  if (written.length === 0) return [{ directive: server, address: undefined, port: 80, isTls: isOldSsl }]
  return written.map((directive) => {
    const [first, ...rest] = directive.args.map(({ value }) => value)
    const { address, port } = addressOf(first ?? '')
    return { directive, address, port, isTls: isOldSsl || rest.includes('ssl') || rest.includes('quic') }
  })
}

function addressOf(text: string): { address: string | undefined; port: number | undefined } {
  if (text.startsWith('unix:')) return { address: text, port: undefined }
  if (/^\d+$/.test(text)) return { address: undefined, port: Number(text) }
  const [, address = text, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? []
  return { address, port: port === undefined ? (isUnknown(text) ? undefined : 80) : Number(port) }
}

/** Undefined where a template says it. */
function clientsOf(levels: Levels): ClientCertificates | undefined {
  const verify = settingText(levels, 'ssl_verify_client')
  if (verify === undefined || verify === 'off') return 'not asked'
  if (verify === 'on') return 'required'
  if (verify === 'optional') return 'optional'
  if (verify === 'optional_no_ca') return 'any'
  return undefined
}

function claims(levels: Levels): boolean {
  const verify = settingText(levels, 'ssl_verify_client')
  return setting(levels, 'ssl_client_certificate') !== undefined || (verify !== undefined && verify !== 'off')
}

function reasons(levels: Levels): string[] {
  const verify = settingText(levels, 'ssl_verify_client')
  if (setting(levels, 'ssl_client_certificate') && (verify === undefined || verify === 'off'))
    return ['ssl_client_certificate alone asks nobody for a certificate: ssl_verify_client is off unless it is set']
  if (verify === 'optional') return ['ssl_verify_client optional serves clients that show no certificate']
  if (verify === 'optional_no_ca')
    return ['ssl_verify_client optional_no_ca takes certificates of any issuer, and none']
  return []
}

function proxyOf(
  server: ServerBlock,
  listen: Listen,
  routes: ReverseProxy['routes'],
  programs: ProgramFolders,
): Omit<ReverseProxy, 'speaks'> {
  const { directive, levels } = server
  const verify = setting(levels, 'ssl_verify_client')
  const authority = fileNamed(setting(levels, 'ssl_client_certificate') ?? setting(levels, 'ssl_trusted_certificate'))
  const certificate = fileNamed(setting(levels, 'ssl_certificate'))
  const isOn = verify !== undefined && verify.args[0]?.value !== 'off'
  const checksRevocation =
    setting(levels, 'ssl_crl') !== undefined || ['on', 'leaf'].includes(settingText(levels, 'ssl_ocsp') ?? '')
  const place = verify ?? setting(levels, 'ssl_client_certificate') ?? listen.directive
  const kept = verify ? '' : `${place.file.quote(place.start, headEnd(place))}${place.block ? '' : '\n'}`
  return {
    demand: { ...pieceOf(place), correction: `${kept}ssl_verify_client on;` },
    ...(authority ? { authority } : {}),
    ...(isOn && !authority && verify.args[0]?.value !== 'optional_no_ca'
      ? {
          missingAuthority: {
            ...pieceOf(verify),
            correction: `ssl_client_certificate /etc/nginx/clients-ca.pem;\n${verify.file.quote(verify.start, verify.end)}`,
            effect: 'nginx refuses to start',
          },
        }
      : {}),
    ...(isOn && !checksRevocation
      ? {
          revoke: {
            ...pieceOf(verify),
            correction: `${verify.file.quote(verify.start, verify.end)}\nssl_crl /etc/nginx/clients.crl;`,
            says: 'no ssl_crl and no ssl_ocsp',
          },
        }
      : {}),
    ...(certificate ? { certificate } : {}),
    ...(listen.directive.name === 'listen' && !listen.address && listen.port
      ? { onlyLocal: { ...pieceOf(listen.directive), correction: `listen 127.0.0.1:${listen.port};` } }
      : {}),
    routes,
    logs: [levels, ...locationLevels(directive.block ?? [], levels)].flatMap(loggedCredentials),
    serves: servedFiles(directive, levels, programs),
  }
}

function locationLevels(directives: readonly NginxDirective[], levels: Levels, depth = 0): readonly Levels[] {
  if (depth > 16) return []
  return directives.flatMap(({ name, block }) =>
    name === 'location' && block ? [[...levels, block], ...locationLevels(block, [...levels, block], depth + 1)] : [],
  )
}

function pieceOf(directive: NginxDirective) {
  return { file: directive.file, start: directive.start, end: headEnd(directive) }
}

function fileNamed(directive: NginxDirective | undefined): NamedFile | undefined {
  const word = directive?.args[0]
  return directive && word ? { file: directive.file, start: word.start, end: word.end, path: word.value } : undefined
}

import { type IniLine, readIni } from '../../configuration/read-ini.ts'
import type { SourceFile } from '../../source-file.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import { isLoopback, type NamedFile, type Route } from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'

/** Measured on 5.68: `test/servers/proxies.test.ts` starts it with each of these settings. */
export const stunnel: ServerModel = {
  id: 'stunnel',
  title: 'stunnel',
  *read(tree) {
    for (const path of tree.paths) {
      if (!/\.(?:conf|ini)(?:\.(?:erb|j2|tmpl|template))?$/i.test(path)) continue
      const file = tree.file(path)
      if (file && /^[ \t]*accept[ \t]*=/im.test(file.text) && /^[ \t]*(?:connect|exec)[ \t]*=/im.test(file.text))
        yield* listenersOf(file)
    }
  },
  documentation: 'https://www.stunnel.org/static/stunnel.html',
}

function* listenersOf(file: SourceFile): Generator<Listener> {
  const [global, ...services] = readIni(file)
  for (const service of services) {
    // What stands before the services is theirs unless they say otherwise.
    const lines = new Map([...(global?.lines ?? []), ...service.lines].map((line) => [line.name, line]))
    const accept = lines.get('accept')
    if (accept) yield listenerOf(file, service.name, accept, lines)
  }
}

type Lines = ReadonlyMap<string, IniLine>

function listenerOf(file: SourceFile, name: string, accept: IniLine, lines: Lines): Listener {
  const isClient = isYes(lines.get('client'))
  const { clients, refusesNone } = clientsOf(lines)
  const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(accept.value) ?? []
  const verify = verifyLine(lines)
  const demand = verify ?? lines.get('cafile') ?? accept
  const crl = lines.get('crlfile') ?? lines.get('crlpath')
  return {
    server: 'stunnel',
    file,
    start: accept.start,
    end: accept.end,
    address: host === undefined || host === '' ? undefined : host,
    port: port === undefined ? undefined : Number(port),
    transport: isClient ? 'plain' : 'tls',
    clients: isClient ? 'not asked' : clients,
    ...(refusesNone ? { refusesNone } : {}),
    claims: !isClient && (lines.has('cafile') || lines.has('capath') || verify !== undefined),
    because: isClient ? [] : reasons(lines, clients),
    ...(lines.has('cafile') ? { ca: lines.get('cafile')?.value ?? '' } : {}),
    ...(crl ? { crl: crl.value } : {}),
    passesTo: [lines.get('connect')?.value ?? ''],
    proxy: {
      speaks: 'tcp',
      demand: {
        file,
        start: demand.start,
        end: demand.end,
        correction: `${verify ? '' : `${file.quote(demand.start, demand.end)}\n`}verifyChain = yes`,
      },
      ...fileNamed('authority', lines.get('cafile')),
      ...fileNamed('certificate', lines.get('cert')),
      ...(!isClient &&
      verify &&
      (clients === 'required' || clients === 'optional') &&
      !lines.has('cafile') &&
      !lines.has('capath')
        ? {
            missingAuthority: {
              file,
              start: verify.start,
              end: verify.end,
              correction: `CAfile = /etc/stunnel/clients-ca.pem\n${file.quote(verify.start, verify.end)}`,
              effect: 'stunnel refuses to start',
            },
          }
        : {}),
      ...(!isClient && verify && !crl && !isYes(lines.get('ocspaia')) && !lines.has('ocsp')
        ? {
            revoke: {
              file,
              start: verify.start,
              end: verify.end,
              correction: `${file.quote(verify.start, verify.end)}\nCRLfile = /etc/stunnel/clients.crl`,
              says: 'no CRLfile',
            },
          }
        : {}),
      routes: [routeOf(file, name, accept, lines, isClient)],
      logs: [],
      serves: [],
    },
  }
}

function isYes(line: IniLine | undefined): boolean {
  return line?.value.toLowerCase() === 'yes'
}

function verifyLine(lines: Lines): IniLine | undefined {
  return ['verifychain', 'verifypeer', 'verify', 'requirecert'].map((name) => lines.get(name)).find((line) => line)
}

/** The old levels: 0 asks and ignores, 1 checks what is shown, 2 to 4 demand. */
function clientsOf(lines: Lines): { readonly clients: ClientCertificates; readonly refusesNone?: boolean } {
  if (isYes(lines.get('verifychain')) || isYes(lines.get('verifypeer')))
    return { clients: lines.get('requirecert')?.value.toLowerCase() === 'no' ? 'optional' : 'required' }
  if (isYes(lines.get('requirecert'))) return { clients: 'any', refusesNone: true }
  const level = lines.get('verify')?.value
  if (level === '0') return { clients: 'any' }
  if (level === '1') return { clients: 'optional' }
  return { clients: level !== undefined && /^[234]$/.test(level) ? 'required' : 'not asked' }
}

function reasons(lines: Lines, clients: ClientCertificates): string[] {
  if (clients === 'any') return ['without verifyChain a certificate of any issuer is taken']
  if (clients === 'not asked' && lines.has('cafile'))
    return ['CAfile alone asks nobody for a certificate: verifyChain is no unless it is set']
  if (clients === 'optional') return ['clients that show no certificate are served']
  return []
}

function fileNamed<Name extends string>(name: Name, line: IniLine | undefined): { [key in Name]?: NamedFile } {
  if (!line) return {}
  const named: NamedFile = { file: line.file, start: line.valueStart, end: line.end, path: line.value }
  return { [name]: named } as { [key in Name]: NamedFile }
}

function routeOf(file: SourceFile, name: string, accept: IniLine, lines: Lines, isClient: boolean): Route {
  const connect = lines.get('connect')
  const place = connect ?? accept
  const to = connect?.value ?? ''
  const isVerified =
    isYes(lines.get('verifychain')) ||
    isYes(lines.get('verifypeer')) ||
    /^[234]$/.test(lines.get('verify')?.value ?? '')
  const kept = file.quote(place.start, place.end)
  return {
    file,
    start: place.start,
    end: place.end,
    name: `[${name}]`,
    to,
    gate: 'open',
    fields: new Map(),
    removesPrefixes: [],
    passesUnderscores: true,
    overwrite: () => ({ file, start: place.start, end: place.end, correction: kept }),
    upstream: {
      transport: isClient ? 'tls' : 'plain',
      isVerified,
      isLocal: isLoopback(to.replace(/:?\d+$/, '') || 'localhost'),
      isExplicit: isClient,
      ...(isClient && lines.has('cert') ? { sends: 'a client certificate' } : {}),
      verify: {
        file,
        start: place.start,
        end: place.end,
        correction: `${kept}\nverifyChain = yes\nCAfile = /etc/ssl/certs/ca-certificates.crt\ncheckHost = ${to.replace(/:\d+$/, '')}`,
      },
    },
  }
}

import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { type Audit, auditedPath, type Decision } from '../audit/audit.ts'
import type { Address, IngressPlan } from '../config/plan.ts'
import { SallyportError, systemCode } from '../errors.ts'
import type { Head } from '../http1/head.ts'
import { targetText } from '../http1/head.ts'
import { overridesOf } from '../http1/overrides.ts'
import type { Problem } from '../http1/problem.ts'
import { copyFields, isConnectionOption, put } from '../http1/write-head.ts'
import { acceptHttp2 } from '../http2/accept.ts'
import { checkClientCertificate } from '../identity/check-client-certificate.ts'
import type { ClientIdentity } from '../identity/client-identity.ts'
import { openRevocations, type Revocations, readCrls } from '../identity/crl.ts'
import { readCertificates } from '../identity/read-certificates.ts'
import { limits } from '../limits.ts'
import { type ClientPolicy, compileClientRules } from '../policy/client-rule.ts'
import { closeOrigin, createOrigin, type Origin } from '../relay/origin.ts'
import { serve } from '../relay/serve.ts'
import type { Admission, Door, Refusal } from '../relay/session.ts'
import { dialApp } from './dial-app.ts'
import { foldedStandards, forbiddenInTrailers, removedFields } from './identity-fields.ts'

/** What is known of one client connection: its identity was checked before a byte of HTTP was read. */
interface IngressPeer {
  readonly identity: ClientIdentity
  readonly says: string
  /** The fields that tell the app about this connection, ready to be copied. */
  readonly fields: Buffer
  /** Connections to the app are shared by one identity alone. */
  readonly origin: Origin
  readonly serverName: string | undefined
  /** The Host of its last request, and the host in it: a connection nearly always has one. */
  hostText: string
  host: string | undefined
}

export interface IngressDoor {
  readonly server: Server
  close(): void
}

/** SSL_OP_NO_TICKET and SSL_OP_NO_RENEGOTIATION: an identity is proved once, and for this connection alone. */
const secureOptions = 0x4000 | 0x40000000
/** TLS 1.2 with forward secrecy and AEAD only; TLS 1.3 has nothing else. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** Free connections to the app are kept for as many clients as this. */
const originsMax = 1_000
const upgradeName = 'upgrade'

/** The door in front of the app at `app`. Throws FILE_UNREADABLE or CERTIFICATE_INVALID; does not listen yet. */
export function createIngressDoor(plan: IngressPlan, app: Address, audit: Audit): IngressDoor {
  const policy = compileClientRules(plan.policy)
  const revocations = readRevocations(plan)
  const authorities = readCertificates(plan.clients.ca).certificates.map(({ der }) => new X509Certificate(der))
  const origins = new Map<string, Origin>()

  const originOf = (identity: ClientIdentity): Origin => {
    let origin = origins.get(identity.spki)
    if (!origin) {
      if (origins.size >= originsMax) {
        const [oldest] = origins
        if (oldest) {
          closeOrigin(oldest[1])
          origins.delete(oldest[0])
        }
      }
      origin = createOrigin('app', dialApp(app))
      origins.set(identity.spki, origin)
    }
    return origin
  }

  const door = createDoor(policy, audit)
  const server = createTlsServer(plan)
  server.on('secureConnection', (socket) => {
    const judged = judge(socket, revocations, authorities)
    if ('code' in judged) {
      // Closed without an answer: a stranger reaches TLS and nothing behind it. The log says why.
      refuseConnection(audit, socket, judged)
      return
    }
    const { identity, certificate } = judged
    const peer: IngressPeer = {
      identity,
      says: identitySays(identity),
      fields: connectionFields(certificate, socket),
      origin: originOf(identity),
      hostText: '',
      host: undefined,
      serverName:
        typeof socket.servername === 'string' && socket.servername !== '' ? socket.servername.toLowerCase() : undefined,
    }
    if (socket.alpnProtocol === 'h2') {
      acceptHttp2(socket, {
        serve: (stream) => serve(stream, door, peer),
        refused: (problem) => door.refused(peer, problem),
      })
    } else serve(socket, door, peer)
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return {
    server,
    close() {
      for (const origin of origins.values()) closeOrigin(origin)
    },
  }
}

/** Our own reading of the lists, after OpenSSL's: a list that either cannot read stops the start. */
function readRevocations(plan: IngressPlan): Revocations | undefined {
  if (plan.clients.crls.length === 0) return undefined
  const { crls, problems } = readCrls(plan.clients.crls.join('\n'))
  if (problems.length > 0)
    throw new SallyportError('CERTIFICATE_INVALID', `${plan.at}: the revocation list: ${problems.join('; ')}`)
  return openRevocations(crls)
}

function createTlsServer(plan: IngressPlan): Server {
  let key: Buffer
  try {
    key = readFileSync(plan.certificate.keyFile)
  } catch (error) {
    throw new SallyportError(
      'FILE_UNREADABLE',
      `${plan.at}: ${plan.certificate.keyFile} could not be read (${systemCode(error)})`,
      { cause: error },
    )
  }
  try {
    return createServer({
      cert: plan.certificate.chain,
      key,
      ca: plan.clients.ca,
      ...(plan.clients.crls.length > 0 ? { crl: [...plan.clients.crls] } : {}),
      requestCert: true,
      // Not refused by Node: that would be a bare close, and nobody would know who was refused and why. The guard is in
      // the 'secureConnection' listener.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ciphers,
      honorCipherOrder: true,
      secureOptions,
      // HTTP/2 for those that speak nothing else: it costs more.
      ALPNCallback: ({ protocols }) => ['http/1.1', 'h2'].find((name) => protocols.includes(name)),
      handshakeTimeout: limits.handshakeTimeoutMs,
      allowHalfOpen: true,
    })
  } catch (error) {
    throw new SallyportError(
      'CERTIFICATE_INVALID',
      `${plan.at}: the certificate, its key or the client CA cannot be used (${systemCode(error)})`,
      { cause: error },
    )
  } finally {
    key.fill(0)
  }
}

interface ConnectionRefusal {
  readonly code: string
  readonly says: string
}

/** OpenSSL's judgement of the chain first, ours of the certificates after it. */
function judge(
  socket: TLSSocket,
  revocations: Revocations | undefined,
  trusted: readonly X509Certificate[],
): { identity: ClientIdentity; certificate: X509Certificate } | ConnectionRefusal {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) return { code: 'NO_CERTIFICATE', says: 'the client presented no certificate' }
  if (!socket.authorized)
    return {
      code: String(socket.authorizationError ?? 'UNAUTHORIZED').slice(0, 80),
      says: 'the chain does not verify against ingress.clients',
    }
  const chain = revocations ? chainOf(certificate, trusted) : []
  const checked = checkClientCertificate({
    leaf: certificate.raw,
    chain,
    now: new Date(),
    ...(revocations ? { revocations } : {}),
  })
  return checked.ok
    ? { identity: checked.identity, certificate }
    : { code: checked.code, says: `${checked.field}: ${checked.says}` }
}

function refuseConnection(audit: Audit, socket: TLSSocket, refusal: ConnectionRefusal): void {
  socket.on('error', () => socket.destroy())
  audit.decided(
    audit.nextId(),
    {
      door: 'ingress',
      decision: 'refuse',
      code: 'CLIENT_CERTIFICATE_REFUSED',
      detail: `${refusal.code}: ${refusal.says}`,
    },
    noWait,
  )
  socket.destroy()
}

// Nothing waits for the record of a refusal: refusing needs none to be safe.
const noWait = (): void => {}

/**
 * The certificates above the leaf, issuer first, up to and with the root. A peer need not send its root (RFC 8446
 * §4.4.2), and Node shows what was sent: the rest is ours. The signatures have been verified with the handshake; here
 * they only tell apart authorities of one name.
 */
function chainOf(leaf: X509Certificate, trusted: readonly X509Certificate[]): Uint8Array[] {
  const chain: Uint8Array[] = []
  let current = leaf
  while (chain.length < limits.chainLengthMax && !current.checkIssued(current)) {
    const issuer = current.issuerCertificate ?? findIssuer(current, trusted)
    if (!issuer) break
    chain.push(issuer.raw)
    current = issuer
  }
  return chain
}

function findIssuer(certificate: X509Certificate, trusted: readonly X509Certificate[]): X509Certificate | undefined {
  const named = trusted.filter((authority) => certificate.checkIssued(authority))
  return named.length < 2 ? named[0] : named.find((authority) => certificate.verify(authority.publicKey))
}

/** How the log names a client. */
function identitySays(identity: ClientIdentity): string {
  return identity.spiffe ?? identity.dns[0] ?? identity.spki
}

/** RFC 9440 §2.2 (`Client-Cert` as a byte sequence of RFC 8941), and what a proxy says of the connection. */
function connectionFields(certificate: X509Certificate, socket: TLSSocket): Buffer {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown'
  return Buffer.from(
    `Client-Cert: :${certificate.raw.toString('base64')}:\r\nX-Forwarded-For: ${address}\r\nX-Forwarded-Proto: https\r\n`,
  )
}

function createDoor(policy: ClientPolicy, audit: Audit): Door<IngressPeer> {
  const refuse = (about: Omit<Decision, 'door' | 'decision'>, problem: Problem, says = problem.detail): Refusal => {
    const requestId = audit.nextId()
    audit.decided(
      requestId,
      { door: 'ingress', decision: 'refuse', ...about, code: problem.code, detail: says },
      noWait,
    )
    return { act: 'refuse', problem, requestId }
  }
  return {
    name: 'ingress',
    forbiddenTrailers: forbiddenInTrailers,
    admit(head, peer): Admission {
      const client = peer.says
      const { method } = head
      const wanted = readTarget(head, peer)
      if ('code' in wanted) return refuse({ client, method }, wanted)
      const about = { client, method, host: wanted.host, path: auditedPath(wanted.target, []) }
      const decision = policy.decide(peer.identity, { host: wanted.host, method, target: wanted.target })
      if (!decision.allowed) {
        // The client learns that it was refused and by which request id; which rule is missing is for the log.
        const problem: Problem = decision.ambiguous
          ? { code: 'REQUEST_AMBIGUOUS', detail: 'the path can be read in more than one way' }
          : { code: 'CLIENT_REFUSED', detail: 'this client may not make this request' }
        return refuse(about, problem, decision.why)
      }
      for (const { field, method: named } of overridesOf(head)) {
        // An app that heeds it would be asked for what the policy has not judged.
        const asked = { host: wanted.host, method: named ?? '', target: wanted.target }
        if (named !== undefined && policy.decide(peer.identity, asked).allowed) continue
        const detail = `${field} can name ${named === undefined ? 'another path' : 'a method that this client may not ask for here'}`
        return refuse(about, { code: 'REQUEST_AMBIGUOUS', detail })
      }
      const requestId = audit.nextId()
      const started = performance.now()
      return {
        act: 'forward',
        requestId,
        recorded: (then) =>
          audit.decided(requestId, { door: 'ingress', decision: 'allow', ...about, rule: decision.rule }, (error) =>
            then(error && { code: error.code, detail: error.message }),
          ),
        origin: peer.origin,
        head: {
          lengthMax: head.end - head.start + peer.fields.length + wanted.host.length + 64,
          write: (into) => writeHead(into, head, wanted, peer.fields),
        },
        ended: (outcome) => audit.ended(requestId, { ...outcome, durationMs: Math.round(performance.now() - started) }),
      }
    },
    refused: (peer, problem) => refuse({ client: peer.says }, problem).requestId,
  }
}

interface Target {
  /** As Host says it, in lower case, with its port if it names one. */
  readonly host: string
  readonly target: string
  /** Places of the path and query in the head's bytes. */
  readonly start: number
  readonly end: number
}

/** A host in its plain spelling, and perhaps a port. */
const hostPattern = /^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z])?)(?::\d{1,5})?$/

function readTarget(head: Head, peer: IngressPeer): Target | Problem {
  if (head.method === 'CONNECT')
    return { code: 'REQUEST_UNSUPPORTED', detail: 'CONNECT opens no tunnel through this door' }
  const hostText =
    head.host < 0 ? '' : head.bytes.toString('latin1', head.places[head.host * 4 + 2], head.places[head.host * 4 + 3])
  if (hostText !== peer.hostText) {
    peer.hostText = hostText
    peer.host = hostPattern.exec(hostText)?.[1]?.toLowerCase()
  }
  const { host } = peer
  // HTTP/1.0 may leave Host out; the name of the connection is what the app is then asked for.
  const authority = head.host < 0 ? (peer.serverName ?? '') : hostText.toLowerCase()
  if (host === undefined && (head.minor === 1 || hostText !== ''))
    return { code: 'REQUEST_MALFORMED', detail: 'Host is not a host in its plain spelling' }
  if (peer.serverName !== undefined && host !== undefined && host !== peer.serverName) {
    return { code: 'REQUEST_MISDIRECTED', detail: 'Host is not the name of this connection' }
  }
  const target = targetText(head)
  if (target.startsWith('/') || (target === '*' && head.method === 'OPTIONS')) {
    return { host: authority, target, start: head.targetStart, end: head.targetEnd }
  }
  // RFC 9112 §3.2.2: a server takes the absolute form too.
  const absolute = /^https:\/\/([^/?]+)(?=[/?]|$)/i.exec(target)
  if (!absolute) return { code: 'REQUEST_MALFORMED', detail: 'the target is neither a path nor an https URL' }
  if ((absolute[1] as string).toLowerCase() !== authority)
    return { code: 'REQUEST_MISDIRECTED', detail: 'the target names another host than Host' }
  const start = head.targetStart + absolute[0].length
  const path = target.slice(absolute[0].length)
  return { host: authority, target: path.startsWith('/') ? path : `/${path}`, start, end: head.targetEnd }
}

const space = Buffer.from(' ')
const slash = Buffer.from('/')
const version = Buffer.from(' HTTP/1.1\r\n')
const lineEnd = Buffer.from('\r\n')
const connectionUpgrade = Buffer.from('Connection: upgrade\r\n')

function writeHead(into: Uint8Array, head: Head, wanted: Target, fields: Buffer): number {
  const { bytes, places } = head
  let at = put(into, 0, bytes.subarray(head.targetStart - 1 - head.method.length, head.targetStart - 1))
  at = put(into, at, space)
  if (bytes[wanted.start] !== 0x2f && bytes[wanted.start] !== 0x2a) at = put(into, at, slash)
  at = put(into, at, bytes.subarray(wanted.start, wanted.end))
  at = put(into, at, version)
  at = copyFields(head, into, at, (_head, index) => {
    const [start, end] = [places[index * 4] as number, places[index * 4 + 1] as number]
    if (removedFields.find(bytes, start, end) >= 0)
      return !(head.upgrade && bytes.toString('latin1', start, end).toLowerCase() === upgradeName)
    if (bytes.subarray(start, end).includes(0x5f) && foldedStandards.find(bytes, start, end) >= 0) return true
    return isConnectionOption(head, index)
  })
  if (head.host < 0) at = put(into, at, Buffer.from(`Host: ${wanted.host}\r\n`))
  if (head.upgrade) at = put(into, at, connectionUpgrade)
  at = put(into, at, fields)
  return put(into, at, lineEnd)
}

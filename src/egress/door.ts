import { connect, type Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { TLSSocket } from 'node:tls'
import { type Audit, auditedPath, type Decision } from '../audit/audit.ts'
import { type ErrorCode, errorEntry, SallyportError } from '../errors.ts'
import { forbiddenTrailers } from '../http1/body.ts'
import { fieldNames } from '../http1/field-names.ts'
import type { Head } from '../http1/head.ts'
import { type Problem, problemAnswer } from '../http1/problem.ts'
import { acceptHttp2 } from '../http2/accept.ts'
import type { SignedEdits } from '../keys/carrier.ts'
import { limits } from '../limits.ts'
import { matchesAuthority } from '../policy/authority-pattern.ts'
import { closeOrigin, createOrigin, type Origin, roomFor } from '../relay/origin.ts'
import { serve } from '../relay/serve.ts'
import type { Admission, Door, Forward, Outcome, OutgoingHead, Refusal } from '../relay/session.ts'
import { createMatcher } from '../scrub/matcher.ts'
import { type Authority, parseAuthority } from './authority.ts'
import { holdBody, replaceInBody, signPieces, watchBody } from './content.ts'
import { type CredentialReader, type Credentials, createCredentialReader } from './credentials.ts'
import { dialPlain, dialTls, http1First, http2First, type Protocols, type UpstreamTrust } from './dial.ts'
import { type HeldKey, secretsOf } from './key-ring.ts'
import { type EgressPeer, readWanted, type Wanted } from './request.ts'
import type { Resolve } from './resolve.ts'
import { type HeadChanges, requestHeadLengthMax, writeRequestHead, writeUnmasked } from './write-request.ts'

export interface EgressOptions {
  readonly keys: readonly HeldKey[]
  readonly audit: Audit
  readonly others: 'tunnel' | 'refuse'
  /** For hosts with a key, addresses checked. */
  readonly resolveChecked: Resolve
  /** For the others: where the app would have gone itself. */
  readonly resolveAny: Resolve
  /** The context with which we speak to an upstream. */
  upstreamTrust(authority: string): UpstreamTrust
  /** The context with which we pose as a host towards the app. */
  hostContext(host: string): SecureContext
}

/** What the doors know of one authority. */
interface Upstreams {
  readonly authority: Authority
  readonly keys: readonly HeldKey[]
  readonly reader: CredentialReader | undefined
  readonly tls: Origin
  /** For an app that speaks HTTP/2 itself. */
  readonly http2: Origin
  readonly plain: Origin
}

export interface EgressDoor {
  /** Serves one connection of the app's. */
  accept(socket: Socket): void
  close(): void
}

const established = Buffer.from('HTTP/1.1 200 Connection Established\r\n\r\n')

/** The door behind the app: forward proxy and base URLs on one listener. */
export function createEgressDoor(options: EgressOptions): EgressDoor {
  const { keys, audit } = options
  const known = new Map<string, Upstreams>()
  const phantoms = keys.map(({ phantom }) => phantom.toString('latin1'))
  const matcher = createMatcher(secretsOf(keys))
  const reverse = new Map(keys.map((key) => [key.name, firstAuthority(key)]))
  const sockets = new Set<Socket>()

  const upstreamsOf = (authority: Authority): Upstreams => {
    let upstreams = known.get(authority.text)
    if (!upstreams) {
      const held = keys.filter((key) => key.patterns.some((pattern) => matchesAuthority(pattern, authority.text)))
      const { host, port, text } = authority
      const checked = held.length > 0 ? options.resolveChecked : options.resolveAny
      const over = (protocols: Protocols): Origin =>
        createOrigin(
          text,
          async (readInto) => dialTls(host, port, options.upstreamTrust(text), checked, protocols)(readInto),
          held.length > 0 ? roomFor(matcher) : undefined,
        )
      upstreams = {
        authority,
        keys: held,
        reader: held.length > 0 ? createCredentialReader(held) : undefined,
        tls: over(http1First()),
        http2: over(http2First()),
        plain: createOrigin(text, dialPlain(host, port, options.resolveAny)),
      }
      if (known.size >= limits.leafCacheMax) {
        const [oldest] = known
        if (oldest) {
          closeUpstreams(oldest[1])
          known.delete(oldest[0])
        }
      }
      known.set(text, upstreams)
    }
    return upstreams
  }

  const refuse = (decision: Omit<Decision, 'door' | 'decision'>, problem: Problem): Refusal => {
    const requestId = audit.nextId()
    // Nothing waits for it: refusing needs no record to be safe.
    audit.decided(
      requestId,
      { door: 'egress', decision: 'refuse', ...decision, code: problem.code, detail: problem.detail },
      noWait,
    )
    return { act: 'refuse', problem, requestId }
  }

  const door: Door<EgressPeer> = {
    name: 'egress',
    forbiddenTrailers,
    admit(head, peer) {
      const wanted = readWanted(head, peer, (name) => reverse.get(name))
      const method = head.method
      if ('code' in wanted) return refuse({ method }, wanted)
      if (wanted.act === 'connect') return admitConnect(wanted.authority)
      const { authority } = wanted
      const path = auditedPath(wanted.path, phantoms)
      const about = { method, host: authority.text, path }
      const upstreams = upstreamsOf(authority)
      if (upstreams.reader && wanted.act === 'plain') {
        return refuse(about, {
          code: 'PLAINTEXT_REFUSED',
          detail: `${authority.text} is a host of a key; ask for it with https`,
        })
      }
      const hostField = wanted.act === 'plain' ? authority.plainField : authority.tlsField
      const credentials = upstreams.reader?.read(head, wanted, hostField.toString('latin1'))
      if (credentials && 'problem' in credentials)
        return refuse({ ...about, ...(credentials.keys ? { keys: credentials.keys } : {}) }, credentials.problem)
      const isKeyed = credentials !== undefined && credentials.keys.length > 0
      if (!isKeyed && options.others === 'refuse') {
        return refuse(about, {
          code: 'HOST_REFUSED',
          detail: `the request to ${authority.text} carries no key, and egress.others is refuse`,
        })
      }
      const host = authority.text
      const keys = isKeyed ? credentials.keys : undefined
      const rule = credentials?.rule
      const decision = { door: 'egress', decision: 'allow', method, host, path, keys, rule } as const
      return forward(head, wanted, upstreams, originFor(upstreams, wanted, peer), credentials, decision)
    },
    refused: (_peer, problem) => refuse({}, problem).requestId,
  }

  const forward = (
    head: Head,
    wanted: Wanted,
    upstreams: Upstreams,
    origin: Origin,
    credentials: Credentials | undefined,
    decision: Decision,
  ): Admission => {
    const outgoing = (changes: HeadChanges): OutgoingHead => ({
      lengthMax: requestHeadLengthMax(head, wanted, changes),
      write: (into) => writeRequestHead(into, head, wanted, changes),
    })
    const hasBody = head.framing !== 'none'
    let edits: SignedEdits | undefined
    let content: Forward['content']
    if (credentials && credentials.inBody.length > 0) {
      const replace = replaceInBody(credentials.inBody, contentTypeOf(head))
      content = holdBody((received) => {
        const replaced = replace(received)
        return { head: outgoing({ credentials, edits, contentLength: replaced.length }), content: replaced }
      })
    } else if (credentials && credentials.signatures.length > 0) {
      if (hasBody && credentials.signatures.some(({ signature }) => signature.body === 'whole')) {
        content = holdBody((received) => {
          const signed = sign(credentials, received)
          if ('code' in signed) return signed
          const changes = { credentials, edits: signed.edits, contentLength: received.length }
          return { head: outgoing(changes), content: Uint8Array.from(received) }
        })
      } else {
        const signed = sign(credentials, noContent)
        if ('code' in signed) return refuse(withoutDecision(decision), signed)
        edits = signed.edits
        if (hasBody && edits.pieces) content = signPieces(edits.pieces, signed.key)
      }
    }
    if (!content && hasBody && upstreams.keys.length > 0) content = watchBody(upstreams.keys)
    const requestId = audit.nextId()
    const started = performance.now()
    return {
      act: 'forward',
      requestId,
      recorded: (then) => audit.decided(requestId, decision, (error) => then(error && unrecorded(error))),
      origin,
      ...(content?.act === 'hold' ? {} : { head: outgoing({ credentials, edits, contentLength: undefined }) }),
      ...(content ? { content } : {}),
      matcher: upstreams.keys.length > 0 ? matcher : undefined,
      ended: (outcome: Outcome) =>
        audit.ended(requestId, { ...outcome, durationMs: Math.round(performance.now() - started) }),
    } satisfies Forward
  }

  const admitConnect = (authority: Authority): Admission => {
    const { keys: held } = upstreamsOf(authority)
    if (held.length > 0) {
      return { act: 'take over', take: (socket, rest) => serveInside(socket, rest, authority) }
    }
    if (options.others === 'refuse') {
      return refuse(
        { method: 'CONNECT', host: authority.text },
        { code: 'HOST_REFUSED', detail: `${authority.text} is no host of a key, and egress.others is refuse` },
      )
    }
    return { act: 'take over', take: (socket, rest) => startTunnel(socket, rest, authority) }
  }

  const startTunnel = (socket: Socket, rest: Buffer, authority: Authority): void => {
    const requestId = audit.nextId()
    audit.decided(
      requestId,
      { door: 'egress', decision: 'tunnel', method: 'CONNECT', host: authority.text },
      (error) => {
        if (error) socket.end(problemAnswer(unrecorded(error), requestId, { keepAlive: false, withBody: true }))
        else void tunnel(socket, rest, authority, requestId)
      },
    )
  }

  /** Ends the app's TLS as `authority`, for which the app has our per-run authority in its bundle. */
  const serveInside = (socket: Socket, rest: Buffer, connected: Authority): void => {
    socket.write(established)
    if (rest.length > 0) socket.unshift(rest)
    const inner = new TLSSocket(socket, {
      isServer: true,
      secureContext: options.hostContext(connected.host),
      // HTTP/2 for those that speak nothing else: it costs more, and gives an app on this machine nothing.
      ALPNCallback: ({ protocols }) => ['http/1.1', 'h2'].find((name) => protocols.includes(name)),
      requestCert: false,
    })
    const timer = setTimeout(() => socket.destroy(), limits.handshakeTimeoutMs)
    inner.on('error', () => socket.destroy())
    inner.on('close', () => clearTimeout(timer))
    inner.once('secure', () => {
      clearTimeout(timer)
      const serverName =
        typeof inner.servername === 'string' && inner.servername !== '' ? { serverName: inner.servername } : {}
      const peer = { connected, ...serverName }
      if (inner.alpnProtocol === 'h2') {
        acceptHttp2(inner, {
          serve: (stream) => serve(stream, door, { ...peer, http2: true }),
          refused: (problem) => door.refused(peer, problem),
        })
      } else serve(inner, door, peer)
    })
  }

  const tunnel = async (socket: Socket, rest: Buffer, { host, port }: Authority, requestId: string): Promise<void> => {
    const started = performance.now()
    let outer: Socket | undefined
    let isOver = false
    const over = (code?: ErrorCode): void => {
      if (isOver) return
      isOver = true
      const durationMs = Math.round(performance.now() - started)
      audit.ended(requestId, {
        status: code ? errorEntry(code).status : 200,
        ...(code ? { code } : {}),
        bytesIn: outer?.bytesWritten ?? 0,
        bytesOut: outer?.bytesRead ?? 0,
        durationMs,
      })
      socket.destroy()
      outer?.destroy()
    }
    socket.on('error', () => over())
    socket.on('close', () => over())
    try {
      const target = await options.resolveAny(host, port)
      if (isOver) return
      const { tunnel: throughProxy } = target
      outer = throughProxy
        ? await throughProxy()
        : connect({ host: target.address, port: target.port, allowHalfOpen: true })
    } catch (error) {
      const code = error instanceof SallyportError ? error.code : 'UPSTREAM_UNRESOLVED'
      socket.end(refusedTunnel(code))
      over(code)
      return
    }
    if (isOver) {
      outer.destroy()
      return
    }
    const remote = outer
    sockets.add(remote)
    let isOpen = false
    remote.on('error', () => {
      if (!isOpen) socket.write(refusedTunnel('UPSTREAM_UNREACHABLE'))
      over(isOpen ? undefined : 'UPSTREAM_UNREACHABLE')
    })
    remote.on('close', () => {
      sockets.delete(remote)
      over()
    })
    const opened = () => {
      isOpen = true
      socket.write(established)
      if (rest.length > 0) remote.write(rest)
      socket.pipe(remote)
      remote.pipe(socket)
    }
    if (remote.connecting) remote.once('connect', opened)
    else opened()
  }

  return {
    accept(socket) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      serve(socket, door, {})
    },
    close() {
      for (const upstreams of known.values()) closeUpstreams(upstreams)
      for (const socket of sockets) socket.destroy()
    },
  }
}

const noWait = (): void => {}

function refusedTunnel(code: ErrorCode): string {
  const { status } = errorEntry(code)
  return `HTTP/1.1 ${status} ${status === 504 ? 'Gateway Timeout' : 'Bad Gateway'}\r\nSallyport-Problem: ${code}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
}

function originFor({ tls, http2, plain }: Upstreams, wanted: Wanted, peer: EgressPeer): Origin {
  return wanted.act === 'plain' ? plain : peer.http2 ? http2 : tls
}

function closeUpstreams({ tls, http2, plain }: Upstreams): void {
  for (const origin of [tls, http2, plain]) closeOrigin(origin)
}

function unrecorded(error: SallyportError): Problem {
  return { code: error.code, detail: error.message }
}

const noContent = new Uint8Array(0)
const contentType = fieldNames(['content-type'])

function contentTypeOf({ bytes, places, fieldCount }: Head): string {
  for (let at = 0; at < fieldCount * 4; at += 4)
    if (contentType.find(bytes, places[at] as number, places[at + 1] as number) >= 0)
      return bytes.toString('latin1', places[at + 2], places[at + 3])
  return ''
}

function withoutDecision({
  door: _door,
  decision: _decision,
  ...about
}: Decision): Omit<Decision, 'door' | 'decision'> {
  return about
}

/** Signs again what one of the candidates has signed with its phantom. */
function sign({ signatures }: Credentials, content: Uint8Array): { edits: SignedEdits; key: HeldKey } | Problem {
  let problem: Problem = { code: 'SIGNATURE_REFUSED', detail: 'nobody has signed the request' }
  for (const { key, signature } of signatures) {
    const signed = signature.sign(key.phantom, (use) => writeUnmasked(key.masked, use), content)
    if (!('fault' in signed)) return { edits: signed, key }
    problem = { code: 'SIGNATURE_REFUSED', detail: `key ${key.name}: ${signed.fault}` }
  }
  return problem
}

/** The authority that base URL mode dials: the key's first host that is not a pattern. */
function firstAuthority(key: HeldKey): Authority | undefined {
  const host = key.hosts.find((name) => !name.startsWith('*'))
  return host === undefined ? undefined : parseAuthority(host, 443)
}

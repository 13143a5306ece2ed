import { connect, isIP, type Socket } from 'node:net'
import {
  type ConnectionOptions,
  connect as connectTls,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import { SallyportError, systemCode } from '../errors.ts'
import { createProtocolSwitch } from '../http2/dial.ts'
import { matchesPin } from '../identity/pin.ts'
import { matchesServerName } from '../identity/server-name.ts'
import { limits } from '../limits.ts'
import type { Dial, ReadInto } from '../relay/origin.ts'
import { wipe } from '../secret/masked.ts'
import type { DialAddress, Resolve } from './resolve.ts'

/** What an upstream is asked to speak, in the order in which we like it. Learned: kept for the next connection. */
export interface Protocols {
  offered: readonly ('http/1.1' | 'h2')[]
  /** Whether it was asked all that there is to ask. */
  isSettled: boolean
}

/** HTTP/1.1 costs less; HTTP/2 where the upstream refuses it. */
export const http1First = (): Protocols => ({ offered: ['http/1.1'], isSettled: false })
/** For an app that speaks HTTP/2 itself, and may need what HTTP/1.1 has not (gRPC). */
export const http2First = (): Protocols => ({ offered: ['h2', 'http/1.1'], isSettled: true })

/** How an upstream proves itself, and we to it. */
export interface UpstreamTrust {
  readonly context: SecureContext
  /** Absent: any chain that the context accepts. */
  readonly pins?: readonly string[]
}

/** Over TLS to `host:port`, whose certificate must chain to the context's roots, meet the pins and name `host`. */
export function dialTls(
  host: string,
  port: number,
  trust: UpstreamTrust,
  resolve: Resolve,
  protocols: Protocols,
): Dial {
  return async (readInto) => {
    const target = await resolve(host, port)
    const open = async (alpn: Protocols['offered']): Promise<{ socket: Socket; chosen: string | undefined }> => {
      const choice = alpn.includes('h2') ? createProtocolSwitch(readInto) : undefined
      const socket = await openTls(host, target, trust, alpn, choice?.readInto ?? readInto)
      const chosen = socket.alpnProtocol || undefined
      if (!choice) return { socket, chosen }
      return { socket: chosen === 'h2' ? choice.http2(socket) : choice.http1(socket), chosen }
    }
    const { offered } = protocols
    const other = offered[0] === 'h2' ? 'http/1.1' : 'h2'
    try {
      const { socket, chosen } = await open(offered)
      if (chosen !== undefined || protocols.isSettled) return socket
      // RFC 7301 §3.2 has a server choose HTTP/1.1 where it knows it. One that chooses nothing knows no ALPN; or it knows
      // HTTP/2 alone, and (Go) would hang up rather than refuse. Asked once.
      // That it fails says that it does not speak HTTP/2, and the first connection is there.
      const second = await open(['h2']).catch(() => undefined)
      protocols.isSettled = true
      if (second?.chosen !== 'h2') {
        second?.socket.destroy()
        return socket
      }
      socket.destroy()
      protocols.offered = ['h2']
      return second.socket
    } catch (error) {
      // RFC 7301 §3.2: it speaks none of what was offered. The one other there is, asked in the same way.
      if (offered.length > 1 || !isProtocolRefusal(error)) throw error
      const { socket } = await open([other])
      protocols.offered = [other]
      return socket
    }
  }
}

async function openTls(
  host: string,
  target: DialAddress,
  { context, pins }: UpstreamTrust,
  alpn: readonly string[],
  readInto: ReadInto,
): Promise<TLSSocket> {
  const named = isIP(host) === 0
  const outer = await target.tunnel?.()
  if (outer && outer.readableLength > 0) {
    outer.destroy()
    // A server waits for the client's hello (RFC 8446 §4): this is the proxy's own, and TLS would not see it.
    throw new SallyportError(
      'PROXY_UNREACHABLE',
      `the proxy on the way to ${host} did not end its answer where it should`,
    )
  }
  return ready(host, 'secureConnect', (settle) => {
    // `onread` is documented for tls.connect and missing in its types.
    const options: ConnectionOptions & { onread: ReadInto } = {
      ...(outer ? { socket: outer } : { host: target.address, port: target.port }),
      ...(named ? { servername: host } : {}),
      secureContext: context,
      ALPNProtocols: [...alpn],
      onread: readInto,
      // Ours instead of Node's: that one takes the common name of a certificate without a subject alternative name,
      // and reads the names out of an ambiguous string.
      checkServerIdentity: (_name, certificate) => {
        const problem =
          matchesServerName(certificate.raw, host) ??
          (pins && !matchesPin(chainOf(certificate), pins, new Date())
            ? 'no certificate of its chain has a public key that is pinned for it (egress.hosts, pins)'
            : undefined)
        if (problem === undefined) return undefined
        settle(new SallyportError('UPSTREAM_CERTIFICATE_REFUSED', `${host}: ${problem}`))
        return new Error('refused')
      },
    }
    const socket = connectTls(options)
    if (outer && !setReader(socket, readInto)) feed(socket, readInto)
    return socket
  })
}

/** Of Node's own linking, from the leaf to the root, which is its own issuer. */
function chainOf(leaf: PeerCertificate | DetailedPeerCertificate): Uint8Array[] {
  const chain: Uint8Array[] = []
  let next: PeerCertificate | DetailedPeerCertificate | undefined = leaf
  while (next?.raw && chain.length < chainMax) {
    chain.push(next.raw)
    const issuer: DetailedPeerCertificate | undefined = 'issuerCertificate' in next ? next.issuerCertificate : undefined
    next = issuer === next ? undefined : issuer
  }
  return chain
}

/** OpenSSL's own limit is 100; no public chain has more than five. */
const chainMax = 10

/**
 * Does by Node's own properties what `onread` does, which `tls.connect` leaves out where a socket is given: a chunk of a
 * stream is allocated larger, cut and moved, and where it was a key that the upstream sent back stays in free memory.
 * False: this Node has them no more.
 */
function setReader(socket: TLSSocket, { buffer, callback }: ReadInto): boolean {
  // Node's types leave out what is its own; each property is looked for before it is used.
  const inner = socket as unknown as Record<symbol, unknown> & {
    _handle?: { useUserBuffer?(bytes: Uint8Array): void }
  }
  const symbols = Object.getOwnPropertySymbols(socket)
  const [current, called, next] = ['kBuffer', 'kBufferCb', 'kBufferGen'].map((name) =>
    symbols.find(({ description }) => description === name),
  )
  if (!current || !called || !next || !inner._handle?.useUserBuffer) return false
  const first = buffer()
  inner[current] = first
  inner[called] = callback
  inner[next] = buffer
  inner._handle.useUserBuffer(first)
  return true
}

/** The same from outside: chunks are copied, and wiped where they are. */
function feed(socket: Socket, { buffer, callback }: ReadInto): void {
  socket.on('data', (chunk: Buffer) => {
    let mayGoOn = true
    for (let at = 0; at < chunk.length; ) {
      const into = buffer()
      const length = Math.min(into.length, chunk.length - at)
      into.set(chunk.subarray(at, at + length))
      at += length
      mayGoOn = callback(length, into) && mayGoOn
    }
    // An upstream can send a key back, and these bytes are Node's to keep.
    wipe(chunk)
    if (!mayGoOn) socket.pause()
  })
}

function isProtocolRefusal(error: unknown): boolean {
  return error instanceof SallyportError && systemCode(error.cause) === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'
}

/** Plain TCP to `host:port`. */
export function dialPlain(host: string, port: number, resolve: Resolve): Dial {
  return async (readInto) => {
    const target = await resolve(host, port)
    if (target.tunnel) {
      const socket = await target.tunnel()
      feed(socket, readInto)
      return socket
    }
    return ready(host, 'connect', () => connect({ host: target.address, port: target.port, onread: readInto }))
  }
}

/** Resolves when `event` comes; rejects with what went wrong, or after the limit. */
function ready<Opened extends Socket>(
  host: string,
  event: 'connect' | 'secureConnect',
  open: (settle: (error: SallyportError) => void) => Opened,
): Promise<Opened> {
  return new Promise((resolve, reject) => {
    let refusal: SallyportError | undefined
    const socket = open((error) => {
      refusal = error
    })
    const limit = limits.connectTimeoutMs + (event === 'secureConnect' ? limits.handshakeTimeoutMs : 0)
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new SallyportError('UPSTREAM_TIMEOUT', `${host} could not be connected to in ${limit} ms`))
    }, limit)
    const onError = (error: Error) => {
      clearTimeout(timer)
      socket.destroy()
      reject(refusal ?? connectionError(host, error))
    }
    const onClose = () => onError(new Error('closed'))
    socket.once('error', onError)
    socket.once('close', onClose)
    socket.once(event, () => {
      // Not before the event has returned: OpenSSL still stands inside the handshake then, takes no data, and Node keeps
      // a copy of what was to be written.
      setImmediate(() => {
        clearTimeout(timer)
        socket.off('error', onError)
        socket.off('close', onClose)
        resolve(socket)
      })
    })
  })
}

/** OpenSSL's and the system's failures in our codes; their own texts are not passed on, only their codes. */
function connectionError(host: string, error: Error): SallyportError {
  const code = systemCode(error)
  const isCertificate = /CERT|SELF_SIGNED|ISSUER|LEAF|SIGNATURE|CRL|CA$|HOSTNAME|ALTNAME/.test(code)
  if (isCertificate)
    return new SallyportError('UPSTREAM_CERTIFICATE_REFUSED', `${host}: its certificate was refused (${code})`, {
      cause: error,
    })
  return new SallyportError('UPSTREAM_UNREACHABLE', `${host}: the connection failed (${code})`, { cause: error })
}

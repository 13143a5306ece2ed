import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls'
import { type Answer, type Received, readAnswer } from './answer.ts'

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'
export const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const satisfies readonly TlsVersion[]

/** A certificate with its chain, leaf first, and its key, both PEM. */
export interface Credential {
  readonly certificate: string
  readonly key: string
}

/** The service's address, as its user wrote it. */
export interface Origin {
  readonly host: string
  readonly port: number
}

/** How to go to the service: in clear, or over one TLS version, with or without a certificate. */
export interface Way {
  readonly transport: 'plain' | TlsVersion
  readonly credential?: Credential
}

export interface ProbeRequest {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS'
  /** Origin form, one character a byte: may hold bytes that RFC 3986 does not allow. No space, CR or LF. */
  readonly target: string
  readonly fields?: readonly (readonly [name: string, value: string])[]
}

export interface ExchangeLimits {
  /** For the whole exchange. */
  readonly timeoutMs: number
  /** How long plain HTTP waits for an answer before it closes its sending side: Puma's TLS port answers only then. */
  readonly halfCloseAfterMs: number
  readonly headBytesMax: number
  readonly bodyBytesMax: number
}

export type Stage = 'connect' | 'handshake' | 'answer'

/** What one request got. `answer` is the only one in which something of HTTP came back. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'alert'; readonly stage: Stage; readonly alert: string }
  | { readonly kind: 'closed'; readonly stage: Stage; readonly reset: boolean }
  | { readonly kind: 'timeout'; readonly stage: Stage }
  | { readonly kind: 'garbage'; readonly stage: Stage; readonly bytes: Buffer }
  | { readonly kind: 'unreachable'; readonly code: string }
  /** Ours or OpenSSL's failure, which tells nothing of the service; `code` is OpenSSL's. */
  | { readonly kind: 'failed'; readonly stage: Stage; readonly code: string }

export interface Exchange {
  readonly way: Way
  readonly request: ProbeRequest
  readonly outcome: Outcome
  readonly tookMs: number
  /** How the server's own certificate was judged against the given CA: absent where no handshake ended. */
  readonly server?: { readonly isVerified: boolean; readonly problem: string }
}

export interface ExchangeOptions {
  readonly origin: Origin
  readonly limits: ExchangeLimits
  /** PEM; the server's certificate is judged against it. It never decides whether the request is sent. */
  readonly serverCa?: string
}

/**
 * Sends one request on a connection of its own and reads the answer to its end. Never throws and always settles within
 * `limits.timeoutMs`. A finished handshake says nothing about a client certificate (a TLS 1.3 client finishes first), so
 * the outcome is always what came back for the request.
 */
export function exchange(options: ExchangeOptions, way: Way, request: ProbeRequest): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>()
  const { origin, limits } = options
  const startedMs = performance.now()
  const received: Received = { bytes: Buffer.alloc(4_096), length: 0 }
  let stage: Stage = 'connect'
  let server: Exchange['server']
  let halfClose: NodeJS.Timeout | undefined
  let isSettled = false

  const settle = (outcome: Outcome) => {
    if (isSettled) return
    isSettled = true
    clearTimeout(deadline)
    clearTimeout(halfClose)
    socket.destroy()
    resolve({ way, request, outcome, tookMs: performance.now() - startedMs, ...(server ? { server } : {}) })
  }
  /** Nothing more will come: what is there is judged, and only without a byte the way it ended counts. */
  const end = (why: 'closed' | 'timeout', silent: Outcome) => {
    if (received.length === 0) return settle(silent)
    const progress = readAnswer(received, limits, why)
    if (progress.state === 'done') settle({ kind: 'answer', answer: progress.answer })
    else settle({ kind: 'garbage', stage, bytes: copyOf(received) })
  }
  const send = () => {
    stage = 'answer'
    socket.write(requestBytes(origin, way, request))
  }
  let socket: Socket
  try {
    socket = open(options, way, () => {
      stage = 'handshake'
    })
  } catch (error) {
    // Node refuses a certificate or key before it connects: ours to tell, and nothing about the service.
    const outcome = { kind: 'failed', stage, code: (error as NodeJS.ErrnoException).code ?? 'unknown' } as const
    return Promise.resolve({ way, request, outcome, tookMs: 0 })
  }
  const deadline = setTimeout(() => end('timeout', { kind: 'timeout', stage }), limits.timeoutMs)

  if (way.transport === 'plain') {
    socket.once('connect', () => {
      send()
      halfClose = setTimeout(() => received.length === 0 && socket.end(), limits.halfCloseAfterMs)
    })
  } else {
    socket.once('secureConnect', () => {
      server = judgeServer(socket as TLSSocket)
      send()
    })
  }
  socket.on('data', (chunk: Buffer) => {
    append(received, chunk)
    const progress = readAnswer(received, limits)
    if (progress.state === 'done') settle({ kind: 'answer', answer: progress.answer })
    else if (progress.state === 'garbage' && received.length > limits.headBytesMax)
      end('closed', { kind: 'timeout', stage })
  })
  socket.once('end', () => end('closed', { kind: 'closed', stage, reset: false }))
  socket.once('close', () => end('closed', { kind: 'closed', stage, reset: false }))
  socket.on('error', (error: NodeJS.ErrnoException) => end('closed', outcomeOf(error, stage)))
  return promise
}

function open(options: ExchangeOptions, way: Way, connected: () => void): Socket {
  const { origin, serverCa } = options
  const { host, port } = origin
  if (way.transport === 'plain') return connectPlain({ host, port, allowHalfOpen: true })
  const version: SecureVersion = way.transport
  const socket = connectTls({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    minVersion: version,
    maxVersion: version,
    // Old servers must be judged too, not refused: the lowest level, and renegotiation of the old kind (RFC 5746).
    ciphers: 'DEFAULT:@SECLEVEL=0',
    secureOptions: legacyServerConnect,
    // The server's certificate is judged afterwards, and told; it must not keep us from looking.
    rejectUnauthorized: false,
    ...(serverCa === undefined ? {} : { ca: serverCa }),
    ...(way.credential ? { cert: way.credential.certificate, key: way.credential.key } : {}),
  })
  socket.once('connect', connected)
  return socket
}

/** SSL_OP_LEGACY_SERVER_CONNECT */
const legacyServerConnect = 0x4

function judgeServer(socket: TLSSocket): NonNullable<Exchange['server']> {
  const problem: unknown = socket.authorizationError
  return {
    isVerified: socket.authorized,
    problem:
      problem instanceof Error ? ((problem as NodeJS.ErrnoException).code ?? problem.name) : String(problem ?? ''),
  }
}

/**
 * OpenSSL's names for received alerts: `…_ALERT_UNKNOWN_CA` after the version that defined them, `…SSL/TLS_ALERT_…`, and
 * those that came with extensions (RFC 6066) without the word.
 */
const alertCode =
  /^ERR_SSL_(?:.{0,20}_ALERT_(.+)|TLSV1_(UNRECOGNIZED_NAME|UNSUPPORTED_EXTENSION|BAD_CERTIFICATE_.+|CERTIFICATE_UNOBTAINABLE))$/
/** The peer answered a TLS hello with something that is no TLS: it speaks HTTP, or something else, in clear. */
const notTlsCodes = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_UNEXPECTED_MESSAGE',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_BAD_RECORD_TYPE',
  'ERR_SSL_RECORD_LENGTH_MISMATCH',
])
const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'EHOSTDOWN',
  'EACCES',
])

function outcomeOf(error: NodeJS.ErrnoException, stage: Stage): Outcome {
  const code = error.code ?? error.name
  const found = alertCode.exec(code)
  const alert = found?.[1] ?? found?.[2]
  if (alert !== undefined) return { kind: 'alert', stage, alert: alert.toLowerCase().replaceAll('_', ' ') }
  if (notTlsCodes.has(code)) return { kind: 'garbage', stage, bytes: Buffer.alloc(0) }
  if (stage === 'connect' && unreachableCodes.has(code)) return { kind: 'unreachable', code }
  if (code === 'ETIMEDOUT') return { kind: 'timeout', stage }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
    return { kind: 'closed', stage, reset: true }
  return { kind: 'failed', stage, code }
}

function requestBytes(origin: Origin, way: Way, request: ProbeRequest): Buffer {
  const host = isIP(origin.host) === 6 ? `[${origin.host}]` : origin.host
  // RFC 9110 §4.2: the scheme's own port is left out, and some servers choose by the whole text.
  const isDefaultPort = origin.port === (way.transport === 'plain' ? 80 : 443)
  const given = request.fields ?? []
  const defaults = [
    ['Host', isDefaultPort ? host : `${host}:${origin.port}`],
    ['User-Agent', 'sallyport-probe'],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'identity'],
    ['Connection', 'close'],
  ].filter(([name]) => !given.some(([other]) => other.toLowerCase() === name?.toLowerCase()))
  const lines = [...defaults, ...given].map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${request.method} ${request.target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
}

function append(received: Received, chunk: Buffer): void {
  const needed = received.length + chunk.length
  if (needed > received.bytes.length) {
    const larger = Buffer.alloc(Math.max(needed, received.bytes.length * 2))
    received.bytes.copy(larger, 0, 0, received.length)
    received.bytes = larger
  }
  chunk.copy(received.bytes, received.length)
  received.length = needed
}

function copyOf(received: Received): Buffer {
  return Buffer.from(received.bytes.subarray(0, received.length))
}

/** Whether a connection can be made: the empty text, or the system's code of why not. */
export function reach(origin: Origin, timeoutMs: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connectPlain({ host: origin.host, port: origin.port })
  const settle = (code: string) => {
    clearTimeout(deadline)
    socket.destroy()
    resolve(code)
  }
  const deadline = setTimeout(() => settle('ETIMEDOUT'), timeoutMs)
  socket.once('connect', () => settle(''))
  socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.name))
  return promise
}

import { BlockList, connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'
import { SallyportError, systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { type Masked, secretBytes, unmaskInto, wipe } from '../secret/masked.ts'
import type { Resolve } from './resolve.ts'

/** The proxy that stands between us and the upstreams: a company's, which was in our user's environment. */
export interface OutwardProxy {
  readonly host: string
  readonly port: number
  /** With which the proxy is spoken to over TLS; absent: in clear. */
  readonly context?: SecureContext
  /** The whole value of Proxy-Authorization. */
  readonly authorization?: Masked
  /** Whether a host is reached without the proxy. */
  isDirect(host: string, port: number): boolean
}

/**
 * Where `direct` says, or through the proxy: CONNECT by name, which the proxy resolves, so that no address of a name can
 * be checked or held to. A target that is an address itself is checked all the same.
 */
export function throughProxy(direct: Resolve, proxy: OutwardProxy): Resolve {
  return async (host, port) => {
    if (proxy.isDirect(host, port)) return direct(host, port)
    if (isIP(host) !== 0) await direct(host, port)
    return { address: proxy.host, port: proxy.port, tunnel: () => openTunnel(proxy, host, port) }
  }
}

/**
 * NO_PROXY as curl and Go read it: a name covers its subdomains, with or without a dot in front; a port narrows it; an
 * address or a block of them covers targets that are addresses; `*` covers all. This machine is never asked of a proxy.
 */
export function directHosts(entries: readonly string[]): (host: string, port: number) => boolean {
  const blocks = new BlockList()
  blocks.addSubnet('127.0.0.0', 8, 'ipv4')
  blocks.addAddress('::1', 'ipv6')
  const names: { name: string; port: number | undefined }[] = [{ name: 'localhost', port: undefined }]
  for (const entry of entries) {
    const [, block = '', length] = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(entry) ?? []
    const family = isIP(block)
    if (family !== 0 && Number(length) <= (family === 6 ? 128 : 32)) {
      blocks.addSubnet(block, Number(length), family === 6 ? 'ipv6' : 'ipv4')
      continue
    }
    const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*|.*:.*:.*?))(?::(\d{1,5}))?$/.exec(entry) ?? []
    const name = (bracketed ?? plain ?? '').replace(/^\*?\./, '').toLowerCase()
    if (name !== '') names.push({ name, port: port === undefined ? undefined : Number(port) })
  }
  return (host, port) => {
    const family = isIP(host)
    if (family !== 0 && blocks.check(host, family === 6 ? 'ipv6' : 'ipv4')) return true
    return names.some(
      (entry) =>
        (entry.port === undefined || entry.port === port) &&
        (entry.name === '*' || entry.name === host || (family === 0 && host.endsWith(`.${entry.name}`))),
    )
  }
}

/** An answer of a proxy has no business to be longer. */
const answerBytesMax = 16_384

/**
 * A connection to `host:port` through the proxy (RFC 9110 §9.3.6), connected. Rejects with PROXY_UNREACHABLE,
 * PROXY_TIMEOUT, PROXY_REFUSED or PROXY_FAILED, whose message names the proxy and nothing that it said but its status.
 */
function openTunnel(proxy: OutwardProxy, host: string, port: number): Promise<Socket> {
  const name = `the proxy ${proxy.host}:${proxy.port}`
  return new Promise((resolve, reject) => {
    const { context } = proxy
    const socket = context
      ? connectTls({
          host: proxy.host,
          port: proxy.port,
          secureContext: context,
          ...(isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
          ALPNProtocols: ['http/1.1'],
        })
      : connect({ host: proxy.host, port: proxy.port, allowHalfOpen: true, noDelay: true })
    let answer = Buffer.alloc(0)
    const done = (error?: SallyportError) => {
      clearTimeout(timer)
      socket.off('readable', onReadable).off('error', onError).off('close', onClose).off('end', onClose)
      if (!error) return resolve(socket)
      // What is left of it has no listener.
      socket.on('error', () => {})
      socket.destroy()
      reject(error)
    }
    const limitMs = limits.connectTimeoutMs
    const timer = setTimeout(
      () => done(new SallyportError('PROXY_TIMEOUT', `${name} gave no connection to ${host} in ${limitMs} ms`)),
      limitMs,
    )
    const onError = (error: Error) =>
      done(new SallyportError('PROXY_UNREACHABLE', `${name}: the connection failed (${systemCode(error)})`))
    const onClose = () =>
      done(new SallyportError('PROXY_UNREACHABLE', `${name} closed the connection without an answer`))
    const onReadable = () => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) answer = Buffer.concat([answer, chunk])
      const end = answer.indexOf('\r\n\r\n')
      if (end < 0 && answer.length < answerBytesMax) return
      const status =
        end < 0 ? undefined : /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(answer.toString('latin1', 0, end + 2))?.[1]
      if (!status?.startsWith('2')) return done(refusal(name, host, status))
      if (answer.length > end + 4) socket.unshift(answer.subarray(end + 4))
      done()
    }
    socket.on('error', onError).on('close', onClose).on('end', onClose).on('readable', onReadable)
    // Not before TLS is there: a write that waits is copied.
    socket.once(context ? 'secureConnect' : 'connect', () => setImmediate(() => ask(socket, proxy, host, port)))
  })
}

function ask(socket: Socket, { authorization }: OutwardProxy, host: string, port: number): void {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  const start = Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n`)
  const field = Buffer.from(authorization ? 'Proxy-Authorization: ' : '')
  const end = Buffer.from(authorization ? '\r\n\r\n' : '\r\n')
  const bytes = secretBytes(start.length + field.length + (authorization?.length ?? 0) + end.length)
  bytes.set(start)
  bytes.set(field, start.length)
  const at = start.length + field.length
  bytes.set(end, authorization ? unmaskInto(authorization, bytes, at) : at)
  if (socket.destroyed) wipe(bytes)
  else socket.write(Buffer.from(bytes.buffer), () => wipe(bytes))
}

function refusal(name: string, host: string, status: string | undefined): SallyportError {
  if (status === undefined) return new SallyportError('PROXY_UNREACHABLE', `${name} did not answer in HTTP/1.1`)
  if (status === '407')
    return new SallyportError(
      'PROXY_REFUSED',
      `${name} wants another user name or password (407); they stand in its URL`,
    )
  return status.startsWith('5')
    ? new SallyportError('PROXY_FAILED', `${name} could not reach ${host} (${status})`)
    : new SallyportError('PROXY_REFUSED', `${name} does not let us reach ${host} (${status})`)
}

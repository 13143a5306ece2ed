import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'

/** What the proxy was asked: `CONNECT host:port` and Proxy-Authorization. */
export interface AskedTunnel {
  readonly target: string
  readonly authorization: string | undefined
}

export interface ConnectProxy {
  readonly port: number
  /** Of the authority of its own certificate, where it speaks TLS. */
  readonly caPem: string
  readonly asked: AskedTunnel[]
  close(): Promise<void>
}

/**
 * A company's proxy: CONNECT alone, and every name leads to `port` of this machine, which only it knows. `answer` may
 * give raw bytes instead of a tunnel, or the empty text for silence.
 */
export async function startConnectProxy(options: {
  readonly port: number
  readonly tls?: boolean
  answer?(asked: AskedTunnel): string | undefined
}): Promise<ConnectProxy> {
  const asked: AskedTunnel[] = []
  const authority = await createAuthority({ name: 'proxy CA' })
  const leaf = await issueCertificate(authority, {
    subject: 'proxy',
    dns: ['localhost'],
    ips: ['127.0.0.1'],
    usages: 'server',
  })
  const server = options.tls
    ? createTlsServer({ key: leaf.privateKeyPem, cert: leaf.chainPem, ALPNProtocols: ['http/1.1'] })
    : createServer()
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  })
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const tunnel = { target: request.url ?? '', authorization: request.headers['proxy-authorization'] }
    asked.push(tunnel)
    socket.on('error', () => socket.destroy())
    const answer = options.answer?.(tunnel)
    if (answer !== undefined) {
      if (answer !== '') socket.end(answer)
      return
    }
    const outer = connect({ port: options.port, host: '127.0.0.1' }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 company\r\n\r\n')
      outer.write(head)
      outer.pipe(socket).pipe(outer)
    })
    outer.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    caPem: authority.certificatePem,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

import type { AddressInfo, Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { createAuthority, issueCertificate, type Minted } from '../../src/identity/mint/certificate.ts'

/** Speaks bytes: what a well-behaved HTTP server would never send. */
export interface ScriptedUpstream {
  readonly port: number
  readonly caPem: string
  readonly authority: Minted
  /** Request targets in the order in which their heads came, with the number of the connection. */
  readonly seen: { readonly target: string; readonly connection: number }[]
  close(): Promise<void>
}

/** Called with each request's head as text once it is complete; the rest is up to it. */
export type Script = (socket: TLSSocket, target: string, head: string, connection: number) => void

export async function startScripted(
  script: Script,
  { dns = ['ledger.test'], subject }: { dns?: readonly string[]; subject?: string } = {},
): Promise<ScriptedUpstream> {
  const authority = await createAuthority({ name: 'scripted upstream CA' })
  const leaf = await issueCertificate(authority, {
    dns,
    usages: 'server',
    ...(subject === undefined ? {} : { subject }),
  })
  const seen: { target: string; connection: number }[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem, allowHalfOpen: true }, (socket) => {
    const connection = ++connections
    let input = ''
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      input += chunk.toString('latin1')
      for (let end = input.indexOf('\r\n\r\n'); end >= 0; end = input.indexOf('\r\n\r\n')) {
        const head = input.slice(0, end + 4)
        input = input.slice(end + 4)
        const target = head.split(' ')[1] ?? ''
        if (!target.startsWith('/')) continue
        seen.push({ target, connection })
        script(socket, target, head, connection)
      }
    })
  })
  // Of handshakes that fail too.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    caPem: authority.certificatePem,
    authority,
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

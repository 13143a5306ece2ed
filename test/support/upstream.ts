import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'

/** What a test upstream saw of one request. The authorization is kept as a digest: the test's own memory is scanned too. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly fields: readonly string[]
  readonly body: string
}

export interface TestUpstream {
  readonly port: number
  readonly caPem: string
  readonly seen: Seen[]
  close(): Promise<void>
}

/**
 * An HTTPS server with a certificate of its own authority; answers 200 with a body that names no credential. `upgrade`
 * takes the connections of WebSocket.
 */
export async function startUpstream(
  names: readonly string[],
  respond?: Parameters<typeof createServer>[1],
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<TestUpstream> {
  const authority = await createAuthority({ name: 'test upstream CA' })
  const leaf = await issueCertificate(authority, {
    subject: 'upstream',
    dns: names,
    ips: ['127.0.0.1'],
    usages: 'server',
  })
  const seen: Seen[] = []
  const server: Server = createServer({ key: leaf.privateKeyPem, cert: leaf.chainPem }, (request, response) => {
    if (respond) {
      respond(request, response)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        fields: request.rawHeaders,
        body: Buffer.concat(chunks).toString(),
      })
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ ok: true, method: request.method, url: request.url }))
    })
  })
  if (upgrade) server.on('upgrade', upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    caPem: authority.certificatePem,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

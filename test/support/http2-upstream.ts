import { createSecureServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import { digest } from './upstream.ts'

/** What an HTTP/2 upstream saw of one request; the authorization as a digest. */
export interface Http2Seen {
  readonly method: string
  readonly path: string
  readonly authority: string
  readonly authorization: string
  readonly te: string | undefined
  readonly fields: readonly string[]
  readonly body: string
}

export interface Http2Upstream {
  readonly port: number
  readonly caPem: string
  readonly seen: Http2Seen[]
  /** How many connections were made. */
  readonly connections: () => number
  close(): Promise<void>
}

/** Called with each request instead of the usual answer. */
export type RespondHttp2 = (stream: ServerHttp2Stream, fields: IncomingHttpHeaders, session: Http2Session) => void

/** A TLS server of Node's own HTTP/2, which speaks nothing else; answers 200 with what was asked. */
export async function startHttp2Upstream(names: readonly string[], respond?: RespondHttp2): Promise<Http2Upstream> {
  const authority = await createAuthority({ name: 'HTTP/2 upstream CA' })
  const leaf = await issueCertificate(authority, { dns: names, usages: 'server' })
  const seen: Http2Seen[] = []
  const sessions = new Set<Http2Session>()
  let connections = 0
  const server = createSecureServer({ key: leaf.privateKeyPem, cert: leaf.chainPem, allowHTTP1: false })
  server.on('session', (session) => {
    connections++
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => {})
  })
  server.on('stream', (stream: ServerHttp2Stream, fields) => {
    stream.on('error', () => {})
    if (respond) {
      respond(stream, fields, stream.session as Http2Session)
      return
    }
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const [method, path] = [String(fields[':method']), String(fields[':path'])]
      seen.push({
        method,
        path,
        authority: String(fields[':authority']),
        authorization: digest(fields.authorization ?? ''),
        te: fields.te as string | undefined,
        fields: Object.keys(fields),
        body: Buffer.concat(chunks).toString(),
      })
      stream.respond({ ':status': 200, 'content-type': 'application/json' })
      stream.end(JSON.stringify({ ok: true, method, path }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    caPem: authority.certificatePem,
    seen,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy()
        server.close(() => resolve())
      }),
  }
}

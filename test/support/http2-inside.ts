import { type ClientHttp2Session, connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2'
import { connect } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'

/** TLS with `authority` through CONNECT, offering `alpn`. */
export async function tlsInside(
  port: number,
  authority: string,
  ca: string,
  alpn: readonly string[] = ['h2'],
): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1' })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
    socket.once('data', (answer: Buffer) =>
      answer.toString().startsWith('HTTP/1.1 200') ? resolve() : reject(new Error(answer.toString())),
    )
  })
  const inner = connectTls({
    socket,
    servername: authority.replace(/:\d+$/, ''),
    ca,
    ALPNProtocols: [...alpn],
    checkServerIdentity: () => undefined,
  })
  await new Promise<void>((resolve, reject) => {
    inner.once('secureConnect', resolve)
    inner.once('error', reject)
  })
  return inner
}

/** A session of Node's HTTP/2 client inside. */
export async function http2Inside(port: number, authority: string, ca: string): Promise<ClientHttp2Session> {
  const inner = await tlsInside(port, authority, ca)
  return connectHttp2(`https://${authority}`, { createConnection: () => inner })
}

export interface Http2Answer {
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>
  readonly trailers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** One request; rejects when its stream is reset, or ends without an answer. */
export function askHttp2(
  session: ClientHttp2Session,
  fields: OutgoingHttpHeaders,
  body?: string | Uint8Array,
  trailers?: OutgoingHttpHeaders,
): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(fields, { endStream: body === undefined, waitForTrailers: trailers !== undefined })
    const chunks: Buffer[] = []
    let got: Record<string, unknown> = {}
    let last: Record<string, unknown> = {}
    if (trailers) stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    stream.on('response', (answer) => {
      got = answer
    })
    stream.on('trailers', (answer) => {
      last = answer
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      if (got[':status'] === undefined) reject(new Error('the stream ended without an answer'))
      resolve({ status: Number(got[':status']), fields: got, trailers: last, body: Buffer.concat(chunks).toString() })
    })
    stream.on('error', reject)
    if (body !== undefined) stream.end(body)
  })
}

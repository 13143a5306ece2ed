import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'

/** One request as it came in. */
export interface Arrived {
  readonly target: string
  /** Names in lower case. */
  readonly fields: Readonly<Record<string, string>>
  readonly content: string
}

export interface StubUpstreams {
  /** The upstream, another host, and one with a certificate that nobody has signed. */
  readonly urls: { readonly upstream: string; readonly other: string; readonly unverified: string }
  readonly arrived: { readonly upstream: Arrived[]; readonly other: Arrived[]; readonly unverified: Arrived[] }
  close(): Promise<void>
}

/**
 * What the apps call. `/echo` answers with the request, `/redirect` sends on to the other host, `/fail` is an error with
 * a text, `/text` is no JSON; everything else is `{"ok":true}`.
 */
export async function openStubUpstreams(): Promise<StubUpstreams> {
  const arrived: StubUpstreams['arrived'] = { upstream: [], other: [], unverified: [] }
  const other = createServer(recording(arrived.other, () => ''))
  const otherUrl = await listen(other, 'http')
  const upstream = createServer(recording(arrived.upstream, () => otherUrl))
  const authority = await createAuthority({ name: 'nobody knows this authority' })
  const leaf = await issueCertificate(authority, {
    subject: 'upstream',
    dns: ['unverified.test'],
    ips: ['127.0.0.1'],
    usages: 'server',
  })
  const unverified = createTlsServer(
    { key: leaf.privateKeyPem, cert: leaf.chainPem },
    recording(arrived.unverified, () => otherUrl),
  )
  const urls = {
    upstream: await listen(upstream, 'http'),
    other: otherUrl,
    unverified: await listen(unverified, 'https'),
  }
  return {
    urls,
    arrived,
    async close() {
      for (const server of [upstream, other, unverified]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

function recording(arrived: Arrived[], redirectsTo: () => string): RequestListener {
  return async (request, response) => {
    const content = await contentOf(request)
    const target = request.url ?? ''
    const fields = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    arrived.push({ target, fields, content })
    if (target.startsWith('/redirect')) response.writeHead(302, { location: `${redirectsTo()}/landed` }).end()
    else if (target.startsWith('/fail')) response.writeHead(500).end('the ledger is closed for today')
    else if (target.startsWith('/text')) response.end('this is no JSON')
    else {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(target.startsWith('/echo') ? { target, fields, content } : { ok: true }))
    }
  }
}

async function contentOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('latin1')
}

async function listen(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

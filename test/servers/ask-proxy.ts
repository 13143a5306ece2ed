import { once } from 'node:events'
import { createServer, request as requestPlain } from 'node:http'
import { type RequestOptions, request as requestTls } from 'node:https'
import type { Credential } from '../../src/probe/exchange.ts'

/** What a client got: the field lines that the upstream saw of its request, or nothing. */
export type Seen = readonly (readonly [name: string, value: string])[] | undefined

export interface Echo {
  readonly port: number
  close(): Promise<void>
}

/** An upstream that answers with the request fields that it was sent. */
export async function openEcho(): Promise<Echo> {
  const server = createServer((request, response) => {
    const fields: [string, string][] = []
    for (let i = 0; i + 1 < request.rawHeaders.length; i += 2)
      fields.push([request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? ''])
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ echo: fields }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Asks once, on a connection of its own. Undefined: the upstream was not reached, for whatever reason. */
export function ask(
  port: number,
  transport: 'plain' | 'tls',
  options: {
    readonly credential?: Credential
    readonly fields?: Readonly<Record<string, string>>
    readonly path?: string
  },
): Promise<Seen> {
  const { credential, fields = {}, path = '/' } = options
  const common: RequestOptions = {
    host: '127.0.0.1',
    port,
    path,
    agent: false,
    timeout: 3_000,
    headers: { Host: 'localhost', Connection: 'close', ...fields },
  }
  return new Promise((resolve) => {
    const request =
      transport === 'plain'
        ? requestPlain(common)
        : requestTls({
            ...common,
            servername: 'localhost',
            rejectUnauthorized: false,
            ...(credential ? { cert: credential.certificate, key: credential.key } : {}),
          })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', () => resolve(undefined))
    request.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('error', () => resolve(undefined))
      response.on('end', () => resolve(response.statusCode === 200 ? echoed(body) : undefined))
    })
    request.end()
  })
}

function echoed(body: string): Seen {
  try {
    const { echo } = JSON.parse(body) as { readonly echo?: [string, string][] }
    return echo
  } catch {
    return undefined
  }
}

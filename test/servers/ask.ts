import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'

const answerTimeoutMs = 1_500

export interface Client {
  readonly cert?: string
  readonly key?: string
}

/** Whether the app's own answer comes back. A server that hangs, as Puma does on plain HTTP, has not served. */
export function isServed(port: number, client: Client | 'plain'): Promise<boolean> {
  return new Promise((resolve) => {
    const where = { host: '127.0.0.1', port, path: '/', timeout: answerTimeoutMs, agent: false } as const
    const asked =
      client === 'plain' ? requestPlain(where) : requestTls({ ...where, ...client, rejectUnauthorized: false })
    asked.on('response', (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      response.on('error', () => resolve(false))
      response.on('end', () => resolve(response.statusCode === 200 && body.includes('the invoices')))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(false))
    asked.on('close', () => resolve(false))
    asked.end()
  })
}

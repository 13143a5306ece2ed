import { type Agent, request as plain, type RequestOptions } from 'node:http'
import { request as overTls } from 'node:https'
import { systemCode } from '../errors.ts'
import { limits } from '../limits.ts'

/** What came back: an answer, or how it failed (`ECONNRESET`). */
export type Reply = { readonly status: number; readonly body: string } | { readonly refused: string }

export interface Asking {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** PEM; of the authority that the other side is verified against. */
  readonly ca?: string
  /** PEM; how we show ourselves. */
  readonly certificate?: { readonly cert: string; readonly key: string }
  readonly agent?: Agent | false
  readonly signal: AbortSignal
}

/** One request with a limit. Never rejects but with the signal's own reason. */
export async function ask(asking: Asking): Promise<Reply> {
  const { url, method = 'GET', headers = {}, ca, certificate, agent = false, signal } = asking
  const options: RequestOptions & { ca?: string } = {
    method,
    headers: { ...headers },
    agent,
    signal: AbortSignal.any([signal, AbortSignal.timeout(limits.demoAnswerTimeoutMs)]),
    ...(ca === undefined ? {} : { ca }),
    ...certificate,
  }
  const reply = await new Promise<Reply>((resolve) => {
    const failed = (error: Error) => resolve({ refused: systemCode(error) })
    const client = url.startsWith('https:') ? overTls : plain
    client(url, options, (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > limits.demoOutputBytesMax) response.destroy(new Error('the answer is too large'))
        chunks.push(chunk)
      })
      response.on('error', failed)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      )
    })
      .on('error', failed)
      .end()
  })
  signal.throwIfAborted()
  return reply
}

export type Outcome = number | 'no answer'

/** Its status, if it is an answer. */
export function outcomeOf(reply: Reply): Outcome {
  return 'status' in reply ? reply.status : 'no answer'
}

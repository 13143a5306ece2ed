import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Sends `text` as it is and resolves to all that comes back until the other side ends, or `until` is in it. */
export function exchange(
  port: number,
  text: string,
  { until, limitMs = 5_000, end = false }: { until?: string; limitMs?: number; end?: boolean } = {},
): Promise<string> {
  return speak(connect({ port, host: '127.0.0.1', allowHalfOpen: true }), 'connect', text, until, limitMs, end)
}

/** The same inside TLS through CONNECT: `authority` is what CONNECT names, `serverName` what the hello names. */
export async function exchangeInside(
  port: number,
  { authority, serverName, ca, host = authority }: { authority: string; serverName: string; ca: string; host?: string },
  text: string,
  { until, limitMs = 5_000 }: { until?: string; limitMs?: number } = {},
): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  const established = await speak(
    socket,
    'connect',
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    '\r\n\r\n',
    limitMs,
    false,
    true,
  )
  if (!established.startsWith('HTTP/1.1 200')) {
    socket.destroy()
    return established
  }
  const inner = connectTls({
    socket,
    servername: serverName,
    ca,
    checkServerIdentity: () => undefined,
    ALPNProtocols: ['http/1.1'],
  })
  return speak(inner, 'secureConnect', text, until, limitMs, false)
}

function speak(
  socket: Socket,
  event: string,
  text: string,
  until: string | undefined,
  limitMs: number,
  end: boolean,
  keep = false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no end within ${limitMs} ms after: ${JSON.stringify(answer.slice(0, 300))}`))
    }, limitMs)
    const done = () => {
      clearTimeout(timer)
      socket.off('data', onData)
      if (!keep) socket.destroy()
      resolve(answer)
    }
    const onData = (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      if (until !== undefined && answer.includes(until)) done()
    }
    socket.once(event, () => {
      socket.write(text, 'latin1')
      if (end) socket.end()
    })
    socket.on('data', onData)
    socket.once('end', done)
    socket.once('error', (error) => {
      answer += `[${(error as NodeJS.ErrnoException).code ?? error.message}]`
      done()
    })
  })
}

export function portOf(url: string): number {
  return Number(new URL(url).port)
}

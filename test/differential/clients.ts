import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { goPeer } from './peers.ts'

/** What a client made of an answer. */
export interface AnswerReading {
  /** 0: it had none. */
  readonly status: number
  readonly body: string
  /** Empty: it took the answer for whole. */
  readonly error: string
  /** What it read as the body of the answer after this one, where it asked for one. */
  readonly after: string
}

/** A client that asks for `path` at `address` and then, on the connection if that is kept, for `/after`. */
export interface Client {
  readonly name: string
  ask(address: string, method: string, path: string): Promise<AnswerReading>
  close(): void
}

export const afterBody = 'the next answer'

/** A server that says `bytes` to whoever asks, and then, where the connection lives on, answers `/after`. */
export interface Replay {
  readonly address: string
  /** `isKept`: the connection is not closed behind `bytes`. */
  show(bytes: Buffer, isKept: boolean): void
  close(): void
}

/** The clients whose reading of answers is compared: llhttp, Go, Python's http.client and curl. */
export function startClients(): Client[] {
  return [
    { name: 'llhttp', ask: askNode, close: () => {} },
    lineClient('Go', spawn(goPeer(), ['-answers'], { stdio: ['pipe', 'pipe', 'inherit'] })),
    lineClient(
      'http.client',
      spawn('/usr/bin/python3', [join(import.meta.dirname, 'peers/answers.py')], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    ),
    { name: 'curl', ask: askCurl, close: () => {} },
  ]
}

/** A program that reads a line for each question and writes one for each answer. */
function lineClient(name: string, child: ChildProcess): Client {
  const waiting: ((line: string) => void)[] = []
  const lines: Interface = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  lines.on('line', (line) => waiting.shift()?.(line))
  return {
    name,
    ask: (address, method, path) =>
      new Promise((resolve) => {
        waiting.push((line) => {
          const read: AnswerReading = JSON.parse(line)
          resolve({ ...read, error: read.error ?? '', body: decoded(read.body), after: decoded(read.after) })
        })
        child.stdin?.write(`${address} ${method} ${path}\n`)
      }),
    close: () => child.kill('SIGKILL'),
  }
}

const decoded = (text: string) => Buffer.from(text, 'base64').toString('latin1')

async function askNode(address: string, method: string, path: string): Promise<AnswerReading> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const [host, port] = address.split(':')
  const one = (verb: string, target: string) =>
    new Promise<Omit<AnswerReading, 'after'>>((resolve) => {
      const outgoing = request({ host, port, method: verb, path: target, agent, timeout: 3_000 }, (response) => {
        const chunks: Buffer[] = []
        const done = (error: string) =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('latin1'), error })
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => done(response.complete ? '' : 'incomplete'))
        response.on('error', (error) => done(error.message))
      })
      outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')))
      outgoing.on('error', (error) => resolve({ status: 0, body: '', error: error.message }))
      outgoing.end()
    })
  const read = await one(method, path)
  const after = await one('GET', '/after')
  agent.destroy()
  return { ...read, after: after.body }
}

function askCurl(address: string, method: string, path: string): Promise<AnswerReading> {
  return new Promise((resolve) => {
    const verb = method === 'HEAD' ? ['--head'] : []
    const one = (target: string, mark: string) => [
      '--silent',
      '--max-time',
      '3',
      '--output',
      method === 'HEAD' && target !== '/after' ? '/dev/null' : '-',
      '--write-out',
      `${mark}%{http_code} %{exitcode} %{num_connects}${mark}`,
      `http://${address}${target}`,
    ]
    const child = spawn('curl', [...verb, ...one(path, '\x01'), '--next', ...one('/after', '\x02')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
    })
    child.once('close', () => {
      const [body = '', said = '', rest = ''] = text.split('\x01')
      const [status = '0', exit = '1'] = said.split(' ')
      const [after = ''] = rest.split('\x02')
      resolve({ status: Number(status), body, error: exit === '0' ? '' : `exit ${exit}`, after })
    })
  })
}

export async function openReplay(): Promise<Replay> {
  let shown: Buffer = Buffer.alloc(0)
  let kept = false
  const server = createServer((socket) => {
    let input = ''
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      input += chunk.toString('latin1')
      for (let end = input.indexOf('\r\n\r\n'); end >= 0; end = input.indexOf('\r\n\r\n')) {
        const isAfter = input.startsWith('GET /after ')
        input = input.slice(end + 4)
        if (isAfter) {
          socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${afterBody.length}\r\nConnection: close\r\n\r\n${afterBody}`)
          return
        }
        if (kept) socket.write(shown)
        else socket.end(shown)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(bytes, isKept) {
      shown = bytes
      kept = isKept
    },
    close: () => server.close(),
  }
}

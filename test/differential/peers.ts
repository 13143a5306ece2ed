import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { findGo } from '../support/go.ts'
import { temporaryFolder, until } from '../support/sallyport.ts'
import type { Message } from './read-messages.ts'

/** Another reader of HTTP/1.1. */
export interface Peer {
  readonly name: string
  /**
   * What it made of requests on one connection: for each, and the sentinel, its reading, or the status with which it
   * refused.
   */
  read(requests: readonly Buffer[], ending: Ending): Promise<PeerReadings>
}

/** What comes behind the requests: the sentinel, or nothing, because the last asked to switch protocols. */
export type Ending = 'sentinel' | 'switch'

export interface PeerReadings {
  readonly readings: readonly (Reading | number)[]
  /** False: it was still waiting for more when the limit was over. */
  readonly isClosed: boolean
}

export interface Reading extends Pick<Message, 'method' | 'target' | 'host' | 'body'> {
  /** Where the reader shows them as they came. */
  readonly fields?: Message['fields']
}

export interface Peers {
  readonly peers: readonly Peer[]
  close(): Promise<void>
}

/** The last request on each connection: who reads it for itself has found the end of those before it. */
export const sentinel = 'GET /sentinel HTTP/1.1\r\nHost: sentinel.test\r\nConnection: close\r\n\r\n'

const limitMs = 3_000
const folder = join(import.meta.dirname, 'peers')

/** Starts the other readers: llhttp strict and lenient, Go, gunicorn, Puma, and nginx and haproxy before llhttp. */
export async function startPeers(): Promise<Peers> {
  const strict = await startNode(false)
  const lenient = await startNode(true)
  const programs = await Promise.all([
    startGo(),
    startGunicorn(),
    startPuma(),
    startProxy('nginx', 'nginx.conf', lenient.port, (file, prefix) => ['-c', file, '-p', prefix]),
    startProxy('haproxy', 'haproxy.cfg', lenient.port, (file) => ['-f', file]),
  ])
  return {
    peers: [peer('llhttp', strict.port), peer('llhttp, lenient', lenient.port)].concat(
      programs.map(({ name, port }) => peer(name, port)),
    ),
    async close() {
      for (const { server } of [strict, lenient]) {
        server.closeAllConnections()
        server.close()
      }
      for (const { child } of programs) child.kill('SIGKILL')
    },
  }
}

/**
 * These get each request after the answer to the one before, as the doors send them: gunicorn's threads forget what came
 * with the last one, Puma 5 takes all that came with a body for a part of it.
 */
const stepwise = new Set(['gunicorn', 'puma'])

function peer(name: string, port: number): Peer {
  return {
    name,
    read: (requests, ending) =>
      new Promise((resolve) => {
        let text = ''
        let written = 0
        const pieces = ending === 'switch' ? requests : [...requests, Buffer.from(sentinel)]
        const write = () => {
          if (!stepwise.has(name)) socket.write(Buffer.concat(pieces))
          else if (written <= readingsIn(text).length && written < pieces.length)
            socket.write(pieces[written++] as Buffer)
        }
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
        const done = (isClosed: boolean) => {
          clearTimeout(timer)
          clearTimeout(nudge)
          socket.destroy()
          resolve({ readings: readingsIn(text), isClosed })
        }
        const timer = setTimeout(() => done(false), limitMs)
        // On a kept connection Puma 5 answers a request that it refuses only when more comes.
        const nudge = setTimeout(() => stepwise.has(name) && socket.write(sentinel), limitMs / 2)
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1')
          if (stepwise.has(name)) write()
          if (ending === 'switch' && readingsIn(text).length === pieces.length) done(true)
        })
        socket.once('end', () => done(true))
        socket.once('error', () => done(true))
        write()
      }),
  }
}

/** Final answers in `text`, in order. */
function readingsIn(text: string): (Reading | number)[] {
  const readings: (Reading | number)[] = []
  for (const [, status, fields] of text.matchAll(/HTTP\/1\.[01] ([2-5]\d\d)[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/g)) {
    const read = /^X-Read: (\S+)\r$/im.exec(fields ?? '')?.[1]
    if (read === undefined) readings.push(Number(status))
    else {
      const reading: Reading = JSON.parse(Buffer.from(read, 'base64').toString())
      readings.push({ ...reading, body: Buffer.from(reading.body, 'base64').toString('latin1') })
    }
  }
  return readings
}

async function startNode(insecureHTTPParser: boolean): Promise<{ server: Server; port: number }> {
  const server = createHttpServer({ insecureHTTPParser, maxHeaderSize: 131_072, keepAliveTimeout: 60_000 }, report)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

function report(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('error', () => response.destroy())
  request.on('end', () => {
    const { rawHeaders } = request
    const fields = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ''] as const] : [],
    )
    const reading: Reading = {
      method: request.method ?? '',
      target: request.url ?? '',
      host: request.headers.host ?? '',
      body: Buffer.concat(chunks).toString('base64'),
      fields,
    }
    response.setHeader('X-Read', Buffer.from(JSON.stringify(reading)).toString('base64'))
    response.setHeader('Content-Length', 0)
    response.end()
  })
}

interface Program {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
}

async function startGo(): Promise<Program> {
  const child = spawn(goPeer(), [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve) =>
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
  )
  return { name: 'Go', port, child }
}

/** Builds the reader in Go at its first use, and returns its path. */
export function goPeer(): string {
  const program = join(import.meta.dirname, '../../.cache/differential/peer')
  const sources = ['main.go', 'go.mod'].map((file) => join(folder, file))
  if (existsSync(program) && sources.every((file) => statSync(file).mtimeMs <= statSync(program).mtimeMs))
    return program
  mkdirSync(join(program, '..'), { recursive: true })
  const { error, status, stderr } = spawnSync(findGo(), ['build', '-trimpath', '-o', program, '.'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' },
  })
  if (error) throw error
  if (status !== 0) throw new Error(`go build in ${folder}: ${stderr.trim()}`)
  return program
}

async function startGunicorn(): Promise<Program> {
  const port = await freePort()
  const limits = ['--limit-request-line', '0', '--limit-request-fields', '400', '--limit-request-field_size', '0']
  // With keep-alive, which its plain workers do not have: else each connection would show one request alone.
  const worker = ['-k', 'gthread', '--threads', '8', '-w', '1', '--keep-alive', '60', '--log-level', 'critical']
  const bind = ['-b', `127.0.0.1:${port}`]
  return ready('gunicorn', port, ['-m', 'gunicorn', ...bind, ...worker, ...limits, 'reads:app'], '/usr/bin/python3')
}

async function startPuma(): Promise<Program> {
  const port = await freePort()
  return ready('puma', port, ['-q', '-t', '8:8', '-e', 'production', '-b', `tcp://127.0.0.1:${port}`, 'config.ru'])
}

async function startProxy(
  name: string,
  template: string,
  backend: number,
  args: (file: string, prefix: string) => string[],
): Promise<Program> {
  const port = await freePort()
  const prefix = temporaryFolder()
  const file = join(prefix, template)
  const text = readFileSync(join(folder, template), 'utf8')
  writeFileSync(
    file,
    text.replaceAll('PREFIX', prefix).replaceAll('PORT', String(port)).replaceAll('BACKEND', String(backend)),
  )
  return ready(name, port, args(file, prefix))
}

async function ready(name: string, port: number, args: string[], program = name): Promise<Program> {
  const environment = {
    PATH: `${process.env.PATH}:/usr/sbin`,
    HOME: process.env.HOME ?? '/',
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
  }
  const child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  let isOver = false
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000)
  })
  child.once('error', (error) => {
    output += error.message
    isOver = true
  })
  child.once('exit', () => {
    isOver = true
  })
  await until(
    async () => {
      if (isOver) throw new Error(`${name} did not start: ${output}`)
      return isListening(port)
    },
    20_000,
    () => `${name} did not start: ${output}`,
  )
  return { name, port, child }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

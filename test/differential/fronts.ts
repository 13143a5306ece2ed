import { openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls, createServer as createTlsServer, TLSSocket } from 'node:tls'
import type { Plan } from '../../src/config/plan.ts'
import { openGateway } from '../../src/gateway/open-gateway.ts'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { temporaryFolder } from '../support/sallyport.ts'
import { createReader, type Reader } from './read-messages.ts'

/** One way into a door, with an upstream behind it that keeps what it was sent. */
export interface Front {
  readonly name: string
  /** What a request's target begins with here. */
  readonly prefix: string
  readonly host: string
  /** Whom the upstream is for the door, as its records name it; absent: whoever Host names. */
  readonly authority?: string
  /** Field lines that make a request one that the door passes on. */
  readonly fields: string
  /** Sends `input` on a connection of its own, ends that side, and resolves once the door has closed. */
  pass(input: string, answer?: Answer): Promise<Passed>
  /** The same in pieces, each on its own turn; `isReset`: the client is reset behind them instead of ended. */
  passPieces(pieces: readonly string[], isReset: boolean, answer: Answer): Promise<Passed>
  /** The same without an end: the door closes of its own accord, or not within the limit. */
  hold(input: string): Promise<Passed>
}

/** What the upstream sends when it has read a request, instead of an answer of two bytes. */
export interface Answer {
  /** «key» in it becomes the key where the upstream is the key's own. */
  readonly text: string
  /** Whether it ends the connection behind it. */
  readonly isLast: boolean
  /** Where it is cut into pieces that are written one after the other, in characters of `text`. */
  readonly cuts?: readonly number[]
  /** How it ends it: properly, or as a program that dies does. */
  readonly ends?: Ends
  /** It does not answer but ends when it has read so many bytes of the request. */
  readonly endsAfter?: number
}

/** `truncate`: its TCP connection ends, and TLS does not say so. */
export type Ends = 'end' | 'reset' | 'truncate'

export interface Passed {
  /** Everything that the client got; one character a byte. */
  readonly answer: string
  /** Whether the door closed within the limit. */
  readonly isClosed: boolean
  /** Whether it was a reset, so that nobody takes the answer for whole. */
  readonly isReset: boolean
  /** The client got the key, or another upstream than the key's did. */
  readonly showsKey: boolean
  /** What the door sent, a piece for each connection that it used. */
  readonly sent: readonly Sent[]
  /** The door's decisions on this input, in order. */
  readonly decisions: readonly {
    readonly decision: string
    readonly code?: string
    readonly method?: string
    readonly host?: string
  }[]
}

export interface Sent {
  bytes: Buffer
  /** Our own parser's reading of them. */
  readonly reader: Reader
}

export interface Fronts {
  readonly fronts: readonly Front[]
  readonly keyLength: number
  /** Every line of the audit log so far. */
  records(): readonly Readonly<Record<string, unknown>>[]
  close(): Promise<void>
}

/** How long a door may take to close after the client's end. */
const limitMs = 3_000

/** Opens a gateway in this process, both doors, with capturing upstreams. */
export async function openFronts(): Promise<Fronts> {
  const folder = temporaryFolder()
  const authority = await createAuthority({ name: 'differential CA' })
  const leaf = await issueCertificate(authority, { dns: ['ledger.test', 'service.test'], usages: 'server' })
  const client = await issueCertificate(authority, { uris: ['spiffe://example.org/billing'] })
  writeFileSync(join(folder, 'server.key'), leaf.privateKeyPem, { mode: 0o600 })
  const keyed = await openCapture((listener) =>
    createTlsServer({ cert: leaf.chainPem, key: leaf.privateKeyPem, allowHalfOpen: false }, listener),
  )
  const plain = await openCapture(createServer)
  const app = await openCapture(createServer)
  const keyedText = `ledger.test:${keyed.port}`
  const loopback = { host: '127.0.0.1', port: 0 }
  const audit = join(folder, 'audit.jsonl')
  const plan: Plan = {
    version: 1,
    stores: {},
    keys: [
      {
        name: 'ledger',
        kind: 'stripe-secret-key',
        hosts: [keyedText],
        store: 'env',
        reference: 'LEDGER_KEY',
        environment: ['LEDGER_KEY'],
        urls: [],
        at: 'keys.ledger',
      },
    ],
    app: { command: [], directory: folder, listen: { host: '127.0.0.1', port: app.port } },
    egress: {
      listen: loopback,
      others: 'tunnel',
      direct: [],
      hosts: { [keyedText]: { ca: authority.certificatePem, at: 'egress.hosts' } },
      unsafeResolve: { 'ledger.test': '127.0.0.1', 'plain.test': '127.0.0.1' },
      unsafeAddresses: ['127.0.0.0/8'],
    },
    ingress: {
      listen: loopback,
      certificate: { chain: leaf.chainPem, keyFile: join(folder, 'server.key') },
      clients: { ca: authority.certificatePem, crls: [] },
      policy: [{ allow: { spiffe: 'spiffe://example.org/billing' }, at: 'ingress.policy[0]' }],
      at: 'ingress',
    },
    audit: { file: audit },
    strict: false,
  }
  const secret = stripeSecretKey.example(randomText())
  const gateway = await openGateway(plan, {
    variable: () => new Uint8Array(Buffer.from(secret)),
    child: () => Promise.reject(new Error('no store of these tests has a child')),
  })
  const records = openSync(audit, 'r')
  const egressPort = Number(new URL(gateway.egress?.forward ?? '').port)
  const ingressPort = Number(new URL(gateway.ingress ?? '').port)
  const phantom = gateway.keys[0]?.phantom.toString('latin1') ?? ''
  const plainText = `plain.test:${plain.port}`
  const toEgress = () => connect({ port: egressPort, host: '127.0.0.1', allowHalfOpen: true })
  /** As most clients reach a host with a key: through CONNECT, and TLS that the door ends. */
  const toInside = async () => {
    const outer = toEgress()
    outer.write(`CONNECT ${keyedText} HTTP/1.1\r\nHost: ${keyedText}\r\n\r\n`)
    await new Promise((resolve) => outer.once('data', resolve))
    const inner = connectTls({
      socket: outer,
      servername: 'ledger.test',
      ca: gateway.egress?.rootPem ?? '',
      ...({ allowHalfOpen: true } as object),
    })
    await new Promise((resolve, reject) => inner.once('secureConnect', resolve).once('error', reject))
    return inner
  }
  const toIngress = () =>
    connectTls({
      port: ingressPort,
      host: '127.0.0.1',
      servername: 'service.test',
      ca: authority.certificatePem,
      cert: client.chainPem,
      key: client.privateKeyPem,
      // Documented for tls.connect and missing in its types.
      ...({ allowHalfOpen: true } as object),
    })
  const front = (
    name: string,
    place: Pick<Front, 'prefix' | 'host' | 'fields' | 'authority'>,
    capture: Capture,
    open: () => Socket | Promise<Socket>,
  ): Front => {
    const use = async (write: (socket: Socket) => void, answer: Answer | undefined): Promise<Passed> => {
      // Only the key's own upstream has it.
      const key = capture === keyed ? secret : 'k'.repeat(secret.length)
      capture.answer = answer && { ...answer, text: answer.text.replaceAll('«key»', key) }
      const before = statSync(audit).size
      const socket = await open()
      write(socket)
      const got = await receive(socket)
      const sent = await capture.take()
      const isElsewhere = capture !== keyed && sent.some(({ bytes }) => bytes.includes(secret))
      const showsKey = isElsewhere || got.answer.includes(secret)
      return {
        ...got,
        showsKey,
        sent: hide(sent, secret),
        decisions: decisionsIn(records, statSync(audit).size, before),
      }
    }
    return {
      name,
      ...place,
      pass: (input, answer) => use((socket) => socket.end(input, 'latin1'), answer),
      passPieces: (pieces, isReset, answer) => use((socket) => void writePieces(socket, pieces, isReset), answer),
      hold: (input) => use((socket) => socket.write(input, 'latin1'), undefined),
    }
  }
  return {
    fronts: [
      front(
        'egress, with a key',
        { prefix: '/ledger', host: 'door.test', authority: keyedText, fields: `Authorization: Bearer ${phantom}\r\n` },
        keyed,
        toEgress,
      ),
      front(
        'egress, inside CONNECT',
        { prefix: '', host: keyedText, authority: keyedText, fields: `Authorization: Bearer ${phantom}\r\n` },
        keyed,
        toInside,
      ),
      front(
        'egress, plain',
        { prefix: `http://${plainText}`, host: plainText, authority: plainText, fields: '' },
        plain,
        toEgress,
      ),
      front('ingress', { prefix: '', host: 'service.test', fields: '' }, app, toIngress),
    ],
    keyLength: secret.length,
    records: () =>
      readFileSync(audit, 'latin1')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    async close() {
      for (const capture of [keyed, plain, app]) capture.close()
      await gateway.close()
    },
  }
}

interface Capture {
  readonly port: number
  answer: Answer | undefined
  /** What came since the last call, once connections that were left inside a request have ended. */
  take(): Promise<Sent[]>
  close(): void
}

interface Connection {
  chunks: Buffer[]
  reader: Reader
  readonly socket: Socket
}

/** The TCP connections below those of a TLS server, by the port of their other side. */
const below = new Map<number | undefined, Socket>()

/** A server that keeps bytes, and answers each request that our parser reads. */
async function openCapture(create: (listener: (socket: Socket) => void) => Server): Promise<Capture> {
  const connections = new Set<Connection>()
  const server = create((socket) => {
    const connection: Connection = { chunks: [], reader: answering(socket, capture), socket }
    connections.add(connection)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      connection.chunks.push(chunk)
      connection.reader.push(chunk)
      const { answer } = capture
      const length = connection.chunks.reduce((sum, { length: bytes }) => sum + bytes, 0)
      if (answer?.endsAfter !== undefined && length >= answer.endsAfter) finish(socket, answer)
    })
  })
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort
    below.set(port, socket)
    socket.on('close', () => below.delete(port))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const capture: Capture = {
    port: (server.address() as AddressInfo).port,
    answer: undefined,
    async take() {
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      for (const { socket, reader } of connections)
        if (reader.state() !== 'between' && !socket.destroyed)
          await Promise.race([
            new Promise((resolve) => socket.once('close', resolve)),
            new Promise((resolve) => setTimeout(resolve, limitMs)),
          ])
      const sent: Sent[] = []
      for (const connection of connections) {
        if (connection.chunks.length > 0)
          sent.push({ bytes: Buffer.concat(connection.chunks), reader: connection.reader })
        const isOver = capture.answer || connection.socket.destroyed || connection.reader.state() !== 'between'
        if (isOver) {
          connection.socket.destroy()
          connections.delete(connection)
        }
        connection.chunks = []
        connection.reader = answering(connection.socket, capture)
      }
      return sent
    },
    close() {
      for (const { socket } of connections) socket.destroy()
      server.close()
    },
  }
  return capture
}

function answering(socket: Socket, capture: Capture): Reader {
  return createReader(({ method }) => {
    const { answer } = capture
    if (answer) {
      if (answer.endsAfter !== undefined) return
      void answerInPieces(socket, answer)
      return
    }
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${method === 'HEAD' ? '' : 'ok'}`)
  })
}

async function answerInPieces(socket: Socket, answer: Answer): Promise<void> {
  const { text, cuts = [], isLast } = answer
  let at = 0
  for (const cut of [...cuts, text.length]) {
    if (cut <= at || socket.destroyed) continue
    socket.write(text.slice(at, cut), 'latin1')
    at = cut
    if (at < text.length) await turn()
  }
  if (isLast) finish(socket, answer)
}

async function writePieces(socket: Socket, pieces: readonly string[], isReset: boolean): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    socket.write(piece, 'latin1')
    await turn()
  }
  if (!isReset) socket.end()
  else if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

/** So long that what was written has left on its own. */
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

function finish(socket: Socket, { ends = 'end' }: Answer): void {
  if (ends === 'end') socket.end()
  else {
    const raw = below.get(socket.remotePort)
    // Behind what was written, and not instead of it; by then the door may have closed it.
    socket.write('', () => setTimeout(() => (ends === 'reset' ? raw?.resetAndDestroy() : raw?.end()), 2))
  }
}

function receive(socket: Socket): Promise<Pick<Passed, 'answer' | 'isClosed' | 'isReset'>> {
  return new Promise((resolve) => {
    let answer = ''
    const done = (isClosed: boolean, isReset = false) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ answer, isClosed, isReset })
    }
    const timer = setTimeout(() => done(false), limitMs)
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.once('end', () => done(true))
    socket.once('error', () => done(true, true))
    socket.once('close', () => done(true))
  })
}

/** The key in what is sent becomes a text of its length: it is given to other programs and to messages. */
function hide(sent: readonly Sent[], secret: string): Sent[] {
  return sent.map(({ bytes, reader }) => {
    const text = bytes.toString('latin1')
    if (!text.includes(secret)) return { bytes, reader }
    const hidden = Buffer.from(text.replaceAll(secret, 'k'.repeat(secret.length)), 'latin1')
    const again = createReader()
    again.push(hidden)
    return { bytes: hidden, reader: again }
  })
}

function decisionsIn(file: number, end: number, start: number): Passed['decisions'] {
  const bytes = Buffer.alloc(end - start)
  readSync(file, bytes, 0, bytes.length, start)
  return bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line.includes('"event":"decision"'))
    .map((line) => JSON.parse(line))
}

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/sallyport.ts'
import { installNodePackages } from './install-node-packages.ts'
import { nodeClients } from './node-clients.ts'
import { type ClientDoor, githubToken, openaiKey, openDoor, stripeKey, twilioToken } from './open-door.ts'
import { proveClient, runProgram } from './prove-client.ts'

const { clients } = nodeClients
const folder = temporaryFolder()
let door: ClientDoor
let node20: string

beforeAll(async () => {
  const modules = installNodePackages()
  symlinkSync(modules, join(folder, 'node_modules'))
  node20 = ['x64', 'arm64'].map((name) => join(modules, `node-20-${name}/bin/node`)).find(existsSync) ?? ''
  const { WebSocketServer } = createRequire(join(modules, 'ws/'))('ws')
  const sockets = new WebSocketServer({ noServer: true })
  door = await openDoor([stripeKey, openaiKey, githubToken, twilioToken], {
    upgrade(request, socket, head) {
      door.upstream.seen.push({ method: 'GET', url: request.url ?? '', fields: request.rawHeaders, body: '' })
      sockets.handleUpgrade(request, socket, head, (webSocket: Echo) =>
        webSocket.on('message', (data) => webSocket.send(String(data))),
      )
    },
  })
}, 300_000)
afterAll(() => door?.stop())

interface Echo {
  on(event: 'message', listener: (data: unknown) => void): void
  send(text: string): void
}

const ways = (command: readonly string[]) => ({
  preload: ['NODE_OPTIONS'],
  baseUrls: ['OPENAI_BASE_URL', 'STRIPE_URL'],
  command,
  directory: folder,
})

function program(name: string, source: string): string {
  const file = join(folder, name)
  writeFileSync(file, source)
  return file
}

it('the app gets the phantoms and none of the keys', () => {
  const text = JSON.stringify(door.environment)
  for (const [variable, secret] of Object.entries(door.secrets)) {
    expect(door.environment[variable]).toBeTruthy()
    expect(text.includes(secret)).toBe(false)
  }
})

describe('Node.js', () => {
  it.each(clients)('$title: $means', async (client) => {
    const file = program(`${client.id}.mjs`, client.source)
    await proveClient(door, client, ways([client.on20 ? node20 : process.execPath, file]))
  })
})

const agentSource = clients.find(({ id }) => id === 'https-agent')?.source ?? ''

/** What arrives at the upstream while `source` runs, and how it ended. */
async function run(source: string, environment = door.environment, runtime = process.execPath) {
  const before = door.upstream.seen.length
  const file = program(`other-${Math.random().toString(36).slice(2)}.mjs`, source)
  const ended = await runProgram([runtime, file], folder, environment)
  return { ...ended, arrived: door.upstream.seen.length - before }
}

describe.each([
  ['Node 26', () => process.execPath],
  ['Node 20', () => node20],
])('the preload on %s', (_name, runtime) => {
  it('holds in worker threads and in child processes', async () => {
    const file = program('with-agent.mjs', agentSource)
    const source = `
import { spawnSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'
await new Promise((resolve, reject) => new Worker(${JSON.stringify(file)}).on('error', reject).on('exit', resolve))
process.exit(spawnSync(process.execPath, [${JSON.stringify(file)}]).status)
`
    expect(await run(source, door.environment, runtime())).toMatchObject({ code: 0, arrived: 2 })
  })

  it('does nothing twice', async () => {
    const twice = `${door.environment.NODE_OPTIONS} ${door.environment.NODE_OPTIONS}`
    expect(await run(agentSource, { ...door.environment, NODE_OPTIONS: twice }, runtime())).toMatchObject({
      code: 0,
      arrived: 1,
    })
    const source = `
import { createRequire } from 'node:module'
import { Agent } from 'node:https'
const { createConnection } = Agent.prototype
const [, path] = /"(.*)"/.exec(process.env.NODE_OPTIONS)
const require = createRequire(import.meta.url)
delete require.cache[path]
require(path)
if (createConnection !== Agent.prototype.createConnection) throw new Error('patched twice')
`
    expect(await run(source, door.environment, runtime())).toMatchObject({ code: 0 })
  })

  it('says which refusal of the door ended a tunnel, to the request alone', async () => {
    const source = `
import { Agent, request } from 'node:https'
const error = await new Promise((resolve) => request('https://nowhere.test/', { agent: new Agent() }).on('error', resolve).end())
console.log(error.message)
`
    const ended = await run(source, door.environment, runtime())
    expect(ended.output.trim()).toBe('the proxy refused a tunnel to nowhere.test:443: UPSTREAM_UNRESOLVED')
  })

  it('leaves an agent alone that makes its connections itself', async () => {
    const source = `
import { Agent, request } from 'node:https'
class Own extends Agent {
  createConnection(options, callback) {
    const socket = super.createConnection(options, callback)
    if (!socket) throw new Error('no socket')
    return socket
  }
}
const error = await new Promise((resolve) => request('https://api.stripe.com/', { agent: new Own() }).on('error', resolve).end())
if (error.code !== 'ENOTFOUND') throw error
`
    expect(await run(source, door.environment, runtime())).toMatchObject({ code: 0, arrived: 0 })
  })

  it.each(['api.stripe.com', '.stripe.com', '*.stripe.com', 'stripe.com', 'a.test,API.stripe.com:443', '*'])(
    'goes straight to what NO_PROXY=%s names',
    async (list) => {
      const environment = { ...door.environment, no_proxy: list, NO_PROXY: list }
      const ended = await run(agentSource, environment, runtime())
      expect(ended.arrived).toBe(0)
      expect(ended.output).toContain('ENOTFOUND')
    },
  )

  it.each(['tripe.com', 'api.stripe.com:8443', 'api.stripe.com.test'])(
    'and through the door with NO_PROXY=%s',
    async (list) => {
      const environment = { ...door.environment, no_proxy: list, NO_PROXY: list }
      expect(await run(agentSource, environment, runtime())).toMatchObject({ code: 0, arrived: 1 })
    },
  )

  it.each(['', 'nonsense', 'https://127.0.0.1:1', 'http://user:word@127.0.0.1:1'])(
    'patches nothing where the proxy is %j',
    async (proxy) => {
      const source = `
import { Agent } from 'node:https'
console.log(Agent.prototype.createConnection.toString().includes('isForProxy'))
`
      const { NODE_USE_ENV_PROXY: _, ...rest } = door.environment
      const ended = await run(source, { ...rest, https_proxy: proxy, HTTPS_PROXY: proxy }, runtime())
      expect([ended.code, ended.output.trim()]).toEqual([0, 'false'])
    },
  )

  it('carries megabytes', async () => {
    const source = `
import { Agent, request } from 'node:https'
const headers = { authorization: 'Bearer ' + process.env.STRIPE_API_KEY }
const body = Buffer.alloc(5_000_000, 'x')
const answer = await new Promise((resolve, reject) => {
  request('https://api.stripe.com/v1/files', { method: 'POST', headers, agent: new Agent() }, resolve).on('error', reject).end(body)
})
let text = ''
for await (const chunk of answer) text += chunk
if (answer.statusCode !== 200 || text.length > 1000) throw new Error('upload')
const fetched = await fetch('https://api.stripe.com/v1/files', { method: 'POST', headers, body })
if (fetched.status !== 200) throw new Error('upload by fetch')
`
    expect(await run(source, door.environment, runtime())).toMatchObject({ code: 0, arrived: 2 })
    for (const { body } of door.upstream.seen.slice(-2)) expect(body.length).toBe(5_000_000)
  })
})

/** The upstream sends each event only after the client has said, in a request of its own, that it has the one before. */
describe('a stream', () => {
  let streaming: ClientDoor
  const waiting = new Map<string, () => void>()
  const large = Buffer.alloc(5_000_000, 'abcdefg\n')
  beforeAll(async () => {
    streaming = await openDoor([stripeKey], {
      async respond({ url = '', headers }, response) {
        if (headers.authorization !== `Bearer ${streaming.secrets.STRIPE_API_KEY}`) {
          response.writeHead(401).end()
          return
        }
        if (url === '/large') {
          response.end(large)
          return
        }
        if (url.startsWith('/ack/')) {
          waiting.get(url.slice(5))?.()
          response.end()
          return
        }
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        for (const event of ['1', '2', '3']) {
          const acknowledged = new Promise<void>((resolve) => waiting.set(event, resolve))
          response.write(`data: ${event}\n\n`)
          await acknowledged
        }
        response.end()
      },
    })
  })
  afterAll(() => streaming?.stop())

  it.each([
    ['fetch on Node 26', 'fetch', () => process.execPath],
    ['an own agent on Node 26', 'agent', () => process.execPath],
    ['fetch on Node 20', 'fetch', () => node20],
    ['an own agent on Node 20', 'agent', () => node20],
  ] as const)('comes by %s whole, and event by event', async (_name, how, runtime) => {
    const file = program(
      `stream-${how}.mjs`,
      `
import { Agent, request } from 'node:https'
const headers = { authorization: 'Bearer ' + process.env.STRIPE_API_KEY }
const agent = new Agent({ keepAlive: true })
const ask = (path) => ${
        how === 'fetch'
          ? `fetch('https://api.stripe.com' + path, { headers }).then(({ body }) => body)`
          : `new Promise((resolve, reject) => request('https://api.stripe.com' + path, { headers, agent }, resolve).on('error', reject).end())`
      }
let length = 0
for await (const chunk of await ask('/large')) length += chunk.length
let events = ''
for await (const chunk of await ask('/events')) {
  events += Buffer.from(chunk)
  for await (const _ of (await ask('/ack/' + events.at(-3))) ?? []);
}
console.log(length, JSON.stringify(events))
process.exit()
`,
    )
    const { output } = await runProgram([runtime(), file], folder, streaming.environment)
    expect(output.trim()).toBe(`${large.length} ${JSON.stringify('data: 1\n\ndata: 2\n\ndata: 3\n\n')}`)
  })

  it('comes by curl event by event', async () => {
    const shell = `
curl -sSN -H "Authorization: Bearer $STRIPE_API_KEY" https://api.stripe.com/events | while read -r _ event; do
  [ -z "$event" ] || { echo "$event"; curl -sS -H "Authorization: Bearer $STRIPE_API_KEY" "https://api.stripe.com/ack/$event"; }
done`
    const { output } = await runProgram(['sh', '-c', shell], folder, streaming.environment)
    expect(output).toBe('1\n2\n3\n')
  })
})

it('keeps what its user has in NODE_OPTIONS, and finds the preload in a folder with a space', async () => {
  const spaced = join(temporaryFolder(), 'a "quoted" folder')
  mkdirSync(spaced)
  const other = await openDoor([stripeKey], { environment: { TMPDIR: spaced, NODE_OPTIONS: '--title=mine' } })
  try {
    const file = program('spaced.mjs', `${agentSource}\nif (process.title !== 'mine') throw new Error(process.title)`)
    const ended = await runProgram([process.execPath, file], folder, other.environment)
    expect([ended.code, other.upstream.seen.length], ended.output).toEqual([0, 1])
  } finally {
    await other.stop()
  }
})

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttp, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import { buildGo } from '../support/build-go.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { askHttp2, http2Inside } from '../support/http2-inside.ts'
import { portOf } from '../support/raw.ts'
import { temporaryFolder, until } from '../support/sallyport.ts'
import { digest } from '../support/upstream.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
const file = (name: string) => join(folder, name)
const children: ChildProcess[] = []
/** Behind nginx and haproxy: says what came, and never the key itself. */
const recorder = createHttp((request, response) => {
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
  })
  request.on('end', () => {
    const { method, headers } = request as IncomingMessage
    response.end(`${headers['x-protocol']} ${method} ${length} ${digest(headers.authorization ?? '')}`)
  })
})
let peer: string
let caPem: string

beforeAll(async () => {
  peer = buildGo(join(import.meta.dirname, 'http2-peer'), 'http2-peer')
  const authority = await createAuthority({ name: 'other upstreams CA' })
  const leaf = await issueCertificate(authority, { dns: ['ledger.test'], usages: 'server' })
  caPem = authority.certificatePem
  writeFileSync(file('key.pem'), leaf.privateKeyPem)
  writeFileSync(file('chain.pem'), leaf.chainPem)
  writeFileSync(file('both.pem'), leaf.chainPem + leaf.privateKeyPem)
  recorder.listen(0, '127.0.0.1')
  await once(recorder, 'listening')
}, 300_000)
afterAll(() => {
  for (const child of children) child.kill()
  recorder.close()
})

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

async function freePort(): Promise<number> {
  const server = createTcp().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function startGo(): Promise<number> {
  const { stdout } = start(peer, ['serve', file('chain.pem'), file('key.pem')])
  let said = ''
  stdout?.on('data', (chunk: Buffer) => {
    said += chunk
  })
  await until(
    () => said.endsWith('\n'),
    10_000,
    () => 'the Go server did not start',
  )
  return Number(said)
}

/** A server that is told its port: until it answers there. */
async function startOn(program: string, config: (port: number) => string, args: (config: string) => string[]) {
  const port = await freePort()
  const path = file(`${program}.conf`)
  writeFileSync(path, config(port))
  start(program, args(path))
  await until(
    async () => {
      const probe = createTcp()
      return new Promise<boolean>((resolve) => {
        probe.once('error', () => resolve(true))
        probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(false)))
      })
    },
    10_000,
    () => `${program} did not start`,
  )
  return port
}

const behind = () => (recorder.address() as AddressInfo).port

const startNginx = () =>
  startOn(
    'nginx',
    (port) => `
daemon off; master_process off; pid ${file('nginx.pid')}; error_log stderr;
events {}
http {
  access_log off; client_body_temp_path ${file('body')}; proxy_temp_path ${file('proxy')};
  fastcgi_temp_path ${file('fastcgi')}; uwsgi_temp_path ${file('uwsgi')}; scgi_temp_path ${file('scgi')};
  client_max_body_size 10m;
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${file('chain.pem')}; ssl_certificate_key ${file('key.pem')};
    location / { proxy_pass http://127.0.0.1:${behind()}; proxy_set_header X-Protocol $server_protocol; }
  }
}`,
    (config) => ['-p', folder, '-c', config],
  )

const startHaproxy = () =>
  startOn(
    'haproxy',
    (port) => `
global
  log stderr format raw local0 emerg
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 10s
frontend f
  bind 127.0.0.1:${port} ssl crt ${file('both.pem')} alpn h2
  http-request set-header X-Protocol HTTP/%[req.ver]
  default_backend b
backend b
  server s 127.0.0.1:${behind()}
`,
    (config) => ['-db', '-f', config],
  )

/** Starts a door before the upstream on `port` and hands it to `use`. */
async function withDoor(port: number, use: (fixture: EgressFixture) => Promise<void>): Promise<void> {
  const fixture = await startEgress({ upstream: { port, caPem, close: async () => {} } })
  try {
    await use(fixture)
  } finally {
    await fixture.stop()
  }
}

describe('an upstream gets the key', () => {
  it.each([
    ['Go, HTTP/2 alone', startGo, 'HTTP/2.0', 'HTTP/2.0'],
    ['nginx, both', startNginx, 'HTTP/1.1', 'HTTP/2.0'],
    ['haproxy, HTTP/2 alone', startHaproxy, 'HTTP/2.0', 'HTTP/2.0'],
  ])(
    '%s',
    async (_name, startUpstream, forHttp1, forHttp2) => {
      await withDoor(await startUpstream(), async ({ reverse, forward, authority, phantom, secret, running }) => {
        const body = 'x'.repeat(500_000)
        const expected = `POST ${body.length} ${digest(`Bearer ${secret}`)}`
        const authorization = `Bearer ${phantom}`
        const ask = async () =>
          (await fetch(`${reverse}/v1/a`, { method: 'POST', headers: { authorization }, body })).text()
        expect(await ask()).toBe(`${forHttp1} ${expected}`)
        expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(Array(20).fill(`${forHttp1} ${expected}`))
        const ca = readFileSync(running.ready.egress?.ca ?? '', 'utf8')
        const session = await http2Inside(portOf(forward), authority, ca)
        const fields = { ':method': 'POST', ':path': '/v1/b', authorization }
        const askInside = async () => (await askHttp2(session, fields, body)).body
        expect(await askInside()).toBe(`${forHttp2} ${expected}`)
        expect(await Promise.all(Array.from({ length: 20 }, askInside))).toEqual(
          Array(20).fill(`${forHttp2} ${expected}`),
        )
        session.close()
      })
    },
    60_000,
  )
})

describe('a client gets through to an upstream that speaks HTTP/2 alone', () => {
  const curl = (key: string, url: string) => [
    '--silent',
    '--http2',
    '--header',
    `Authorization: Bearer ${key}`,
    '--data-binary',
    `@${file('upload')}`,
    '--write-out',
    ' %{http_version} %{http_code}',
    url,
  ]
  it.each<[string, string, (fixture: EgressFixture, url: string) => [string, string[]]]>([
    ['Go, HTTP/2 alone', 'HTTP/2.0 200 ANSWER', (_fixture, url) => [peer, ['ask', url]]],
    ['curl, which offers both', 'ANSWER 1.1 200', ({ phantom }, url) => ['curl', curl(phantom, url)]],
  ])(
    '%s',
    async (_name, expected, command) => {
      writeFileSync(file('upload'), 'x'.repeat(1_000_000))
      await withDoor(await startGo(), async (fixture) => {
        const { environment, secret, authority } = fixture
        const [program, args] = command(fixture, `https://${authority}/v1/charges`)
        const { stdout } = await run(program, args, { env: environment, timeout: 30_000 })
        expect(stdout).toBe(expected.replace('ANSWER', `HTTP/2.0 POST 1000000 ${digest(`Bearer ${secret}`)}`))
      })
    },
    60_000,
  )
})

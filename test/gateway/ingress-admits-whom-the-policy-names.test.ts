import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createAuthority,
  issueCertificate,
  type Minted,
  selfSignCertificate,
} from '../../src/identity/mint/certificate.ts'
import { issueCrl } from '../../src/identity/mint/crl.ts'
import { checkoutWithout } from '../support/checkout-without.ts'
import { type RunningSallyport, runSallyport, temporaryFolder, until } from '../support/sallyport.ts'

let authority: Minted
let server: Minted
let billing: Minted
let app: Server
const seen: { url: string; fields: string[]; body: string }[] = []

beforeAll(async () => {
  authority = await createAuthority({ name: 'clients' })
  server = await issueCertificate(authority, {
    dns: ['service.test', 'localhost'],
    ips: ['127.0.0.1'],
    usages: 'server',
  })
  billing = await issueCertificate(authority, { uris: ['spiffe://example.org/billing'] })
  app = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      seen.push({ url: request.url ?? '', fields: request.rawHeaders, body })
      response.end('the app')
    })
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  app.close()
  app.closeAllConnections()
})

interface Front {
  readonly running: RunningSallyport
  readonly port: number
  readonly folder: string
}

async function openFront({
  root,
  policy,
  revoked = [],
}: {
  root?: string
  policy?: string
  revoked?: Minted[]
} = {}): Promise<Front> {
  const folder = temporaryFolder()
  const crl = await issueCrl(authority, { revoked: revoked.map(({ serial }) => ({ serial })), number: 1 })
  for (const [name, text] of Object.entries({
    'ca.pem': authority.certificatePem,
    'ca.crl': crl,
    'server.pem': server.chainPem,
  }))
    writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'server.key'), server.privateKeyPem, { mode: 0o600 })
  const running = await runSallyport({
    ...(root === undefined ? {} : { root }),
    folder,
    command: ['sleep', '600'],
    config: `
app: { listen: "127.0.0.1:${(app.address() as AddressInfo).port}" }
ingress:
  listen: 127.0.0.1:0
  certificate: { chain: server.pem, key: server.key }
  clients: { ca: ca.pem, crl: ca.crl }
  policy:
${policy ?? '    - { allow: { spiffe: spiffe://example.org/billing }, methods: [GET, POST], paths: [/reports/**] }'}
audit: { file: audit.jsonl }
`,
  })
  return { running, folder, port: Number(new URL(running.ready.ingress ?? '').port) }
}

interface Ask {
  readonly client?: Minted
  readonly text?: string
  readonly serverName?: string
  readonly version?: 'TLSv1.2' | 'TLSv1.3'
  readonly host?: string
}

/** Sends one request; resolves to the answer, or to how the connection ended without one. */
function ask(
  port: number,
  { client, text, serverName = 'service.test', version = 'TLSv1.3', host = 'service.test' }: Ask,
): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: serverName,
      ca: authority.certificatePem,
      minVersion: version,
      maxVersion: version,
      checkServerIdentity: () => undefined,
      ...(client ? { cert: client.chainPem, key: client.privateKeyPem } : {}),
    })
    const done = (end: string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer === '' ? end : answer)
    }
    const timer = setTimeout(() => done('time-out'), 5_000)
    socket.on('secureConnect', () =>
      socket.write(text ?? `GET /reports/1 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 'latin1'),
    )
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.on('end', () => done('closed'))
    socket.on('error', () => done('closed'))
    socket.on('close', () => done('closed'))
  })
}

const audit = (front: Front) =>
  readFileSync(join(front.folder, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('on %s', (version) => {
  let front: Front
  const strangers: Record<string, () => Promise<Minted | undefined>> = {
    'no certificate': async () => undefined,
    'a self-signed certificate': () => selfSignCertificate({ uris: ['spiffe://example.org/billing'] }),
    'a certificate of another authority': async () =>
      issueCertificate(await createAuthority({ name: 'other' }), { uris: ['spiffe://example.org/billing'] }),
    'a certificate of another authority of the same name': async () =>
      issueCertificate(await createAuthority({ name: 'clients' }), { uris: ['spiffe://example.org/billing'] }),
    'an expired certificate': () =>
      issueCertificate(authority, {
        uris: ['spiffe://example.org/billing'],
        notBefore: new Date(Date.now() - 7_200_000),
        notAfter: new Date(Date.now() - 3_600_000),
      }),
    'a certificate that is not valid yet': () =>
      issueCertificate(authority, {
        uris: ['spiffe://example.org/billing'],
        notBefore: new Date(Date.now() + 3_600_000),
      }),
    'a server’s certificate': async () => server,
    'an authority as leaf': () =>
      issueCertificate(authority, {
        uris: ['spiffe://example.org/billing'],
        isCa: true,
        keyUsage: ['digitalSignature', 'keyCertSign'],
      }),
    'a leaf that may sign certificates': () =>
      issueCertificate(authority, {
        uris: ['spiffe://example.org/billing'],
        keyUsage: ['digitalSignature', 'keyCertSign'],
      }),
    'two SPIFFE IDs': () =>
      issueCertificate(authority, { uris: ['spiffe://example.org/billing', 'spiffe://example.org/other'] }),
    'a revoked certificate': async () => revoked,
  }
  let revoked: Minted
  beforeAll(async () => {
    revoked = await issueCertificate(authority, { uris: ['spiffe://example.org/billing'] })
    front = await openFront({ revoked: [revoked] })
  })
  afterAll(() => front.running.stop())

  it('the client that the policy names reaches the app, which learns its certificate', async () => {
    const answer = await ask(front.port, { client: billing, version })
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*the app$/)
    const fields = seen.at(-1)?.fields ?? []
    expect(fields[fields.indexOf('Client-Cert') + 1]).toBe(`:${billing.certificateDer.toString('base64')}:`)
    expect(fields[fields.indexOf('X-Forwarded-Proto') + 1]).toBe('https')
  })

  it.each(Object.keys(strangers))('%s is closed without an answer, and the log says why', async (name) => {
    const before = seen.length
    const client = await strangers[name]?.()
    const records = audit(front).length
    expect(await ask(front.port, { ...(client ? { client } : {}), version })).toBe('closed')
    expect(seen).toHaveLength(before)
    // Outcomes of others come in between.
    const refusal = () =>
      audit(front)
        .slice(records)
        .find(({ decision }) => decision === 'refuse')
    await until(
      () => refusal() !== undefined,
      2_000,
      () => `${name} left no record`,
    )
    expect(refusal()).toMatchObject({
      door: 'ingress',
      decision: 'refuse',
      code: 'CLIENT_CERTIFICATE_REFUSED',
      detail: expect.stringMatching(/^[A-Z_]+: .+/),
    })
  })
})

describe('a known client', () => {
  let front: Front
  beforeAll(async () => {
    front = await openFront({
      policy: `    - { allow: { spiffe: spiffe://example.org/billing }, methods: [GET, POST], paths: [/reports/**] }
    - { allow: { dns: worker.example.org }, hosts: [localhost], methods: [GET], paths: [/jobs] }`,
    })
  })
  afterAll(() => front.running.stop())
  const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
  const send = (line: string, fields = '', body = '') =>
    ask(front.port, {
      client: billing,
      text: `${line} HTTP/1.1\r\nHost: service.test\r\nConnection: close\r\n${fields}\r\n${body}`,
    })

  it.each([
    ['another path', 'GET /admin', 403],
    ['another method', 'DELETE /reports/1', 403],
    ['a path that leaves the allowed one', 'GET /reports/../admin', 400],
    ['an encoded one', 'GET /reports/%2e%2e/admin', 400],
    ['CONNECT', 'CONNECT service.test:443', 501],
  ])('is refused %s', async (_name, line, expected) => {
    const before = seen.length
    const answer = await send(line)
    expect(status(answer)).toBe(expected)
    expect(answer).not.toMatch(/sallyport\.yaml|policy\[/)
    expect(seen).toHaveLength(before)
  })

  it('is told 421 for a Host that is not the connection’s name', async () => {
    expect(status(await ask(front.port, { client: billing, serverName: 'localhost' }))).toBe(421)
  })

  it('is judged by its own rule alone: host, method and path', async () => {
    const worker = await issueCertificate(authority, { dns: ['worker.example.org'] })
    const request = (path: string, name: string) =>
      ask(front.port, {
        client: worker,
        serverName: name,
        text: `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`,
      })
    expect(status(await request('/jobs', 'localhost'))).toBe(200)
    expect(status(await request('/jobs', 'service.test'))).toBe(403)
    expect(status(await request('/reports/1', 'localhost'))).toBe(403)
  })

  it('cannot tell the app who it is, in any spelling', async () => {
    const forged = [
      'Client-Cert',
      'client_cert',
      'X-SSL-Client-Verify',
      'X_SSL_CLIENT_VERIFY',
      'x-ssl_client-S-DN',
      'X-Forwarded-Client-Cert',
      'X_Forwarded_Client_Cert',
      'SSL-Client-Cert',
      'X-Client-DN',
      'X-Forwarded-For',
      'X_Forwarded_For',
      'Forwarded',
      'X-Amzn-Mtls-Clientcert',
      'Content_Length',
      'Transfer_Encoding',
    ]
    await send('GET /reports/forged', `${forged.map((name) => `${name}: forged\r\n`).join('')}X-Mine: kept\r\n`)
    const last = seen.at(-1)
    expect(last?.url).toBe('/reports/forged')
    expect(last?.fields.filter((value) => value === 'forged')).toEqual([])
    expect(last?.fields).toContain('X-Mine')
  })

  it('cannot make us drop our own field by naming it in Connection', async () => {
    await ask(front.port, {
      client: billing,
      text: 'GET /reports/1 HTTP/1.1\r\nHost: service.test\r\nConnection: close, Client-Cert\r\n\r\n',
    })
    expect(seen.at(-1)?.fields).toContain('Client-Cert')
  })

  it.each([
    ['length and encoding', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n', 'abcde'],
    ['a bare LF', 'X: a\nContent-Length: 4\r\n', 'abcd'],
    ['white space before the colon', 'Content-Length : 4\r\n', 'abcd'],
    ['an identity in a trailer', 'Transfer-Encoding: chunked\r\n', '0\r\nClient_Cert: x\r\n\r\n'],
  ])('that frames its request with %s gets 400, and the app nothing to misread', async (_name, fields, body) => {
    expect(status(await send('POST /reports/1', fields, body))).toBe(400)
  })

  it.each([
    ['X-HTTP-Method-Override: DELETE', 400],
    ['X_Http_Method: delete', 400],
    ['X-Method-Override: GET, DELETE', 400],
    ['X-Original-URL: /admin', 400],
    ['X-HTTP-Method-Override: GET', 200],
  ])('that sends %s gets %i: the policy judges what the app would do', async (line, wanted) => {
    const before = seen.length
    const text = `POST /reports/1 HTTP/1.1\r\nHost: service.test\r\n${line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
    expect(status(await ask(front.port, { client: billing, text }))).toBe(wanted)
    expect(seen.length - before).toBe(wanted === 200 ? 1 : 0)
  })

  it('that is HTTP/1.0 and names no Host asks the app for the name of its connection', async () => {
    expect(status(await ask(front.port, { client: billing, text: 'GET /reports/old HTTP/1.0\r\n\r\n' }))).toBe(200)
    const last = seen.at(-1)
    expect(last?.url).toBe('/reports/old')
    expect(last?.fields.filter((name) => name.toLowerCase() === 'host')).toHaveLength(1)
    expect(last?.fields[(last?.fields.indexOf('Host') ?? 0) + 1]).toBe('service.test')
  })

  it('sends a body, and several requests on one connection', async () => {
    const answer = await ask(front.port, {
      client: billing,
      text: 'POST /reports/a HTTP/1.1\r\nHost: service.test\r\nContent-Length: 5\r\n\r\nhelloPOST /reports/b HTTP/1.1\r\nHost: service.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    })
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
    expect(seen.slice(-2).map(({ url, body }) => [url, body])).toEqual([
      ['/reports/a', 'hello'],
      ['/reports/b', 'abc'],
    ])
  })
})

describe('without its guard the door would let strangers in', () => {
  it('without the check of the chain', async () => {
    const root = checkoutWithout(
      {
        file: 'src/ingress/door.ts',
        line: 'if (!socket.authorized)',
        instead: 'if (!certificate)',
      },
      { file: 'src/ingress/door.ts', line: '...(revocations ? { revocations } : {}),', instead: '' },
    )
    const front = await openFront({ root })
    const stranger = await issueCertificate(await createAuthority({ name: 'other' }), {
      uris: ['spiffe://example.org/billing'],
    })
    expect(await ask(front.port, { client: stranger }), JSON.stringify(audit(front))).toMatch(/^HTTP\/1\.1 200/)
    await front.running.stop()
  })

  it('without the check of the leaf', async () => {
    const root = checkoutWithout({
      file: 'src/identity/check-client-certificate.ts',
      line: 'if (refusal) return refusal',
      instead: '',
    })
    const front = await openFront({ root })
    const leaf = await issueCertificate(authority, {
      uris: ['spiffe://example.org/billing'],
      keyUsage: ['digitalSignature', 'keyCertSign'],
    })
    expect(await ask(front.port, { client: leaf })).toMatch(/^HTTP\/1\.1 200/)
    await front.running.stop()
  })
})

it('resumes no session: the second handshake is as whole as the first', async () => {
  const front = await openFront()
  const folder = front.folder
  writeFileSync(join(folder, 'client.pem'), billing.chainPem)
  writeFileSync(join(folder, 'client.key'), billing.privateKeyPem)
  for (const version of ['-tls1_2', '-tls1_3']) {
    const output = execFileSync(
      'openssl',
      [
        's_client',
        '-connect',
        `127.0.0.1:${front.port}`,
        '-servername',
        'service.test',
        version,
        '-reconnect',
        '-cert',
        'client.pem',
        '-key',
        'client.key',
        '-CAfile',
        'ca.pem',
      ],
      { cwd: folder, input: '', encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] },
    )
    expect(output).toMatch(/^New, /m)
    expect(output).not.toMatch(/^Reused, /m)
  }
  await front.running.stop()
})

it.each([
  ['TLS 1.3', ['-tls1_3'], true],
  ['TLS 1.2 with AEAD', ['-tls1_2'], true],
  ['TLS 1.2 with CBC', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0'], false],
  ['TLS 1.2 without forward secrecy', ['-tls1_2', '-cipher', 'AES128-GCM-SHA256:@SECLEVEL=0'], false],
  ['TLS 1.1', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], false],
] as const)('%s is spoken or not', async (_name, flags, isSpoken) => {
  const front = await openFront()
  writeFileSync(join(front.folder, 'client.pem'), billing.chainPem)
  writeFileSync(join(front.folder, 'client.key'), billing.privateKeyPem)
  // Not synchronously: the app is in this process.
  const client = spawn(
    'openssl',
    [
      's_client',
      '-connect',
      `127.0.0.1:${front.port}`,
      '-cert',
      'client.pem',
      '-key',
      'client.key',
      '-quiet',
      ...flags,
    ],
    { cwd: front.folder, stdio: ['pipe', 'pipe', 'ignore'], timeout: 10_000 },
  )
  let stdout = ''
  client.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  client.stdin.on('error', () => {})
  client.stdin.write('GET /reports/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
  await once(client, 'close')
  expect(stdout.includes('HTTP/1.1 200 OK'), stdout).toBe(isSpoken)
  await front.running.stop()
})

import { readFileSync, writeFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import { randomText } from '../../src/keys/random.ts'
import { closing, gatewayBehind, proxyTo, upstreamFor } from '../support/behind-proxy.ts'
import { temporaryFolder, until } from '../support/sallyport.ts'
import { scanMemory } from '../support/scan-memory.ts'
import { startUpstream } from '../support/upstream.ts'

describe('a proxy in the user’s environment', () => {
  it.each(['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy'])(
    'named by %s is the way out to hosts with a key and to those without',
    async (variable) => {
      const upstream = await upstreamFor('ledger.test', 'other.test')
      const proxy = await proxyTo(upstream.port)
      const { curl, secret, running } = await gatewayBehind(upstream, { [variable]: `http://127.0.0.1:${proxy.port}` })
      const keyed = await curl('https://ledger.test/v1/charges', '-d', 'amount=1')
      expect([keyed.status, keyed.problem], keyed.output).toEqual([0, undefined])
      expect(upstream.seen.at(-1)?.fields).toContain(`Bearer ${secret}`)
      const other = await curl('https://other.test/x', '-k')
      expect(other.status, other.output).toBe(0)
      expect(proxy.asked).toEqual([
        { target: 'ledger.test:443', authorization: undefined },
        { target: 'other.test:443', authorization: undefined },
      ])
      expect(running.output()).toContain(
        `requests leave through the proxy 127.0.0.1:${proxy.port}, which ${variable} names`,
      )
    },
  )

  it('carries megabytes both ways, and many requests on one connection', async () => {
    const upstream = await upstreamFor('ledger.test')
    const proxy = await proxyTo(upstream.port)
    const { curl, folder } = await gatewayBehind(upstream, { https_proxy: `http://127.0.0.1:${proxy.port}` })
    const large = join(folder, 'large')
    writeFileSync(large, Buffer.alloc(5_000_000, 'x'))
    const url = 'https://ledger.test/v1/files'
    const { status, output } = await curl(url, '-T', large, url, '-T', large)
    expect(status, output).toBe(0)
    expect(upstream.seen.map(({ body }) => body.length)).toEqual([5_000_000, 5_000_000])
    expect(proxy.asked).toHaveLength(1)
  })

  it('leads to an upstream that speaks HTTP/2 alone', async () => {
    const authority = await createAuthority({ name: 'upstream CA' })
    const leaf = await issueCertificate(authority, { subject: 'upstream', dns: ['ledger.test'], usages: 'server' })
    const bodies: string[] = []
    const server = createSecureServer({ key: leaf.privateKeyPem, cert: leaf.chainPem }, (request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        bodies.push(`${request.headers.authorization} ${body.length}`)
        response.end('x'.repeat(1_000_000))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(async () => server.close())
    const { port } = server.address() as AddressInfo
    const proxy = await proxyTo(port)
    const upstream = { port, caPem: authority.certificatePem, seen: [], close: async () => {} }
    const { curl, secret, folder } = await gatewayBehind(upstream, { https_proxy: `http://127.0.0.1:${proxy.port}` })
    writeFileSync(join(folder, 'body'), Buffer.alloc(1_000_000, 'x'))
    const { status, output } = await curl('https://ledger.test/x', '-T', join(folder, 'body'))
    expect([status, output.match(/x+$/)?.[0].length], output.slice(0, 500)).toEqual([0, 1_000_000])
    expect(bodies).toEqual([`Bearer ${secret} 1000000`])
  })

  it('holds an upstream back that sends more than the app reads', async () => {
    const all = 100_000_000
    let sent = 0
    const upstream = await startUpstream(['ledger.test'], (_request, response) => {
      const send = () => {
        while (sent < all) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536))) {
            response.once('drain', send)
            return
          }
        }
      }
      send()
    })
    closing.push(upstream.close)
    const proxy = await proxyTo(upstream.port)
    const { curl } = await gatewayBehind(upstream, { https_proxy: `http://127.0.0.1:${proxy.port}` })
    await curl('https://ledger.test/large', '--limit-rate', '1k', '--max-time', '6', '-o', '/dev/null')
    expect(sent).toBeGreaterThan(65_536)
    expect(sent).toBeLessThan(all / 2)
  })

  it('gets its password from us and the app never has it', async () => {
    const upstream = await upstreamFor('ledger.test')
    const proxy = await proxyTo(upstream.port)
    const password = `p@ss ${randomText().hex(16)}`
    const url = `http://us%C3%A9r:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`
    const { curl, environment, running, folder } = await gatewayBehind(upstream, {
      https_proxy: url,
      ALL_PROXY: url,
      npm_config_proxy: url,
    })
    const { status, output } = await curl('https://ledger.test/v1/charges', '-d', 'amount=1')
    expect(status, output).toBe(0)
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from(`usér:${password}`).toString('base64')}`)
    const told = [
      JSON.stringify(environment),
      output,
      running.output(),
      readFileSync(join(folder, 'audit.jsonl'), 'utf8'),
    ]
    for (const text of told) {
      for (const form of [password, encodeURIComponent(password), proxy.asked[0]?.authorization?.slice(6) ?? '']) {
        expect(text.includes(form)).toBe(false)
      }
    }
    expect(environment.npm_config_proxy).toBe(`http://127.0.0.1:${proxy.port}`)
    expect(environment.ALL_PROXY).toBeUndefined()
  })

  it('leaves no copy of its password or of a key in the gateway, a second after the last request', async () => {
    const upstream = await upstreamFor('ledger.test', 'other.test')
    const proxy = await proxyTo(upstream.port)
    const password = randomText().hex(32)
    const { curl, secret, running } = await gatewayBehind(upstream, {
      https_proxy: `http://billing:${password}@127.0.0.1:${proxy.port}`,
    })
    await curl('https://ledger.test/x?[1-20]')
    // A tunnel each.
    await curl('https://other.test/x?[1-60]', '-k', '-H', 'Connection: close')
    expect([upstream.seen.length, proxy.asked.length]).toEqual([80, 61])
    const end = Date.now() + 1_000
    await until(
      () => Date.now() >= end,
      2_000,
      () => '',
    )
    const sent = proxy.asked[0]?.authorization?.slice(6) ?? ''
    expect(sent).toBe(Buffer.from(`billing:${password}`).toString('base64'))
    expect([sent, password, secret].map((text) => scanMemory(running.ready.pid, Buffer.from(text)))).toEqual([
      {},
      {},
      {},
    ])
  })

  it('is spoken to over TLS where its URL is https', async () => {
    const upstream = await upstreamFor('ledger.test', 'other.test')
    const proxy = await proxyTo(upstream.port, { tls: true })
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'proxy.pem'), proxy.caPem)
    const { curl, secret } = await gatewayBehind(
      upstream,
      {},
      `  proxy: https://127.0.0.1:${proxy.port}\n  proxy_ca: ${join(folder, 'proxy.pem')}`,
    )
    expect((await curl('https://ledger.test/v1/charges', '-d', 'a=1')).problem).toBeUndefined()
    expect(upstream.seen.at(-1)?.fields).toContain(`Bearer ${secret}`)
    expect((await curl('https://other.test/x', '-k')).status).toBe(0)
    expect(proxy.asked).toHaveLength(2)
  })

  it('whose certificate is nobody’s gets no request', async () => {
    const upstream = await upstreamFor('ledger.test')
    const proxy = await proxyTo(upstream.port, { tls: true })
    const { curl } = await gatewayBehind(upstream, { https_proxy: `https://127.0.0.1:${proxy.port}` })
    expect((await curl('https://ledger.test/x')).problem).toBe('PROXY_UNREACHABLE')
    expect(proxy.asked).toEqual([])
  })

  it('is passed by where NO_PROXY, egress.proxy or the host being this machine says so', async () => {
    const upstream = await upstreamFor('ledger.test')
    const proxy = await proxyTo(upstream.port)
    const https_proxy = `http://127.0.0.1:${proxy.port}`
    const asked = async (variables: Record<string, string>, egress = '') => {
      const { curl, running } = await gatewayBehind(upstream, { https_proxy, ...variables }, egress)
      // The app itself goes through the door, whatever NO_PROXY says.
      const { problem } = await curl('https://ledger.test/x', '--noproxy', '')
      const isTold = running.output().includes('NO_PROXY names ledger.test:443: the app calls past the door')
      return { asked: proxy.asked.splice(0).length, problem, isTold }
    }
    const straight = { asked: 0, problem: 'UPSTREAM_UNRESOLVED' }
    expect(await asked({})).toEqual({ asked: 1, problem: undefined, isTold: false })
    expect(await asked({ NO_PROXY: 'other.test' })).toEqual({ asked: 1, problem: undefined, isTold: false })
    expect(await asked({ NO_PROXY: 'other.test, .ledger.test' })).toEqual({ ...straight, isTold: true })
    expect(await asked({}, '  proxy: none')).toEqual({ ...straight, isTold: false })
    const { curl } = await gatewayBehind(upstream, { https_proxy })
    await curl(`https://localhost:${upstream.port}/x`, '--noproxy', '', '-k')
    expect(proxy.asked).toEqual([])
  })

  it('is not asked for an address that no key may go to', async () => {
    const upstream = await upstreamFor('ledger.test')
    const proxy = await proxyTo(upstream.port)
    const { curl } = await gatewayBehind(upstream, { https_proxy: `http://127.0.0.1:${proxy.port}` }, '', ['10.1.2.3'])
    expect((await curl('https://10.1.2.3/x', '-k')).problem).toBe('ADDRESS_REFUSED')
    expect(proxy.asked).toEqual([])
  })
})

describe('a proxy that gives no tunnel', () => {
  it.each([
    ['HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n', 'PROXY_REFUSED', 502],
    ['HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!', 'PROXY_REFUSED', 502],
    ['HTTP/1.1 302 Found\r\nLocation: http://login.test/\r\n\r\n', 'PROXY_REFUSED', 502],
    ['HTTP/1.1 503 Service Unavailable\r\n\r\n', 'PROXY_FAILED', 502],
    ['HTTP/1.1 100 Continue\r\n\r\n', 'PROXY_REFUSED', 502],
    ['SSH-2.0-x\r\n\r\n', 'PROXY_UNREACHABLE', 502],
    ['HTTP/1.1 20', 'PROXY_UNREACHABLE', 502],
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, 'PROXY_UNREACHABLE', 502],
    // Not from the upstream, which waits for a client to speak.
    ['HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'PROXY_UNREACHABLE', 502],
  ])('and says %j is told as such, and nothing that it said', async (answer, problem, status) => {
    const upstream = await upstreamFor('ledger.test')
    const proxy = await proxyTo(upstream.port, { answer: () => answer })
    const { curl } = await gatewayBehind(upstream, { https_proxy: `http://127.0.0.1:${proxy.port}` })
    const told = await curl('https://ledger.test/x')
    expect(told.problem, told.output).toBe(problem)
    expect(told.output).toMatch(new RegExp(`HTTP/1.1 ${status} `))
    expect(told.output).toContain(`"code":"${problem}"`)
    expect(told.output).not.toMatch(/realm|login|no!|SSH/)
    const tunnelled = await curl('https://other.test/x')
    expect(tunnelled.problem, tunnelled.output).toBe(
      problem === 'PROXY_UNREACHABLE' && answer.includes('200 OK\r\n\r\n') ? undefined : problem,
    )
    expect(upstream.seen).toEqual([])
  })

  it('because nobody listens is told as such', async () => {
    const upstream = await upstreamFor('ledger.test')
    // A port that was free a moment ago may be another test's by now; nobody is given this one.
    const { curl } = await gatewayBehind(upstream, { https_proxy: 'http://127.0.0.1:1' })
    expect((await curl('https://ledger.test/x')).problem).toBe('PROXY_UNREACHABLE')
  })

  it('because it is silent is told after the limit', async () => {
    const upstream = await upstreamFor('ledger.test')
    const proxy = await proxyTo(upstream.port, { answer: () => '' })
    const { curl } = await gatewayBehind(upstream, { https_proxy: `http://127.0.0.1:${proxy.port}` })
    expect((await curl('https://ledger.test/x')).problem).toBe('PROXY_TIMEOUT')
  })

  it.each([
    ['socks5://127.0.0.1:1080', 'names a proxy of the kind socks5'],
    ['http://', 'is not a URL'],
    ['http://127.0.0.1:0', 'has no valid port'],
    ['http://u:%zz@127.0.0.1:1', 'has a user name or password that is not percent-encoded'],
  ])('because %s is none that can be gone through stops the start', async (url, says) => {
    const upstream = await upstreamFor('ledger.test')
    await expect(gatewayBehind(upstream, { https_proxy: url })).rejects.toThrow(`the variable https_proxy ${says}`)
  })
})

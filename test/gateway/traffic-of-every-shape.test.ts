import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limits } from '../../src/limits.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'
import { until } from '../support/sallyport.ts'
import { type Script, type ScriptedUpstream, startScripted } from '../support/scripted-upstream.ts'

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const big = randomBytes(1024 * 1024)

const script: Script = (socket, target, head, connection) => {
  const answer = (text: string) => socket.write(text, 'latin1')
  const ok = (body = 'ok', fields = '') =>
    answer(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`)
  const routes: Record<string, () => void> = {
    '/ok': () => ok(),
    '/connection': () => ok(String(connection)),
    '/chunked': () =>
      answer(
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('hello ')}${chunk('world')}0\r\nX-Sum: 1\r\n\r\n`,
      ),
    '/until-close': () => socket.end('HTTP/1.1 200 OK\r\n\r\nto the end'),
    '/hints-without-end': () => answer('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(10_000)),
    '/early-hints': () =>
      answer('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    '/no-content': () => answer('HTTP/1.1 204 No Content\r\n\r\n'),
    '/not-modified': () => answer('HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n'),
    '/byte-by-byte': () => {
      const text = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
      let at = 0
      const next = () => {
        if (at < text.length) socket.write(text.charAt(at++), () => setImmediate(next))
      }
      next()
    },
    '/hop-by-hop': () =>
      ok('ok', 'Connection: X-Secret-Hop\r\nX-Secret-Hop: 1\r\nKeep-Alive: timeout=5\r\nX-Kept: 1\r\n'),
    '/then-close': () => {
      ok(String(connection))
      socket.end()
    },
    '/two-lengths': () => answer('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'),
    '/bare-lf': () => answer('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'),
    '/status-zero': () => answer('HTTP/1.1 000 Nothing\r\nContent-Length: 2\r\n\r\nok'),
    '/garbage': () => answer('SSH-2.0-OpenSSH_9\r\n\r\n'),
    '/silence': () => socket.destroy(),
    '/half': () => {
      answer('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
      setImmediate(() => socket.destroy())
    },
    '/bad-chunk': () => {
      answer(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('good')}`)
      setTimeout(() => answer('zz\r\n'), limits.holdBackMs + 100)
    },
    '/bad-first-chunk': () => answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
    '/two-answers': () =>
      answer('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen'),
    '/switch': () => {
      answer('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x08welcome ')
      socket.removeAllListeners('data')
      socket.on('data', (bytes: Buffer) =>
        answer(`\x81${String.fromCharCode(bytes.length)}${bytes.toString('latin1').toUpperCase()}`),
      )
    },
    '/switch-unasked': () =>
      answer('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    '/head-back': () => ok(head),
    '/endless': () => {
      answer('HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n')
      const pump = () => {
        while (!socket.destroyed && socket.write(big)) {}
      }
      socket.on('drain', pump)
      pump()
    },
  }
  if (head.startsWith('HEAD ')) answer('HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n')
  else if (head.includes('Expect: 100-continue')) {
    answer('HTTP/1.1 100 Continue\r\n\r\n')
    ok('continued')
  } else (routes[target] ?? (() => ok()))()
}

let upstream: ScriptedUpstream
let fixture: EgressFixture
beforeAll(async () => {
  upstream = await startScripted(script)
  fixture = await startEgress({ upstream })
})
afterAll(() => fixture.stop())

const door = () => portOf(fixture.forward)
const line = (method: string, path: string, fields = '', version = '1.1') =>
  `${method} /ledger${path} HTTP/${version}\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\n${fields}\r\n`
const closing = 'Connection: close\r\n'
const get = (path: string) => exchange(door(), line('GET', path, closing))
const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4)
const codeOf = (answer: string) => /"code":"([A-Z_]+)"/.exec(answer)?.[1]

describe('an answer', () => {
  it.each([
    ['that ends with its connection, in chunks', '/until-close', `${chunk('to the end')}0\r\n\r\n`],
    ['that comes byte by byte', '/byte-by-byte', 'hello'],
    ['without a body', '/no-content', ''],
  ])('%s passes unchanged', async (_name, path, body) => {
    expect(bodyOf(await get(path))).toBe(body)
  })

  it('chunked, with a trailer, passes in chunks of our own', async () => {
    const body = bodyOf(await get('/chunked'))
    expect(body).toMatch(/^(?:[1-9a-b]\r\n[a-z ]+\r\n)+0\r\nX-Sum: 1\r\n\r\n$/)
    expect(body.replace(/^[1-9a-b]\r\n|\r\n[1-9a-b]\r\n|\r\n0\r\n.*/gs, '')).toBe('hello world')
  })

  it('after an interim answer passes with it', async () => {
    expect(await get('/early-hints')).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  })

  it('to HEAD and 304 have no body, and the connection goes on', async () => {
    const answer = await exchange(
      door(),
      line('HEAD', '/x') + line('GET', '/not-modified') + line('GET', '/ok', closing),
    )
    expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 304', 'HTTP/1.1 200'])
  })

  it('loses the fields of its connection and keeps the others', async () => {
    const answer = await get('/hop-by-hop')
    expect(answer).toContain('X-Kept: 1')
    expect(answer).not.toMatch(/X-Secret-Hop|Keep-Alive/i)
  })

  it('in chunks to an HTTP/1.0 client is its content alone, and the end', async () => {
    const answer = await exchange(door(), line('GET', '/chunked', '', '1.0'))
    expect(answer).toMatch(/Connection: close/)
    expect(answer).not.toMatch(/Transfer-Encoding/i)
    expect(bodyOf(answer)).toBe('hello world')
  })
})

describe('a connection', () => {
  it('carries requests that were sent ahead, in order', async () => {
    const paths = Array.from({ length: 50 }, (_unused, index) => `/n/${index}`)
    const before = upstream.seen.length
    const answer = await exchange(door(), paths.map((path) => line('GET', path)).join('') + line('GET', '/ok', closing))
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(51)
    expect(upstream.seen.slice(before, -1).map(({ target }) => target)).toEqual(paths)
  })

  it('to the upstream is used again', async () => {
    expect(bodyOf(await get('/connection'))).toBe(bodyOf(await get('/connection')))
  })

  it('that the upstream has closed meanwhile is not the client’s trouble', async () => {
    for (let round = 0; round < 20; round++) expect(await get('/then-close')).toMatch(/^HTTP\/1\.1 200/)
  })

  it('that sent more than one answer is not used again', async () => {
    const answer = await exchange(door(), line('GET', '/two-answers') + line('GET', '/ok', closing))
    expect(answer).not.toContain('stolen')
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })
})

describe('a body of 64 MiB', () => {
  it.each([
    ['with a length', false],
    ['in chunks', true],
  ])(
    '%s arrives whole',
    async (_name, chunked) => {
      const { startUpstream } = await import('../support/upstream.ts')
      const sum = createHash('sha256')
      const receiver = await startUpstream(['ledger.test'], (incoming, response) => {
        const hash = createHash('sha256')
        incoming.on('data', (part: Buffer) => {
          hash.update(part)
          response.write(part)
        })
        response.writeHead(200)
        incoming.on('end', () => response.end())
        incoming.on('close', () => (received = hash.digest('hex')))
      })
      let received = ''
      const own = await startEgress({ upstream: receiver })
      const back = createHash('sha256')
      await new Promise<void>((resolve, reject) => {
        const url = new URL(`${own.reverse}/echo`)
        const outgoing = request(
          url,
          {
            method: 'POST',
            headers: {
              Authorization: `Bearer ${own.phantom}`,
              ...(chunked ? {} : { 'Content-Length': 64 * big.length }),
            },
          },
          (response) => {
            response.on('data', (part: Buffer) => back.update(part))
            response.on('end', resolve)
            response.on('error', reject)
          },
        )
        outgoing.on('error', reject)
        for (let i = 0; i < 64; i++) {
          sum.update(big)
          outgoing.write(big)
        }
        outgoing.end()
      })
      const expected = sum.digest('hex')
      await until(
        () => received !== '',
        5_000,
        () => 'the upstream saw no end',
      )
      expect([received, back.digest('hex')]).toEqual([expected, expected])
      await own.stop()
    },
    60_000,
  )
})

it('a client that reads slowly costs no memory', async () => {
  const resident = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${fixture.running.ready.pid}/status`, 'utf8'))?.[1]) / 1024
  const before = resident()
  const sockets = Array.from({ length: 4 }, () => {
    const socket = connect(door(), '127.0.0.1', () => socket.write(line('GET', '/endless')))
    socket.on('readable', () => {})
    return socket
  })
  const deadline = Date.now() + 2_000
  let most = before
  await until(
    () => {
      most = Math.max(most, resident())
      return Date.now() > deadline
    },
    5_000,
    () => '',
  )
  for (const socket of sockets) socket.destroy()
  expect(most - before).toBeLessThan(16)
})

describe('protocols', () => {
  it('are switched where both sides want it', async () => {
    const answer = await exchange(
      door(),
      `${line('GET', '/switch', 'Connection: Upgrade\r\nUpgrade: websocket\r\n')}early`,
      { until: 'EARLY' },
    )
    expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
    expect(bodyOf(answer)).toBe('\x81\x08welcome \x81\x05EARLY')
  })

  it('are not switched to one that carries requests of its own', async () => {
    const answer = await exchange(
      door(),
      line(
        'GET',
        '/head-back',
        `${closing}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n`,
      ),
    )
    expect(bodyOf(answer)).not.toMatch(/upgrade|h2c|http2-settings/i)
  })

  it('are not switched unasked', async () => {
    expect(codeOf(await get('/switch-unasked'))).toBe('UPSTREAM_MALFORMED')
  })

  it('Expect: 100-continue is answered by the upstream', async () => {
    const answer = await exchange(
      door(),
      `${line('POST', '/x', 'Content-Length: 4\r\nExpect: 100-continue\r\n')}body`,
      { until: 'continued' },
    )
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
  })
})

describe('an upstream that breaks the rules', () => {
  it.each([
    ['two lengths', '/two-lengths', 'UPSTREAM_MALFORMED'],
    ['bare LF', '/bare-lf', 'UPSTREAM_MALFORMED'],
    ['a status of zero', '/status-zero', 'UPSTREAM_MALFORMED'],
    ['another protocol', '/garbage', 'UPSTREAM_MALFORMED'],
    ['a first chunk without a size', '/bad-first-chunk', 'UPSTREAM_MALFORMED'],
    ['no answer', '/silence', 'UPSTREAM_INTERRUPTED'],
  ])('%s is a problem of its own, told from the upstream’s answers', async (_name, path, code) => {
    const answer = await get(path)
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/)
    expect(answer).toContain(`Sallyport-Problem: ${code}`)
    expect(codeOf(answer)).toBe(code)
  })

  it.each([
    ['half an answer', '/half', 'Content-Length: 100'],
    // Later than what is held back is let go.
    ['a broken chunk', '/bad-chunk', 'good'],
  ])('%s cannot be taken for a whole one', async (_name, path, part) => {
    const answer = await get(path)
    expect(answer).toContain(part)
    expect(answer).not.toMatch(/0\r\n\r\n$/)
    const isLogged = () => {
      const last = fixture.audit().at(-1)
      return last?.event === 'outcome' && last.status === 200 && String(last.code).startsWith('UPSTREAM_')
    }
    await until(isLogged, 2_000, () => JSON.stringify(fixture.audit().at(-1)))
  })
})

describe('an upstream that is not who it says', () => {
  it.each([
    ['has another name', { dns: ['other.test'] }],
    ['has the name as common name alone', { dns: [], subject: 'ledger.test' }],
    ['has a wildcard that spans labels', { dns: ['*.test.test'] }],
  ])('%s gets no key', async (_name, options) => {
    const impostor = await startScripted(script, options)
    const own = await startEgress({ upstream: impostor })
    const answer = await exchange(
      portOf(own.forward),
      `GET /ledger/ok HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${own.phantom}\r\nConnection: close\r\n\r\n`,
    )
    expect(codeOf(answer)).toBe('UPSTREAM_CERTIFICATE_REFUSED')
    expect(impostor.seen).toEqual([])
    await own.stop()
  })

  it('has a certificate of another authority: gets no key', async () => {
    const impostor = await startScripted(script)
    const own = await startEgress({ upstream: { ...impostor, caPem: upstream.caPem } })
    const answer = await exchange(
      portOf(own.forward),
      `GET /ledger/ok HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${own.phantom}\r\nConnection: close\r\n\r\n`,
    )
    expect(codeOf(answer)).toBe('UPSTREAM_CERTIFICATE_REFUSED')
    expect(impostor.seen).toEqual([])
    await own.stop()
  })
})

it('interim answers without end come to one', async () => {
  expect(codeOf(await get('/hints-without-end'))).toBe('UPSTREAM_MALFORMED')
})

it('a client that asks without reading costs no memory', async () => {
  const { pid } = fixture.running.ready
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  const before = resident()
  const refused = 'GET /none HTTP/1.1\r\nHost: d\r\n\r\n'.repeat(20_000)
  const socket = connect(door(), '127.0.0.1')
  socket.pause()
  let isFull = false
  for (let round = 0; round < 20 && !isFull; round++) isFull = !socket.write(refused)
  for (let round = 0; round < 20; round++) socket.write(refused)
  const deadline = Date.now() + 2_000
  let most = before
  await until(
    () => {
      most = Math.max(most, resident())
      return Date.now() > deadline
    },
    5_000,
    () => '',
  )
  socket.destroy()
  expect(most - before).toBeLessThan(32)
})

it('an upstream that is gone is a problem that says a retry can help', async () => {
  const gone = await startScripted(script)
  const own = await startEgress({ upstream: gone })
  // On one client connection: what is known of its last exchange must not be taken for this one's.
  let answer = ''
  const socket = connect({ port: portOf(own.forward), host: '127.0.0.1', allowHalfOpen: true })
  socket.on('data', (bytes: Buffer) => {
    answer += bytes.toString('latin1')
  })
  const ask = (fields: string) =>
    socket.write(`GET /ledger/ok HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${own.phantom}\r\n${fields}\r\n`)
  ask('')
  await until(
    () => /^HTTP\/1\.1 200[\s\S]*ok$/.test(answer),
    5_000,
    () => answer,
  )
  answer = ''
  await gone.close()
  ask('Connection: close\r\n')
  await until(
    () => socket.readableEnded,
    5_000,
    () => answer,
  )
  expect(codeOf(answer)).toBe('UPSTREAM_UNREACHABLE')
  expect(answer).toContain('"retry":true')
  await own.running.stop()
})

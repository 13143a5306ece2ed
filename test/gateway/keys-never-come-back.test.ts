import { connect } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slackWebhookUrl } from '../../src/keys/kinds/slack-webhook-url.ts'
import { randomText } from '../../src/keys/random.ts'
import { spellings } from '../../src/secret/spellings.ts'
import { checkoutWithout } from '../support/checkout-without.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'
import { until } from '../support/sallyport.ts'
import { type Script, type ScriptedUpstream, startScripted } from '../support/scripted-upstream.ts'

/** What the upstream is asked for in the target's last segment. */
interface Asked {
  readonly where: 'event' | 'body' | 'field' | 'reason' | 'trailer' | 'extension' | 'hint' | 'message' | 'ping'
  readonly spelling: string
  readonly framing: 'length' | 'chunked' | 'close'
  readonly coding: string
  /** Bytes that go out at once; 0: all. */
  readonly piece: number
  readonly type: string
  /** Milliseconds between the two halves of the key; 0: no pause. */
  readonly pause: number
}

const plain: Asked = {
  where: 'body',
  spelling: 'raw',
  framing: 'length',
  coding: '',
  piece: 0,
  type: 'text/plain',
  pause: 0,
}

const encode: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  '': (bytes) => bytes,
  gzip: gzipSync,
  'x-gzip': gzipSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
  deflate: deflateSync,
  'deflate, gzip': (bytes) => gzipSync(deflateSync(bytes)),
  'raw deflate': deflateRawSync,
}

const filler = (length: number) => Buffer.from('The quick brown fox. '.repeat(Math.ceil(length / 21)).slice(0, length))
const frame = (opcode: number, bytes: Buffer, final = true) => {
  const long = bytes.length > 125
  const head = Buffer.from(
    long
      ? [(final ? 0x80 : 0) | opcode, 126, bytes.length >> 8, bytes.length & 255]
      : [(final ? 0x80 : 0) | opcode, bytes.length],
  )
  return Buffer.concat([head, bytes])
}

const script: Script = (socket, target, head) => {
  const key = /^authorization: bearer (\S+)/im.exec(head)?.[1] ?? ''
  const asked: Asked = { ...plain, ...JSON.parse(Buffer.from(target.slice(1), 'base64url').toString()) }
  const echo =
    asked.spelling === 'no key'
      ? Buffer.alloc(key.length, 'Z')
      : (spellings(Buffer.from(key)).find(({ name }) => name === asked.spelling)?.bytes ?? Buffer.alloc(0))
  const send = async (bytes: Buffer) => {
    if (asked.piece === 0) socket.write(bytes)
    else
      for (let at = 0; at < bytes.length; at += asked.piece) {
        await new Promise((taken) => socket.write(bytes.subarray(at, at + asked.piece), taken))
        await new Promise(setImmediate)
      }
  }
  const respond = async () => {
    const text = echo.toString('latin1')
    if (asked.where === 'message' || asked.where === 'ping') {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      const middle = echo.length >> 1
      await send(
        asked.where === 'ping'
          ? Buffer.concat([frame(9, echo), frame(1, Buffer.from('end'))])
          : Buffer.concat([
              frame(1, Buffer.concat([Buffer.from('one '), echo, Buffer.from(' two')])),
              frame(2, Buffer.concat([filler(300), echo.subarray(0, middle)]), false),
              frame(9, Buffer.from('ping')),
              frame(0, echo.subarray(middle), false),
              frame(0, Buffer.from('end')),
            ]),
      )
      socket.end()
      return
    }
    if (asked.where === 'event') {
      await send(
        Buffer.from(
          `HTTP/1.1 200 OK\r\nContent-Type: ${asked.type}\r\nTransfer-Encoding: chunked\r\n\r\n${asked.spelling.length.toString(16)}\r\n${asked.spelling}\r\n`,
        ),
      )
      return
    }
    if (asked.where === 'hint') await send(Buffer.from(`HTTP/1.1 103 Early Hints\r\nLink: <${text}>\r\n\r\n`))
    const content =
      asked.where === 'body' ? Buffer.concat([filler(1_000), echo, filler(3_000), echo, echo, filler(70)]) : filler(20)
    const encoded = (encode[asked.coding] as (bytes: Buffer) => Buffer)(content)
    const coding = asked.coding.replace('raw ', '')
    const fields = [
      `HTTP/1.1 200 ${asked.where === 'reason' ? text : 'OK'}`,
      `Content-Type: ${asked.type}`,
      ...(coding === '' ? [] : [`Content-Encoding: ${coding}`]),
      ...(asked.where === 'field'
        ? [`X-Echo: before ${text} behind`, `Link: <https://a.test/?k=${text}>; rel=next`]
        : []),
    ]
    if (asked.framing === 'length') fields.push(`Content-Length: ${encoded.length}`)
    if (asked.framing === 'chunked') fields.push('Transfer-Encoding: chunked')
    let body = encoded
    if (asked.framing === 'chunked') {
      const pieces: Buffer[] = []
      const size = asked.piece || 700
      for (let at = 0; at < encoded.length; at += size) {
        const piece = encoded.subarray(at, at + size)
        const extension = asked.where === 'extension' ? `;note="${text}"` : ''
        pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'))
      }
      pieces.push(Buffer.from(`0\r\n${asked.where === 'trailer' ? `X-Sum: ${text}\r\n` : ''}\r\n`))
      body = Buffer.concat(pieces)
    }
    if (asked.pause > 0) {
      const at = body.indexOf(echo) + (echo.length >> 1)
      await send(Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n\r\n`), body.subarray(0, at)]))
      await new Promise((resolve) => setTimeout(resolve, asked.pause))
      await send(body.subarray(at))
    } else await send(Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n\r\n`), body]))
    if (asked.framing === 'close') socket.end()
  }
  respond().catch(() => socket.destroy())
}

let upstream: ScriptedUpstream
let fixture: EgressFixture
beforeAll(async () => {
  upstream = await startScripted(script)
  fixture = await startEgress({ upstream })
})
afterAll(() => fixture.stop())

/** Again where the machine was so busy that a pause came of it, which cuts an answer that holds a key. */
async function ask(asked: Partial<Asked>, fields = ''): Promise<string> {
  for (let tries = 0; ; tries++) {
    const answer = await askOnce(asked, fields)
    if (tries === 5 || asked.pause !== undefined || !contentOf(answer).endsWith('[cut]')) return answer
  }
}
const askOnce = (asked: Partial<Asked>, fields = '') =>
  exchange(
    portOf(fixture.forward),
    `GET /ledger/${Buffer.from(JSON.stringify(asked)).toString('base64url')} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n${fields}\r\n`,
    { limitMs: 15_000 },
  )
const split = (answer: string) => {
  const end = answer.indexOf('\r\n\r\n')
  return [answer.slice(0, end), answer.slice(end + 4)] as const
}
const contentOf = (answer: string) => {
  const [head, body] = split(answer)
  if (!/^transfer-encoding: chunked/im.test(head)) return body
  let content = ''
  for (let rest = body; rest !== ''; ) {
    const line = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, line), 16)
    if (size === 0) return content
    // The reset that a cut is.
    if (Number.isNaN(size)) break
    content += rest.slice(line + 2, line + 2 + size)
    rest = rest.slice(line + 4 + size)
  }
  return `${content} [cut]`
}
/** Every spelling of the key that is in what came. */
const leaks = (answer: string) => {
  const bytes = Buffer.from(answer, 'latin1')
  return spellings(Buffer.from(fixture.secret))
    .filter((spelling) => bytes.includes(spelling.bytes))
    .map(({ name }) => name)
}
const names = spellings(Buffer.alloc(60, 0x61)).map(({ name }) => name)

describe.each(names)('spelled as %s', (spelling) => {
  it.each([
    ['with a length', { framing: 'length' }],
    ['in chunks', { framing: 'chunked' }],
    ['in chunks of three bytes', { framing: 'chunked', piece: 3 }],
    ['until the end of the connection', { framing: 'close', piece: 50 }],
    ['until the end of the connection, all at once', { framing: 'close' }],
    ['compressed', { framing: 'chunked', coding: 'gzip', piece: 7 }],
  ] as const)('a key does not come back %s', async (_name, how) => {
    const answer = await ask({ spelling, ...how })
    expect(leaks(answer)).toEqual([])
    const echoLength = spellings(Buffer.from(fixture.secret)).find(({ name }) => name === spelling)?.bytes.length ?? 0
    expect(`${split(answer)[0]}\r\n`).toContain('\r\nContent-Type: text/plain\r\n')
    expect(
      split(answer)[0]
        .split('\r\n')
        .slice(1)
        .filter((line) => !/^[A-Za-z-]+: [ -~]+$/.test(line)),
    ).toEqual([])
    const content = contentOf(answer)
    expect(content).toHaveLength(4_070 + 3 * echoLength)
    expect(content.slice(0, 1_000)).toBe(filler(1_000).toString())
    expect(content.slice(1_000 + echoLength, 4_000 + echoLength)).toBe(filler(3_000).toString())
    expect(content.slice(-70)).toBe(filler(70).toString())
  })

  it.each(['field', 'reason', 'hint', 'trailer', 'extension'] as const)(
    'a key does not come back in a %s',
    async (where) => {
      if (spelling.startsWith('UTF-16')) return
      const answer = await ask({ spelling, where, framing: 'chunked' })
      expect(leaks(answer)).toEqual([])
      expect(answer).toMatch(/^HTTP\/1\.1 (?:200|103) /)
      expect(contentOf(answer.slice(answer.indexOf('HTTP/1.1 200')))).toBe(filler(20).toString())
    },
  )
})

describe('a content coding', () => {
  it.each(Object.keys(encode).filter((coding) => coding !== ''))(
    '%s is decoded, and the answer is whole',
    async (coding) => {
      for (const framing of ['length', 'chunked', 'close'] as const) {
        for (const piece of [0, 11]) {
          const answer = await ask({ coding, framing, piece })
          expect(leaks(answer)).toEqual([])
          expect(split(answer)[0]).not.toMatch(/content-encoding/i)
          expect(contentOf(answer)).toHaveLength(4_070 + 3 * fixture.secret.length)
        }
      }
    },
  )

  it.each(['compress', 'gzip, gzip, gzip', 'zstd-dictionary', 'identity, dcb'])('%s is refused', async (coding) => {
    const answer = await ask({ coding: '', type: `text/plain\r\nContent-Encoding: ${coding}` })
    expect(answer).toMatch(/^HTTP\/1\.1 502 /)
    expect(answer).toContain('UPSTREAM_ENCODING_REFUSED')
  })

  it('that is damaged ends in a problem, or in a cut', async () => {
    expect(await ask({ type: 'text/plain\r\nContent-Encoding: gzip' })).toContain('UPSTREAM_MALFORMED')
    const late = await ask({ type: 'text/plain\r\nContent-Encoding: gzip', piece: 9, framing: 'chunked' })
    expect(contentOf(late)).toMatch(/\[cut\]$|UPSTREAM_MALFORMED/)
  })

  it('to HTTP/1.0 is decoded to the end of the connection', async () => {
    const answer = await exchange(
      portOf(fixture.forward),
      `GET /ledger/${Buffer.from(JSON.stringify({ coding: 'gzip', framing: 'chunked', piece: 13 })).toString('base64url')} HTTP/1.0\r\nAuthorization: Bearer ${fixture.phantom}\r\n\r\n`,
    )
    expect(split(answer)[0]).not.toMatch(/transfer-encoding|content-encoding|content-length/i)
    expect(split(answer)[1]).toHaveLength(4_070 + 3 * fixture.secret.length)
    expect(leaks(answer)).toEqual([])
  })
})

it('a key that came back is told of in the audit log', async () => {
  const all = [
    { type: 'text/told' },
    { where: 'field', type: 'text/told' },
    { spelling: 'no key', type: 'text/told' },
  ] as const
  for (const asked of all) await ask(asked)
  const outcomes = () => {
    const lines = fixture.audit()
    return all.map((asked) => {
      const path = `/${Buffer.from(JSON.stringify(asked)).toString('base64url')}`
      const id = lines.find((line) => line.path === path)?.id
      return lines.find((line) => line.id === id && line.event === 'outcome')
    })
  }
  await until(
    () => outcomes().every(Boolean),
    2_000,
    () => JSON.stringify(outcomes()),
  )
  expect(outcomes().map((outcome) => outcome?.echoed)).toEqual([true, true, undefined])
})

describe('what is held back', () => {
  const firstOf = (asked: Partial<Asked>) =>
    new Promise<Buffer>((resolve) => {
      const socket = connect(portOf(fixture.forward), '127.0.0.1', () =>
        socket.write(
          `GET /ledger/${Buffer.from(JSON.stringify(asked)).toString('base64url')} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\n\r\n`,
        ),
      )
      socket.once('data', (bytes: Buffer) => {
        socket.destroy()
        resolve(bytes)
      })
    })

  it('is as long for half a key as for anything else: what is let go tells nothing of it', async () => {
    // The least of several: a busy machine reads more at once.
    const lengths = []
    for (const spelling of ['raw', 'no key']) {
      const first = []
      for (let i = 0; i < 8; i++) first.push((await firstOf({ framing: 'chunked', pause: 15, spelling })).length)
      lengths.push(Math.min(...first))
    }
    expect(lengths[0]).toBe(lengths[1])
    expect(lengths[0]).toBeLessThan(1_000)
  })

  it('outlasts the wait of a server that writes in two pieces for an acknowledgement', async () => {
    let whole = 0
    for (let i = 0; i < 10; i++) {
      const answer = await ask({ framing: 'length', pause: 1 })
      if (split(answer)[1].length === 4_070 + 3 * fixture.secret.length) whole++
    }
    // Not all: a machine may be so busy that a pause comes of it.
    expect(whole).toBeGreaterThan(5)
  })

  it('is let go after a pause, and a key that is complete after that cuts the answer', async () => {
    const answer = await ask({ framing: 'chunked', pause: 200 })
    expect(leaks(answer)).toEqual([])
    expect(contentOf(answer)).toMatch(/\[cut\]$/)
    const isLogged = () => fixture.audit().some(({ code }) => code === 'KEY_IN_ANSWER')
    await until(isLogged, 2_000, () => JSON.stringify(fixture.audit().at(-1)))
  })

  it.each([
    ['an event', 'data: one\n\n', 'text/event-stream'],
    ['an event whose lines end with CR', 'data: one\r\r', 'text/event-stream'],
    ['a line', '{"data":"one"}\n', 'application/x-ndjson'],
  ])('of %s is let go when it ends, before any pause', async (_name, text, type) => {
    const whole = (await firstOf({ where: 'event', spelling: text, type })).toString('latin1')
    expect(whole).toContain(text)
    const part = (await firstOf({ where: 'event', spelling: text.trimEnd(), type })).toString('latin1')
    expect(part).not.toContain('one')
  })
})

describe('a WebSocket', () => {
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n'
  it.each(names)('message does not bring a key back spelled as %s', async (spelling) => {
    for (const piece of [0, 200, 13]) {
      const answer = await exchange(
        portOf(fixture.forward),
        `GET /ledger/${Buffer.from(JSON.stringify({ where: 'message', spelling, piece })).toString('base64url')} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\n${upgrade}\r\n`,
        { limitMs: 15_000 },
      )
      expect(answer).toMatch(/^HTTP\/1\.1 101 /)
      expect(leaks(answer)).toEqual([])
      const { texts, controls } = readMessages(Buffer.from(split(answer)[1], 'latin1'))
      expect(controls).toEqual(['ping'])
      expect(texts[0]).toMatch(/^one .* two$/s)
      expect(texts[1]?.startsWith(filler(300).toString())).toBe(true)
      expect(leaks(texts.join(''))).toEqual([])
      expect(texts[1]).toMatch(/end$/)
    }
  })

  it('control frame does not either', async () => {
    const answer = await exchange(
      portOf(fixture.forward),
      `GET /ledger/${Buffer.from(JSON.stringify({ where: 'ping' })).toString('base64url')} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\n${upgrade}\r\n`,
    )
    expect(leaks(answer)).toEqual([])
    expect(readMessages(Buffer.from(split(answer)[1], 'latin1')).texts).toEqual(['end'])
  })
})

it('of a key that is a URL, the part that is secret does not come back alone', async () => {
  const hook = await startScripted((socket, target) => {
    const last = target.split('/').at(-1) ?? ''
    socket.write(`HTTP/1.1 404 Not Found\r\nContent-Length: ${target.length + last.length}\r\n\r\n${target}${last}`)
  })
  const secret = slackWebhookUrl.example(randomText())
  const other = await startEgress({ upstream: hook, secret, kind: (hosts) => `slack-webhook-url\n    hosts: ${hosts}` })
  const path = new URL(other.phantom).pathname
  const answer = await exchange(
    portOf(other.forward),
    `POST /ledger${path} HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
  )
  expect(hook.seen[0]?.target === new URL(secret).pathname).toBe(true)
  expect(split(answer)[1].length).toBe(path.length + secret.length - secret.lastIndexOf('/') - 1)
  expect(answer.includes(secret.slice(secret.lastIndexOf('/') + 1))).toBe(false)
  await other.stop()
})

describe('without the defence', () => {
  it.each([
    [
      'the search of the head',
      { where: 'field' },
      {
        file: 'src/relay/answer.ts',
        line: 'matcher.scrub(input, at, at, answer.head.end) >= 0',
        instead: 'matcher.longest < 0',
      },
    ],
    [
      'the search of the content',
      { framing: 'chunked' },
      {
        file: 'src/relay/scrubbed.ts',
        line: 'const hit = matcher.scrub(bytes, from, start, end, !isEnd)',
        instead: 'const hit = -1',
      },
    ],
    [
      'the search of the trailers',
      { where: 'trailer', framing: 'chunked' },
      { file: 'src/relay/answer.ts', line: 'scrubbed.matcher.scrub(trailers, 0, 0, trailers.length)', instead: '-1' },
    ],
    [
      'the search of what was decoded at once',
      { coding: 'gzip' },
      { file: 'src/relay/answer.ts', line: 'matcher.scrub(whole, 0, 0, whole.length)', instead: '-1' },
    ],
    [
      'what is held back',
      { framing: 'chunked', piece: 5 },
      { file: 'src/relay/scrubbed.ts', line: 'Math.max(sent, end - holdsBack)', instead: 'end' },
    ],
    [
      'the search of control frames',
      { where: 'ping' },
      {
        file: 'src/relay/websocket.ts',
        line: 'scrubbed.matcher.scrub(frame, frameHeadBytesMax, frameHeadBytesMax, frame.length)',
        instead: '-1',
      },
    ],
  ] as const)('%s, the key comes back', async (_name, asked, removal) => {
    const upstream = await startScripted(script)
    const without = await startEgress({ upstream, root: checkoutWithout(removal) })
    const fields = 'where' in asked && asked.where === 'ping' ? 'Connection: Upgrade\r\nUpgrade: websocket\r\n' : ''
    const answer = await exchange(
      portOf(without.forward),
      `GET /ledger/${Buffer.from(JSON.stringify(asked)).toString('base64url')} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${without.phantom}\r\n${fields || 'Connection: close\r\n'}\r\n`,
      { limitMs: 15_000 },
    )
    expect(
      answer.includes(without.secret) ||
        contentOf(answer).includes(without.secret) ||
        /KEY_IN_ANSWER|\[cut\]$/.test(contentOf(answer)),
    ).toBe(true)
    await without.stop()
  })
})

/** RFC 6455 §5.2, frames of a server. */
function readMessages(bytes: Buffer): { texts: string[]; controls: string[] } {
  const texts: string[] = []
  const controls: string[] = []
  let message = ''
  for (let at = 0; at < bytes.length; ) {
    const short = (bytes[at + 1] as number) & 0x7f
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short
    const start = at + (short === 126 ? 4 : 2)
    const payload = bytes.toString('latin1', start, start + length)
    const opcode = (bytes[at] as number) & 15
    if (opcode >= 8) controls.push(payload)
    else {
      message += payload
      if ((bytes[at] as number) & 0x80) {
        texts.push(message)
        message = ''
      }
    }
    at = start + length
  }
  return { texts, controls }
}

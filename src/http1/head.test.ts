import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { createHead, fieldName, fieldValue, parseRequestHead, parseResponseHead, targetText } from './head.ts'

const parseRequest = (text: string) => {
  const head = createHead()
  const bytes = Buffer.from(text, 'latin1')
  return { head, parsed: parseRequestHead(head, bytes, 0, bytes.length) }
}
const parseResponse = (text: string, method = 'GET') => {
  const head = createHead()
  const bytes = Buffer.from(text, 'latin1')
  return { head, parsed: parseResponseHead(head, bytes, 0, bytes.length, method) }
}

describe('a request head', () => {
  it('is read into places', () => {
    const { head, parsed } = parseRequest(
      'POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length:  5\r\nX-Empty:\r\n\r\nhello',
    )
    expect(parsed).toBe('head')
    expect(head).toMatchObject({ method: 'POST', framing: 'length', length: 5, keepAlive: true, fieldCount: 3 })
    expect(targetText(head)).toBe('/a?b=c')
    expect([fieldName(head, 1), fieldValue(head, 1), fieldValue(head, 2)]).toEqual(['content-length', '5', ''])
    expect(head.bytes.toString('latin1', head.end)).toBe('hello')
  })

  it.each([
    ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', { framing: 'none', keepAlive: true }],
    ['\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n', { framing: 'none', method: 'GET' }],
    ['GET / HTTP/1.0\r\n\r\n', { keepAlive: false }],
    ['GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n', { keepAlive: true }],
    ['GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n', { keepAlive: false }],
    ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n', { framing: 'chunked' }],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n', { framing: 'none' }],
    ['GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', { upgrade: true }],
    ['GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n', { upgrade: false }],
    [
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n\r\n',
      { upgrade: false },
    ],
    ['GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', { upgrade: false }],
    ['POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', { upgrade: false }],
    [
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\n',
      { upgrade: false },
    ],
    ['CONNECT h:443 HTTP/1.1\r\n\r\n', { method: 'CONNECT' }],
    [`${'QUERY /\xff HTTP/1.1'.replace('\xff', '%ff')}\r\nHost: x\r\nX: \xff\t\r\n\r\n`, { method: 'QUERY' }],
  ])('%j is taken', (text, expected) => {
    const { head, parsed } = parseRequest(text)
    expect([parsed, head.problem]).toEqual(['head', ''])
    expect(head).toMatchObject(expected)
  })

  it.each([
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n'],
    ['a list of lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 8\r\n\r\n'],
    ['a signed length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n'],
    ['a hexadecimal length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x2\r\n\r\n'],
    ['an empty length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n'],
    ['a length past what is exact', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999\r\n\r\n'],
    ['length and encoding', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['an unknown encoding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['an encoding with a tab inside', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chun\tked\r\n\r\n'],
    ['two encodings', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['an encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    [
      'a length that Connection takes away',
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: Content-Length\r\nContent-Length: 2\r\n\r\n',
    ],
    [
      'an encoding that Connection takes away',
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close, transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    ['a host that Connection takes away', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: a,,HOST \r\n\r\n'],
    ['a length with a space behind it', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2 \r\n\r\n'],
    ['an encoding with a tab behind it', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\t\r\n\r\n'],
    ['an encoding with a tab before it', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \tchunked\r\n\r\n'],
    ['a host with a tab behind it', 'GET / HTTP/1.1\r\nHost: x\t\r\n\r\n'],
    ['HEAD in lower case', 'head / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['CONNECT in two cases', 'Connect x:1 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['white space before the colon', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['a folded line', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n'],
    ['a bare LF', 'GET / HTTP/1.1\nHost: x\n\n'],
    ['a bare LF in a field', 'GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n'],
    ['a bare CR in a field', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n'],
    ['a NUL in a field', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a backslash in the target', 'GET /a\\b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a raw byte in the target', 'GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a fragment in the target', 'GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['two spaces', 'GET  / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['version 2', 'GET / HTTP/2.0\r\nHost: x\r\n\r\n'],
    ['version 1.2', 'GET / HTTP/1.2\r\nHost: x\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n\r\n'],
    ['a TLS hello', '\x16\x03\x01\x02\x00'],
    ['a field without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
  ])('%s is refused, and the problem quotes no value', (_name, text) => {
    const { head, parsed } = parseRequest(text)
    expect(parsed).toBe('malformed')
    expect(head.problem).not.toBe('')
  })

  it('that is larger than the limit is refused, complete or not', () => {
    const large = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(limits.headBytesMax)}`
    expect(parseRequest(large).parsed).toBe('too large')
    expect(parseRequest(`${large}\r\n\r\n`).parsed).toBe('too large')
    const many = 'X: y\r\n'.repeat(limits.fieldsMax + 1)
    expect(parseRequest(`GET / HTTP/1.1\r\nHost: x\r\n${many}\r\n`).parsed).toBe('malformed')
  })

  it('may have as many fields as the limit says, each in its place', () => {
    const names = Array.from({ length: limits.fieldsMax - 1 }, (_unused, index) => `X-${index}`)
    const fields = names.map((name, index) => `${name}: ${index}\r\n`).join('')
    const { head, parsed } = parseRequest(`GET / HTTP/1.1\r\nHost: x\r\n${fields}\r\n`)
    expect([parsed, head.fieldCount, head.marks.length]).toEqual(['head', limits.fieldsMax, limits.fieldsMax])
    expect(names.every((_name, index) => fieldValue(head, index + 1) === String(index))).toBe(true)
  })

  it('asks for more at every cut, and reads the same afterwards', () => {
    const text = 'PUT /x HTTP/1.1\r\nHost: a.test\r\nX-One: 1\r\nContent-Length: 3\r\n\r\n'
    for (let cut = 1; cut < text.length; cut++) expect(parseRequest(text.slice(0, cut)).parsed).toBe('more')
  })

  it('never throws and never reads past its end, whatever the bytes', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'GET ',
        '/',
        ' HTTP/1.1',
        '\r\n',
        '\r',
        '\n',
        'Host: x',
        ': ',
        'Content-Length: 3',
        'Transfer-Encoding: chunked',
        '\0',
        ' ',
      ),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { head, parsed } = parseRequest(pieces.join(''))
        if (parsed !== 'head') return
        expect(head.end).toBeLessThanOrEqual(head.bytes.length)
        expect(head.bytes.toString('latin1', head.end - 4, head.end)).toBe('\r\n\r\n')
        for (let i = 0; i < head.fieldCount; i++) expect(fieldValue(head, i)).not.toMatch(/[\r\n\0]/)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a response head', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', 'GET', { status: 200, framing: 'length', keepAlive: true }],
    ['HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n', 'GET', { framing: 'length' }],
    ['HTTP/1.1 200 \r\n\r\n', 'GET', { framing: 'close', keepAlive: false }],
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', 'HEAD', { framing: 'none' }],
    ['HTTP/1.1 204 No\r\n\r\n', 'GET', { framing: 'none', keepAlive: true }],
    ['HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n', 'GET', { framing: 'none', keepAlive: true }],
    ['HTTP/1.1 304 Not\r\nContent-Length: 99\r\n\r\n', 'GET', { framing: 'none' }],
    ['HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n', 'GET', { keepAlive: false }],
    ['HTTP/1.1 100 Continue\r\n\r\n', 'POST', { status: 100, framing: 'none' }],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'GET', { framing: 'chunked' }],
  ])('%j to %s is taken', (text, method, expected) => {
    const { head, parsed } = parseResponse(text, method)
    expect([parsed, head.problem]).toEqual(['head', ''])
    expect(head).toMatchObject(expected)
  })

  it.each([
    'HTTP/1.1 000 Nothing\r\n\r\n',
    'HTTP/1.1 600 Much\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 200OK\r\n\r\n',
    'HTTP/1.1 2x0 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 200 OK\r\nConnection: Content-Length\r\nContent-Length: 2\r\n\r\n',
    'ICY 200 OK\r\n\r\n',
    'HTTP/1.1 200 O\rK\r\n\r\n',
  ])('%j is refused', (text) => {
    expect(parseResponse(text).parsed).toBe('malformed')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advanceBody, beginBody, createBody, withoutTrailers } from './body.ts'
import { fieldNames } from './field-names.ts'

/** Feeds `text` in pieces of the given sizes; returns what was taken and the content. */
function feed(text: string, cuts: readonly number[] = []) {
  const body = createBody()
  beginBody(body, 'chunked', 0)
  const bytes = Buffer.from(text, 'latin1')
  let content = ''
  let at = 0
  for (const cut of [...cuts, bytes.length]) {
    const end = Math.min(bytes.length, at + Math.max(cut, 1))
    while (at < end && !body.done && body.problem === '') {
      const next = advanceBody(body, bytes, at, end, (start, stop) => {
        content += bytes.toString('latin1', start, stop)
      })
      if (next === at && body.problem === '') break
      at = next
    }
  }
  while (at < bytes.length && !body.done && body.problem === '')
    at = advanceBody(body, bytes, at, bytes.length, (start, stop) => (content += bytes.toString('latin1', start, stop)))
  return { body, content, at }
}

const chunked = (parts: readonly string[], trailer = '') =>
  `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n${trailer}\r\n`

describe('a chunked body', () => {
  it('gives the same content at any cut, and ends where it ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' }), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        (parts, cuts) => {
          const text = chunked(parts)
          const { body, content, at } = feed(`${text}GET /next`, cuts)
          expect(body).toMatchObject({ done: true, problem: '' })
          expect(content).toBe(parts.join(''))
          expect(at).toBe(text.length)
        },
      ),
    )
  })

  it.each([
    ['an extension', '3;a=b\r\nabc\r\n0\r\n\r\n', 'abc'],
    ['extensions', '3;a;b=c;d="e;\\"\\\\ f\xff";g\r\nabc\r\n0;h\r\n\r\n', 'abc'],
    ['a trailer', chunked(['x'], 'X-Checksum: 1\r\n'), 'x'],
    ['upper case digits', `A\r\n${'x'.repeat(10)}\r\n0\r\n\r\n`, 'x'.repeat(10)],
    ['leading zeros', '0003\r\nabc\r\n000\r\n\r\n', 'abc'],
  ])('with %s is taken', (_name, text, expected) => {
    const { body, content } = feed(text)
    expect([body.problem, body.done, content]).toEqual(['', true, expected])
  })

  it.each([
    ['no size', '\r\nabc'],
    ['a sign', '+3\r\nabc'],
    ['0x', '0x3\r\nabc'],
    ['a space before the end of the line', '3 \r\nabc'],
    ['a bare LF', '3\nabc'],
    ['a CR in an extension', '3;a\rb\r\nabc'],
    ['an extension without a name', '3;\r\nabc'],
    ['an extension without a name before a value', '3;=b\r\nabc'],
    ['an extension without a value behind its sign', '3;a=\r\nabc'],
    ['white space in an extension', '3;a b\r\nabc'],
    ['a quoted string without its end', '3;a="b\r\nabc'],
    ['a quoted string that is escaped past its end', '3;a="b\\"\r\nabc'],
    ['something behind a quoted string', '3;a="b"c\r\nabc'],
    ['a NUL in a quoted string', '3;a="\0"\r\nabc'],
    ['a size of many digits', '00000000000003\r\nabc'],
    ['a chunk longer than its size', '3\r\nabcd\r\n0\r\n\r\n'],
    ['a bare LF after a chunk', '3\r\nabc\n0\r\n\r\n'],
    ['a trailer that frames', chunked(['x'], 'Content-Length: 4\r\n')],
    ['a trailer that frames when folded', chunked(['x'], 'Content_Length: 4\r\n')],
    ['a trailer that authenticates', chunked(['x'], 'Authorization: x\r\n')],
    ['a trailer with white space before its colon', chunked(['x'], 'X : y\r\n')],
    ['a folded trailer', chunked(['x'], 'X: a\r\n b\r\n')],
  ])('with %s is refused', (_name, text) => {
    const { body } = feed(text)
    expect(body.problem).not.toBe('')
    expect(body.done).toBe(false)
  })

  it('loses its trailers and nothing else, at any cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), { maxLength: 3 }),
        fc.array(fc.constantFrom('X-A: 1\r\n', 'A:\r\n', 'X-B:GET / HTTP/1.1\r\n'), { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        (parts, trailers, cuts) => {
          const bytes = Buffer.from(chunked(parts, trailers.join('')), 'latin1')
          const body = createBody()
          beginBody(body, 'chunked', 0)
          let kept = ''
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const piece = bytes.subarray(at, at + (cuts[turn] ?? bytes.length))
            const end = advanceBody(body, piece, 0, piece.length)
            kept += withoutTrailers(body, piece, 0, end).toString('latin1')
            at += end
          }
          expect([body.done, kept]).toEqual([true, chunked(parts)])
        },
      ),
    )
  })

  it('never throws, whatever the bytes', () => {
    const piece = fc.oneof(
      fc.constantFrom('0', '3', 'a', ';', '\r\n', '\r', '\n', 'abc', 'X: y', '\0'),
      fc.string({ maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { at } = feed(pieces.join(''))
        expect(at).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 1_000 },
    )
  })
})

it('a body with a length ends after as many bytes and not before', () => {
  const body = createBody()
  beginBody(body, 'length', 5)
  const bytes = Buffer.from('hello world')
  expect([advanceBody(body, bytes, 0, 3), body.done]).toEqual([3, false])
  expect([advanceBody(body, bytes, 3, 11), body.done]).toEqual([5, true])
})

describe('field names', () => {
  const names = fieldNames(['x-api-key', 'client-cert*'], { fold: true })
  it.each([
    ['X-Api-Key', 0],
    ['x_api_key', 0],
    ['X_API-KEY', 0],
    ['Client-Cert', 1],
    ['CLIENT_CERT_CHAIN', 1],
    ['x-api-keys', -1],
    ['x-api-ke', -1],
    ['client-cer', -1],
    ['', -1],
  ])('%j is number %i', (name, expected) => {
    const bytes = Buffer.from(`..${name}..`)
    expect(names.find(bytes, 2, 2 + name.length)).toBe(expected)
  })
})

import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Answer, fieldOf, readAnswer } from './answer.ts'

const limits = { headBytesMax: 1_024, bodyBytesMax: 4_096 }

function read(text: string | Buffer, ended?: 'closed' | 'timeout') {
  const bytes = Buffer.from(text as string, 'latin1')
  return readAnswer({ bytes, length: bytes.length }, limits, ended)
}

function answered(text: string | Buffer, ended?: 'closed' | 'timeout'): Answer {
  const progress = read(text, ended)
  if (progress.state !== 'done') throw new Error(`not an answer: ${progress.state}`)
  return progress.answer
}

it.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokmore', undefined, 'ok', 'complete'],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x=y\r\n!\r\n0\r\n\r\n',
    undefined,
    'ok!',
    'complete',
  ],
  ['the end of the connection', 'HTTP/1.0 200 OK\r\n\r\nok', 'closed', 'ok', 'complete'],
  ['LF alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', undefined, 'ok', 'complete'],
  ['no body by status', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', undefined, '', 'complete'],
  [
    'an interim answer before it',
    'HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    undefined,
    'ok',
    'complete',
  ],
  ['fewer bytes than were promised', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok', 'closed', 'ok', 'cut'],
  ['a silence in its middle', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok', 'timeout', 'ok', 'timeout'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nok', 'closed', 'ok', 'complete'],
  ['a head that does not end', 'HTTP/1.1 403 No\r\nX: y', 'closed', '', 'cut'],
] as const)('reads an answer framed by %s', (_name, text, ended, body, end) => {
  const answer = answered(text, ended)
  expect([answer.body.toString(), answer.end]).toEqual([body, end])
})

it('asks for more until the framing is satisfied', () => {
  for (const text of ['', 'HT', 'HTTP/1.1 20', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\n\r\nok']) {
    expect(read(text).state).toBe('more')
  }
})

it('stops at its bounds', () => {
  expect(answered(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(2_000)}`).end).toBe('bounded')
  expect(read('HTTP/1.1 103 Early\r\n\r\n'.repeat(100)).state).toBe('garbage')
  const long = answered(`HTTP/1.1 200 OK\r\n\r\n${'a'.repeat(5_000)}`)
  expect([long.end, long.body.length]).toEqual(['bounded', 4_096])
})

it('looks into a body that is coded although we asked for none', () => {
  const head = Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n')
  expect(answered(Buffer.concat([head, gzipSync('the key')]).toString('latin1'), 'closed').body.toString()).toBe(
    'the key',
  )
})

it('keeps fields in lower case, the first of a name first', () => {
  expect(
    fieldOf(answered('HTTP/1.1 302 Found\r\nLocation: /a\r\nlocation: /b\r\nContent-Length: 0\r\n\r\n'), 'location'),
  ).toBe('/a')
})

it('never throws, and never asks for more when nothing will come', () => {
  const start = fc.constantFrom(
    '',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 100 x\r\n\r\n',
  )
  fc.assert(
    fc.property(
      start,
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('closed' as const, 'timeout' as const),
      (head, rest, why) => {
        expect(read(head + rest, why).state).not.toBe('more')
      },
    ),
  )
})

import { expect, it } from 'vitest'
import { createHead, parseRequestHead } from './head.ts'
import { copyFields } from './write-head.ts'

function copied(fields: string): string {
  const bytes = Buffer.from(`POST / HTTP/1.1\r\n${fields}\r\n`, 'latin1')
  const head = createHead()
  expect([parseRequestHead(head, bytes, 0, bytes.length), head.problem]).toEqual(['head', ''])
  const into = Buffer.alloc(bytes.length)
  return into.toString(
    'latin1',
    0,
    copyFields(head, into, 0, () => false),
  )
}

it.each(['Content_Length: 9', 'CONTENT_LENGTH: 0', 'transfer_Encoding: chunked'])(
  '%s, by which a server that folds names would frame, is not copied and does not frame',
  (line) => {
    expect(copied(`Host: x\r\n${line}\r\nContent-Length: 3\r\nX_Mine: 1\r\n`)).toBe(
      'Host: x\r\nContent-Length: 3\r\nX_Mine: 1\r\n',
    )
  },
)

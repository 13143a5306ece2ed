import fc from 'fast-check'
import { advanceBody, beginBody, createBody } from '../../src/http1/body.ts'
import { createHead, parseResponseHead } from '../../src/http1/head.ts'
import { type AnswerReading, afterBody, type Client, type Replay } from './clients.ts'
import { fill } from './corpus.ts'
import type { Answer, Front } from './fronts.ts'

export interface AnswerCase extends Answer {
  readonly method: 'GET' | 'HEAD'
}

const ok = (fields: string, body = '', status = '200 OK') => `HTTP/1.1 ${status}\r\n${fields}\r\n${body}`
const chunks = '5\r\nhello\r\n0\r\n\r\n'
const hidden = ok('Content-Length: 6\r\n', 'hidden')

/** Answers about which clients have disagreed, or that upstreams send. */
export const knownAnswers: readonly (readonly [
  name: string,
  text: string,
  isLast?: boolean | undefined,
  method?: 'HEAD' | undefined,
])[] = [
  ['a length', ok('Content-Length: 5\r\n', 'hello')],
  ['a length with zeros in front', ok('Content-Length: 0005\r\n', 'hello')],
  ['a length twice', ok('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello')],
  ['a list of lengths', ok('Content-Length: 5, 5\r\n', 'hello')],
  ['two lengths', ok('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello!')],
  ['a negative length', ok('Content-Length: -5\r\n', 'hello'), true],
  ['a length that Connection takes away', ok('Connection: Content-Length\r\nContent-Length: 5\r\n', `hello${hidden}`)],
  ['length and chunks', ok('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', chunks)],
  ['chunks', ok('Transfer-Encoding: chunked\r\n', chunks)],
  ['chunks with an extension', ok('Transfer-Encoding: chunked\r\n', '5;a="b"\r\nhello\r\n0;c\r\n\r\n')],
  ['chunks with a trailer', ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n')],
  ['chunks with two trailers', ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\nX: 1\r\nY:\r\n\r\n')],
  [
    'a trailer that looks like an answer',
    ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\nA:HTTP/1.1 200 OK\r\n\r\n'),
  ],
  ['an encoding with an underscore', ok('Transfer_Encoding: chunked\r\nContent-Length: 5\r\n', 'hello')],
  ['chunks whose coding is unknown', ok('Transfer-Encoding: gzip, chunked\r\n', chunks)],
  ['identity', ok('Transfer-Encoding: identity\r\nContent-Length: 5\r\n', 'hello')],
  ['chunks in HTTP/1.0', `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`, true],
  ['HTTP/1.0 until its end', 'HTTP/1.0 200 OK\r\n\r\nhello', true],
  ['HTTP/1.0 that is kept alive', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello'],
  ['until its end', ok('', 'hello'), true],
  ['nothing until its end', ok('', ''), true],
  ['no content', ok('', '', '204 No Content')],
  ['no content with a length of zero', ok('Content-Length: 0\r\n', '', '204 No Content')],
  ['no content with content', ok('Content-Length: 5\r\n', 'hello', '204 No Content')],
  ['no content with chunks', ok('Transfer-Encoding: chunked\r\n', chunks, '204 No Content')],
  ['not modified with a length', ok('Content-Length: 5\r\n', '', '304 Not Modified')],
  ['not modified with chunks', ok('Transfer-Encoding: chunked\r\n', '', '304 Not Modified')],
  ['reset content', ok('Content-Length: 0\r\n', '', '205 Reset Content')],
  ['reset content with content', ok('Content-Length: 5\r\n', 'hello', '205 Reset Content')],
  ['HEAD with a length', ok('Content-Length: 5\r\n'), false, 'HEAD'],
  ['HEAD with chunks', ok('Transfer-Encoding: chunked\r\n'), false, 'HEAD'],
  ['HEAD without a length', ok(''), false, 'HEAD'],
  ['HEAD with content', ok('Content-Length: 5\r\n', 'hello'), false, 'HEAD'],
  ['an interim answer', `${ok('', '', '100 Continue')}${ok('Content-Length: 5\r\n', 'hello')}`],
  [
    'an interim answer with a length',
    `${ok('Content-Length: 5\r\n', '', '100 Continue')}${ok('Content-Length: 5\r\n', 'hello')}`,
  ],
  ['early hints', `${ok('Link: </a>\r\n', '', '103 Early Hints')}${ok('Content-Length: 5\r\n', 'hello')}`],
  ['a switch that nobody asked for', ok('Upgrade: websocket\r\nConnection: Upgrade\r\n', 'hello', '101 Switching')],
  ['two answers', `${ok('Content-Length: 5\r\n', 'hello')}${hidden}`],
  ['an empty line before', `\r\n${ok('Content-Length: 5\r\n', 'hello')}`],
  ['a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', true],
  ['a bare CR in a field', ok('X: a\rContent-Length: 0\r\nContent-Length: 5\r\n', 'hello')],
  ['a NUL in a field', ok('X: a\0b\r\nContent-Length: 5\r\n', 'hello')],
  ['a folded line', ok('X: a\r\n Content-Length: 0\r\nContent-Length: 5\r\n', 'hello')],
  ['white space before a colon', ok('Content-Length : 5\r\n', 'hello')],
  ['no reason', 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello'],
  ['an empty reason', 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello'],
  ['a reason of high bytes', ok('Content-Length: 5\r\n', 'hello', '200 \xe9\xff')],
  ['a status that nobody knows', ok('Content-Length: 5\r\n', 'hello', '599 Odd')],
  ['a status of four digits', ok('Content-Length: 5\r\n', 'hello', '2000 OK')],
  ['half of its length', ok('Content-Length: 9\r\n', 'hello'), true],
  ['chunks without their end', ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n'), true],
  ['chunks that end inside one', ok('Transfer-Encoding: chunked\r\n', '9\r\nhello'), true],
  ['a redirection', ok('Location: /b\r\nContent-Length: 5\r\n', 'hello', '302 Found')],
]

const often = <T>(usual: T, ...odd: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 20, arbitrary: fc.constant(usual) }, { weight: odd.length, arbitrary: fc.constantFrom(...odd) })
const lineEnd = fc.oneof(
  { weight: 200, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\r\n', '\r\n ', '\0\r\n') },
)
const statusLine = fc
  .tuple(
    often('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'http/1.1', 'HTTP/2'),
    often(' ', '  ', '\t', ''),
    often(
      '200',
      '204',
      '205',
      '206',
      '304',
      '404',
      '500',
      '302',
      '401',
      '100',
      '103',
      '102',
      '099',
      '600',
      '20',
      '2 0',
      '+200',
    ),
    often(' OK', '', ' ', ' \xe9', ' a\0b', '  two', ' a\rb'),
    lineEnd,
  )
  .map((parts) => parts.join(''))
const field = fc
  .tuple(
    fc.constantFrom(
      'X-A',
      'Connection',
      'Keep-Alive',
      'Trailer',
      'Content-Encoding',
      'Upgrade',
      'Transfer_Encoding',
      'Content_Length',
      'Set-Cookie',
      'Content-Type',
      'Proxy-Connection',
    ),
    often(': ', ':', ' : ', ':\t', ''),
    fc.constantFrom(
      '1',
      '',
      'close',
      'keep-alive',
      'a, b',
      'content-length',
      'X-A',
      'upgrade',
      'websocket',
      'identity',
      '\xff',
      'Keep-Alive, X-A',
      '5',
    ),
    lineEnd,
  )
  .map((parts) => parts.join(''))
const length = fc
  .tuple(
    often('Content-Length', 'content-length', 'Content-Length ', 'Content_Length'),
    often(': ', ':', ':\t', ' : '),
    often('5', '05', '+5', '5, 5', '5 ', '4', '6', '-5', '0x5', '', '5\t'),
    lineEnd,
  )
  .map((parts) => parts.join(''))
const coding = fc
  .tuple(
    often('Transfer-Encoding', 'transfer-encoding', 'Transfer-Encoding ', 'Transfer_Encoding'),
    often(': ', ':', ':\t', ':\x0b'),
    often(
      'chunked',
      'Chunked',
      'gzip, chunked',
      'chunked, identity',
      'identity',
      'chunked ',
      'xchunked',
      'chunked;a',
      '',
    ),
    lineEnd,
  )
  .map((parts) => parts.join(''))
const chunkLines = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      chunks,
      '0005\r\nhello\r\n00\r\n\r\n',
      '5;a\r\nhello\r\n0\r\nX: 1\r\n\r\n',
      '1\r\nh\r\n4\r\nello\r\n0\r\n\r\n',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '5 \r\nhello\r\n0\r\n\r\n',
      '5\nhello\n0\n\n',
      '0x5\r\nhello\r\n0\r\n\r\n',
      '5\r\nhello!\r\n0\r\n\r\n',
      '5\r\nhello\r\n0\r\nContent-Length: 1\r\n\r\n',
      '5;\n\r\nhello\r\n0\r\n\r\n',
      '-5\r\nhello\r\n0\r\n\r\n',
      '5\r\nhello\r\n',
      '5\r\nhel',
    ),
  },
)
const framed = fc.oneof(
  length.map((line) => [line, 'hello'] as const),
  fc.tuple(coding, chunkLines).map(([line, body]) => [line, body] as const),
  fc.constant(['', 'hello'] as const),
  fc.tuple(length, coding, chunkLines).map(([a, b, body]) => [a + b, body] as const),
)

export const answers: fc.Arbitrary<AnswerCase> = fc
  .tuple(
    often('', '\r\n', ok('', '', '100 Continue'), ok('X: 1\r\n', '', '103 Early Hints'), ' '),
    statusLine,
    fc.array(field, { maxLength: 2 }),
    framed,
    fc.array(field, { maxLength: 1 }),
    lineEnd,
    often('', hidden, '\r\n', 'x'),
    often<'GET' | 'HEAD'>('GET', 'HEAD'),
  )
  .map(([before, line, first, [framing, body], second, end, rest, method]) => ({
    text: `${before}${line}${first.join('')}${framing}${second.join('')}${end}${method === 'HEAD' ? '' : body}${rest}`,
    // Where nothing says its end, the door would rightly wait for more.
    isLast: true,
    method,
  }))

/** Lets the upstream behind `front` say `answer`, and shows every client what the door made of it. */
export async function compareAnswers(
  front: Front,
  clients: readonly Client[],
  replay: Replay,
  answer: AnswerCase,
): Promise<readonly string[]> {
  const line = `${answer.method} «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n`
  const passed = await front.pass(fill(line, front), answer)
  const bytes = Buffer.from(passed.answer, 'latin1')
  const ours = readAnswer(bytes, answer.method)
  if (typeof ours === 'string') return [`the door: ${ours} in ${JSON.stringify(passed.answer)}`]
  const theirOwn = readAnswer(Buffer.from(answer.text, 'latin1'), answer.method)
  // A reset may overtake the head of an answer that is cut in its body; any other is passed on whole, or refused.
  const isCutInBody = typeof theirOwn === 'string' ? !/^(no whole|bytes behind)/.test(theirOwn) : !theirOwn.isWhole
  if (ours.status === 0 && !isCutInBody) return [`the door: no final answer in ${JSON.stringify(passed.answer)}`]
  const wrong = passed.isClosed ? [] : ['the door: did not close after the client’s end']
  replay.show(bytes, ours.isKept)
  const read = await Promise.all(
    clients.map(async (client) => ({ client, read: await client.ask(replay.address, answer.method, '/a') })),
  )
  for (const { client, read: theirs } of read) {
    // Python's takes any interim answer but 100 for the final one, through a door and without.
    if (client.name === 'http.client' && ours.interims.some((status) => status !== 100)) continue
    const problem = judge(theirs, ours, answer.method)
    if (problem) wrong.push(`${client.name}: ${problem}; the door sent ${JSON.stringify(passed.answer.slice(0, 300))}`)
  }
  return wrong
}

export interface OurReading {
  readonly interims: readonly number[]
  readonly status: number
  readonly body: string
  readonly isWhole: boolean
  readonly isKept: boolean
}

/**
 * What the client of the door gets, read with the door's own parser; a sentence where that is not one answer. The
 * status is 0 where nothing follows the interim answers.
 */
export function readAnswer(bytes: Buffer, method: string): OurReading | string {
  const head = createHead()
  const interims: number[] = []
  let at = 0
  for (;;) {
    const parsed = parseResponseHead(head, bytes, at, bytes.length, method)
    if (parsed === 'more' && interims.length > 0 && at === bytes.length)
      return { interims, status: 0, body: '', isWhole: false, isKept: false }
    if (parsed !== 'head') return `no whole answer (${parsed})`
    at = head.end
    if (head.status >= 200) break
    interims.push(head.status)
  }
  const body = createBody()
  beginBody(body, head.framing, head.length)
  let content = ''
  const end = advanceBody(body, bytes, at, bytes.length, (start, stop) => {
    content += bytes.toString('latin1', start, stop)
  })
  if (body.problem !== '') return body.problem
  if (end < bytes.length) return 'bytes behind the answer'
  const isWhole = body.done || head.framing === 'close'
  return { interims, status: head.status, body: content, isWhole, isKept: head.keepAlive && isWhole }
}

function judge(theirs: AnswerReading, ours: OurReading, method: string): string | undefined {
  if (/timeout|timed out|exit 28|deadline/i.test(theirs.error)) return `waits for more (${theirs.error})`
  if (theirs.error === '') {
    if (!ours.isWhole) return 'took a part of an answer for the whole'
    if (theirs.status !== ours.status) return `read the status ${theirs.status} and not ${ours.status}`
    if (method !== 'HEAD' && theirs.body !== ours.body)
      return `read the body ${JSON.stringify(theirs.body)} and not ${JSON.stringify(ours.body)}`
  }
  if (theirs.after !== afterBody && theirs.error === '')
    return `read ${JSON.stringify(theirs.after)} as the answer after this one`
  return undefined
}

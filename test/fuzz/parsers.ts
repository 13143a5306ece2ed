import fc from 'fast-check'
import { advanceBody, beginBody, createBody } from '../../src/http1/body.ts'
import { createHead, parseResponseHead } from '../../src/http1/head.ts'
import { answers } from '../differential/answers.ts'
import { fill, inputs } from '../differential/corpus.ts'
import { createReader } from '../differential/read-messages.ts'

const place = { prefix: '', host: 'a.test', fields: '' }

const noise = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        'GET ',
        'HTTP/1.1',
        ' 200',
        '/',
        '\r\n',
        '\r',
        '\n',
        ':',
        ' ',
        'Host: a',
        'Content-Length: 3',
        'Transfer-Encoding: chunked',
        '0',
        '5',
        'abc',
        ';',
        '\0',
        '\xff',
      ),
      { maxLength: 60 },
    )
    .map((pieces) => pieces.join('')),
)

/** A connection's bytes, requests or answers, and where they are cut. */
export interface ParserCase {
  readonly side: 'request' | 'answer'
  readonly text: string
  readonly cuts: readonly number[]
}

const cutPlaces = fc.array(fc.nat(2_000), { maxLength: 12 })

export const parserCases: fc.Arbitrary<ParserCase> = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: inputs.map((input) => ['request', fill(input, place)] as const) },
      { weight: 3, arbitrary: answers.map(({ text }) => ['answer', text] as const) },
      { weight: 1, arbitrary: noise.map((text) => ['request', text] as const) },
      { weight: 1, arbitrary: noise.map((text) => ['answer', text] as const) },
    ),
    cutPlaces,
  )
  .map(([[side, text], cuts]) => ({ side, text, cuts: [...new Set(cuts)].sort((a, b) => a - b) }))

/** Undefined, or what is wrong: cut or whole, the parsers say the same. */
export function checkParsers({ side, text, cuts }: ParserCase): string | undefined {
  const read = side === 'request' ? readRequests : readAnswers
  const every = Array.from({ length: Math.min(text.length, 300) }, (_unused, index) => index + 1)
  const whole = read(text, [])
  for (const places of [cuts, every]) {
    const cut = read(text, places)
    if (cut !== whole) return `cut at ${places.slice(0, 5)}…: ${cut}\nwhole: ${whole}`
  }
  return undefined
}

function readRequests(text: string, cuts: readonly number[]): string {
  const reader = createReader()
  for (const piece of split(text, cuts)) reader.push(Buffer.from(piece, 'latin1'))
  return JSON.stringify([reader.messages, reader.state()])
}

/** One answer after the other, as a connection that goes on has them. */
function readAnswers(text: string, cuts: readonly number[]): string {
  const head = createHead()
  const body = createBody()
  const seen: unknown[] = []
  let input: Buffer = Buffer.alloc(0)
  let content = ''
  let isInBody = false
  for (const piece of split(text, cuts)) {
    input = Buffer.concat([input, Buffer.from(piece, 'latin1')])
    for (;;) {
      if (isInBody) {
        const from = input
        const end = advanceBody(body, from, 0, from.length, (start, stop) => {
          content += from.toString('latin1', start, stop)
        })
        input = from.subarray(end)
        if (body.problem !== '') return JSON.stringify([seen, content, 'refused'])
        if (!body.done) break
        seen.push(content)
        content = ''
        isInBody = false
      }
      if (input.length === 0) break
      const parsed = parseResponseHead(head, input, 0, input.length, 'GET')
      if (parsed === 'more') break
      if (parsed !== 'head') return JSON.stringify([seen, content, 'refused'])
      seen.push([head.status, head.framing, head.keepAlive, head.fieldCount])
      beginBody(body, head.framing, head.length)
      input = input.subarray(head.end)
      isInBody = true
    }
  }
  return JSON.stringify([seen, content, input.length])
}

/** `text` in pieces, cut at these places. */
export function split(text: string, cuts: readonly number[]): string[] {
  const pieces: string[] = []
  let at = 0
  for (const cut of [...cuts, text.length]) {
    if (cut <= at || cut > text.length) continue
    pieces.push(text.slice(at, cut))
    at = cut
  }
  return pieces
}

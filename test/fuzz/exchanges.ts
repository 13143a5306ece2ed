import fc from 'fast-check'
import { advanceBody, beginBody, createBody } from '../../src/http1/body.ts'
import { createHead, parseResponseHead } from '../../src/http1/head.ts'
import { answers, type OurReading, readAnswer } from '../differential/answers.ts'
import { fill, inputs } from '../differential/corpus.ts'
import type { Ends, Front, Passed } from '../differential/fronts.ts'
import { split } from './parsers.ts'

/** What a client sends, what the upstream answers, how both are cut, and how they end. */
export interface ExchangeCase {
  readonly input: string
  readonly inputCuts: readonly number[]
  readonly isReset: boolean
  readonly answer: string
  readonly answerCuts: readonly number[]
  readonly ends: Ends
  /** So many bytes of a request are read before the upstream ends; absent: it answers. */
  readonly endsAfter?: number
}

const cuts = fc.array(fc.nat(600), { maxLength: 6 }).map((list) => [...new Set(list)].sort((a, b) => a - b))
const good = 'GET «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'
const keyed = fc
  .tuple(
    fc.constantFrom('Content-Length', 'Transfer-Encoding', 'neither'),
    fc.array(fc.constantFrom('«key»', '«key»', 'sk_live_', 'some text ', '\r\n', 'Authorization: Bearer «key»'), {
      maxLength: 5,
    }),
    fc.constantFrom('', 'X-Echo: «key»\r\n', 'Set-Cookie: a=«key»; Path=/\r\n', 'Location: /?k=«key»\r\n'),
    fc.constantFrom('OK', 'Bearer «key»'),
  )
  .map(([framing, parts, field, reason]) => ({ framing, body: parts.join(''), field, reason }))

/** The key's length is known where the answer is made, so the answer is a function of it. */
const echo = (keyLength: number) =>
  keyed.map(({ framing, body, field, reason }) => {
    const length = body.replaceAll('«key»', 'k'.repeat(keyLength)).length
    const head = `HTTP/1.1 200 ${reason}\r\n${field}`
    if (framing === 'Content-Length') return `${head}Content-Length: ${length}\r\n\r\n${body}`
    if (framing === 'neither') return `${head}\r\n${body}`
    const chunk = length === 0 ? '' : `${length.toString(16)}\r\n${body}\r\n`
    return `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`
  })

export const exchangeCases = (keyLength: number): fc.Arbitrary<ExchangeCase> =>
  fc.record(
    {
      input: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(good, good + good) }, { weight: 1, arbitrary: inputs }),
      inputCuts: cuts,
      isReset: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      answer: fc.oneof(
        answers.map(({ text }) => text),
        echo(keyLength),
      ),
      answerCuts: cuts,
      ends: fc.constantFrom<Ends>('end', 'end', 'reset', 'truncate'),
      // Fewer than any request has.
      endsAfter: fc.nat(40),
    },
    { requiredKeys: ['input', 'inputCuts', 'isReset', 'answer', 'answerCuts', 'ends'] },
  )

/** Undefined, or what is wrong with how the door carried the exchange. */
export async function checkExchange(front: Front, sample: ExchangeCase): Promise<string | undefined> {
  const { answer, answerCuts, ends, isReset } = sample
  const endsAfter = sample.endsAfter === undefined || sample.endsAfter === 0 ? {} : { endsAfter: sample.endsAfter }
  const pieces = split(fill(sample.input, front), sample.inputCuts)
  const passed = await front.passPieces(pieces, isReset, {
    text: answer,
    cuts: answerCuts,
    isLast: true,
    ends,
    ...endsAfter,
  })
  if (!passed.isClosed) return 'the door did not close'
  if (passed.showsKey) return 'the key was shown'
  if (isReset) {
    // The door may decide on what it has read after its client is gone: not a decision of the next exchange.
    await front.pass(fill(good, front))
    return undefined
  }
  const problem = checkAnswers(passed)
  if (problem) return `${problem} in ${JSON.stringify(passed.answer.slice(0, 600))}`
  return sample.input === good && ends === 'end' && sample.endsAfter === undefined
    ? checkAgainstWhole(front, sample, passed)
    : undefined
}

/** The answers of a connection: each is one, as many as there were requests at most, and what is cut off is the last. */
function checkAnswers({ answer, decisions, isReset }: Passed): string | undefined {
  const bytes = Buffer.from(answer, 'latin1')
  const head = createHead()
  const body = createBody()
  let at = 0
  for (let index = 0; at < bytes.length; ) {
    const method = decisions[index]?.method ?? ''
    const parsed = parseResponseHead(head, bytes, at, bytes.length, method)
    if (parsed === 'more' && isReset) return undefined
    if (parsed !== 'head') return `no answer at ${at} (${parsed} ${head.problem})`
    at = head.end
    if (head.status < 200) continue
    if (index++ >= decisions.length) return `${index} answers to ${decisions.length} requests`
    beginBody(body, head.framing, head.length)
    at = advanceBody(body, bytes, at, bytes.length)
    if (body.problem !== '') return `the body of answer ${index}: ${body.problem}`
    if (!head.keepAlive && at < bytes.length) return `bytes behind answer ${index}, which was the last`
  }
  return undefined
}

/** An answer that is whole in one piece is the same in many. */
async function checkAgainstWhole(front: Front, sample: ExchangeCase, cut: Passed): Promise<string | undefined> {
  const whole = await front.pass(fill(sample.input, front), { text: sample.answer, isLast: true })
  const [one, many] = [whole, cut].map(({ answer }) => readAnswer(Buffer.from(answer, 'latin1'), 'GET')) as [
    OurReading | string,
    OurReading | string,
  ]
  if (typeof one === 'string' || !one.isWhole || one.status === 502) return undefined
  if (typeof many === 'string') return `whole it is an answer, cut it is ${many}`
  return one.status === many.status && one.body === many.body && many.isWhole
    ? undefined
    : `whole it is ${JSON.stringify(one)}, cut it is ${JSON.stringify(many)}`
}

import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAnswer } from '../differential/answers.ts'
import { fill } from '../differential/corpus.ts'
import { type Answer, type Ends, type Front, type Fronts, openFronts, type Passed } from '../differential/fronts.ts'
import { until } from '../support/sallyport.ts'

let fronts: Fronts
beforeAll(async () => {
  fronts = await openFronts()
}, 60_000)
afterAll(() => fronts.close())

const front = (name: string): Front => {
  const found = fronts.fronts.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no front ${name}`)
  return found
}
const content = 'a sentence of thirty characters'
const zipped = gzipSync(content, { level: 0 }).toString('latin1')
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const framings: Readonly<Record<string, string>> = {
  'with a length': `HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
  'in chunks': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(content.slice(0, 9))}${chunk(content.slice(9))}0\r\nX-Sum: 1\r\n\r\n`,
  'that ends with its connection': `HTTP/1.1 200 OK\r\n\r\n${content}`,
  'in gzip': `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n${zipped}`,
  'in gzip and chunks': `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(zipped.slice(0, 20))}${chunk(zipped.slice(20))}0\r\n\r\n`,
}
const get = 'GET «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'
const post = 'POST «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»Content-Length: 20\r\n\r\n01234567890123456789'
const codeOf = (answer: string) => /^Sallyport-Problem: (\S+)\r$/m.exec(answer)?.[1]

/** What is wrong with what the client got when the upstream died `at` bytes into its answer; undefined for nothing. */
function judge(passed: Passed, text: string, at: number, ends: Ends, name: string): string | undefined {
  const { answer, isClosed, isReset } = passed
  if (!isClosed) return 'the client was left waiting'
  const code = codeOf(answer)
  if (code !== undefined) {
    if (code !== 'UPSTREAM_INTERRUPTED') return `the code is ${code}`
    return /^HTTP\/1\.1 502 /.test(answer) ? undefined : 'the problem came behind something else'
  }
  const read = readAnswer(Buffer.from(answer, 'latin1'), 'GET')
  if (typeof read === 'string') return isReset || !answer.includes('\r\n\r\n') ? undefined : `the client got ${read}`
  if (!read.isWhole || isReset) return undefined
  // An answer whose end is that of its connection is whole wherever that ends properly.
  const isUntilEnd = name === 'that ends with its connection' && ends === 'end' && at >= text.indexOf('\r\n\r\n') + 4
  const body = read.body.startsWith('\x1f\x8b') ? gunzipSync(Buffer.from(read.body, 'latin1')).toString() : read.body
  if (body === content || isUntilEnd) return undefined
  return `the client took ${JSON.stringify(read.body)} for the whole`
}

describe.each(['egress, with a key', 'egress, inside CONNECT', 'ingress'])('%s: an upstream', (door) => {
  const sets = Object.keys(framings).flatMap((name) => (['end', 'reset'] as const).map((ends) => [name, ends] as const))
  it.each(sets)(
    'whose answer %s breaks off at any byte by %s is never taken for one that is whole',
    async (name, ends) => {
      const text = framings[name] ?? ''
      const wrong: string[] = []
      for (let at = 0; at <= text.length; at++) {
        const answer: Answer = { text: text.slice(0, at), isLast: true, ends }
        const passed = await front(door).pass(fill(get, front(door)), answer)
        const problem = judge(passed, text, at, ends, name)
        if (problem) wrong.push(`after ${at} bytes: ${problem}`)
        if (at === text.length && !passed.answer.startsWith('HTTP/1.1 200') && ends === 'end')
          wrong.push('not even whole')
      }
      expect(wrong).toEqual([])
    },
    60_000,
  )

  it.each([
    ['GET', get, 'end'],
    ['GET', get, 'reset'],
    ['POST', post, 'end'],
    ['POST', post, 'reset'],
  ] as const)(
    'that reads %s to any byte and dies is a problem that says so (%#)',
    async (_method, request, ends) => {
      const input = fill(request, front(door))
      const { sent } = await front(door).pass(input)
      const length = sent[0]?.bytes.length ?? 0
      expect(length).toBeGreaterThan(50)
      const wrong: string[] = []
      for (let at = 1; at <= length; at += at < 8 || at > length - 30 ? 1 : 7) {
        const passed = await front(door).pass(input, { text: '', isLast: true, ends, endsAfter: at })
        if (codeOf(passed.answer) !== 'UPSTREAM_INTERRUPTED' || !passed.isClosed)
          wrong.push(`after ${at} bytes: ${JSON.stringify(passed.answer.slice(0, 80))}`)
      }
      expect(wrong).toEqual([])
    },
    60_000,
  )

  it('that died a thousand times does not keep the door from serving, and each time is on record once', async () => {
    expect((await front(door).pass(fill(get, front(door)))).answer).toMatch(/^HTTP\/1\.1 200 OK/)
    const ids = (event: string, more: object = {}) =>
      fronts
        .records()
        .filter(
          (record) => record.event === event && Object.entries(more).every(([key, value]) => record[key] === value),
        )
        .map(({ id }) => String(id))
        .sort()
    await until(
      () => ids('outcome').length >= ids('decision', { decision: 'allow' }).length,
      3_000,
      () => 'a request has no outcome on record',
    )
    expect(ids('outcome')).toEqual(ids('decision', { decision: 'allow' }))
    const codes = new Set(fronts.records().flatMap(({ event, code }) => (event === 'outcome' ? [code] : [])))
    expect([...codes].sort()).toEqual(['UPSTREAM_INTERRUPTED', undefined])
  })
})

it('an HTTP/1.0 client, which knows the end of an answer by that of its connection, is reset when the upstream is', async () => {
  const egress = front('egress, with a key')
  const input = 'GET «prefix»/a HTTP/1.0\r\nHost: «host»\r\n«fields»\r\n'
  for (const name of ['in chunks', 'that ends with its connection']) {
    const text = (framings[name] ?? '').slice(0, 60)
    const { answer, isReset } = await egress.pass(fill(input, egress), { text, isLast: true, ends: 'reset' })
    expect([answer.slice(0, 15), isReset]).toEqual(['HTTP/1.1 200 OK', true])
  }
})

import { describe, expect, it } from 'vitest'
import { loadTraces } from '../traces/find-traces.ts'
import type { Answer } from './answer.ts'
import type { Outcome } from './exchange.ts'
import { judgeStranger, type Lesson, reachedApp } from './judge.ts'

const traces = await loadTraces()

function answer(status: number, body = '', fields: readonly (readonly [string, string])[] = []): Answer {
  return { status, reason: '', fields, head: Buffer.from(''), body: Buffer.from(body), end: 'complete' }
}

const page = (words: string) =>
  `<html><nav>home invoices reports settings help about contact imprint</nav><p>${words}</p></html>`
const good = [1, 2, 3].map((seen) =>
  answer(200, page(`twelve invoices are open, seen ${seen} times, id ${'a1b2c3d4'.repeat(seen)}`)),
)
const bare: Lesson = { good, target: '/invoices', traces, channel: 'tls' }

function judged(outcome: Outcome | Answer, elsewhere?: Answer, lesson: Partial<Lesson> = {}) {
  const wall = elsewhere
    ? { outcome: { kind: 'answer', answer: elsewhere } as const, target: '/nowhere-4711' }
    : undefined
  const whole: Outcome = 'kind' in outcome ? outcome : { kind: 'answer', answer: outcome }
  return judgeStranger(whole, { ...bare, ...lesson, ...(wall ? { wall } : {}) }).verdict
}

const signIn = (path: string) =>
  answer(200, `<title>Sign in</title><form action="/login?to=${path}"><input type=password></form>`)
const redirect = (to: string, status = 302) => answer(status, '', [['location', to]])

describe('a stranger is refused by', () => {
  it.each([
    ['an alert', { kind: 'alert', stage: 'answer', alert: 'certificate required' } as const, undefined],
    ['a bare close', { kind: 'closed', stage: 'answer', reset: false } as const, undefined],
    ['401', answer(401, 'who are you'), undefined],
    ['421', answer(421), undefined],
    ['403 in the site’s own frame', answer(403, page('you may not see this')), undefined],
    ['nginx’s page', answer(400, '<center>No required SSL certificate was sent</center>'), undefined],
    ['a sign-in page for every path', signIn('/invoices'), signIn('/nowhere-4711')],
    ['a redirect to sign in for every path', redirect('/login?to=/invoices'), redirect('/login?to=/nowhere-4711')],
    ['404 for every path', answer(404, 'no'), answer(404, 'no')],
    [
      'an alert record in answer to plain HTTP',
      { kind: 'garbage', stage: 'answer', bytes: Buffer.from([0x15, 3, 3, 0, 2, 2, 10]) } as const,
      undefined,
    ],
  ])('%s', (_name, outcome, elsewhere) => {
    expect(judged(outcome, elsewhere)).toBe('refused')
  })
})

describe('a stranger is admitted with', () => {
  it.each([
    ['the good answer', answer(200, page('twelve invoices are open, seen 9 times, id 00ff00ff00')), undefined],
    [
      'the good content under 403',
      answer(403, page('twelve invoices are open, seen 9 times, id 00ff00ff00')),
      undefined,
    ],
    ['203 and other content', answer(203, 'an older copy'), answer(203, 'an older copy')],
    ['no content', answer(204), undefined],
    ['a backtrace', answer(500, "app.rb:3:in `get'"), undefined],
    ['a page that has a sign-in form beside what it shows', signIn('/invoices'), answer(404, 'no such page')],
    [
      'a sign-in form around the good content',
      answer(200, `${page('twelve invoices are open, seen 9 times, id 00ff00ff')}<input type=password>`),
      undefined,
    ],
  ])('%s', (_name, outcome, elsewhere) => {
    expect(judged(outcome, elsewhere)).toBe('admitted')
  })
})

describe('it stays unclear with', () => {
  it.each([
    ['a time-out', { kind: 'timeout', stage: 'answer' } as const, undefined],
    ['bytes that are not HTTP', { kind: 'garbage', stage: 'answer', bytes: Buffer.from('hello') } as const, undefined],
    ['a failure of ours', { kind: 'failed', stage: 'handshake', code: 'ERR_SSL_X' } as const, undefined],
    ['502', answer(502, 'bad gateway'), undefined],
    ['429 for every path', answer(429, 'slow down'), answer(429, 'slow down')],
    ['404 for this path alone', answer(404, 'no'), answer(403, 'no')],
    ['a redirect that is not about signing in', redirect('/start'), redirect('/start')],
    [
      '200 in words of refusal for every path',
      answer(200, '{"error":"unauthorized"}'),
      answer(200, '{"error":"unauthorized"}'),
    ],
  ])('%s', (_name, outcome, elsewhere) => {
    expect(judged(outcome, elsewhere)).toBe('unclear')
  })
})

it('does not take a redirect to sign in for the good one’s redirect', () => {
  const redirected = [redirect('/invoices/2026'), redirect('/invoices/2026')]
  expect(judged(redirect('/login'), redirect('/login'), { good: redirected })).toBe('refused')
  expect(judged(redirect('/invoices/2026'), redirect('/nowhere'), { good: redirected })).toBe('admitted')
})

it('takes any answer in clear for the app’s where the port speaks no TLS, but a redirect to https', () => {
  expect(judged(answer(404, 'no'), undefined, { good: [], channel: 'only plain' })).toBe('admitted')
  expect(judged(redirect('https://service.example/', 301), undefined, { good: [], channel: 'only plain' })).toBe(
    'refused',
  )
})

it.each([200, 204, 302, 404])('takes %i for the app’s answer to the good certificate', (status) => {
  expect(reachedApp({ kind: 'answer', answer: answer(status, 'x') })).toBe(true)
})

it.each([400, 401, 403, 421, 429, 495, 496, 500, 502, 503])('does not take %i for it', (status) => {
  expect(reachedApp({ kind: 'answer', answer: answer(status, 'x') })).toBe(false)
})

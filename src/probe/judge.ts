import { findTraces } from '../traces/find-traces.ts'
import type { Trace } from '../traces/trace.ts'
import { type Answer, fieldOf } from './answer.ts'
import type { Outcome } from './exchange.ts'
import { isSameWall, resembles, shareOfGood } from './resemblance.ts'

export interface Judgement {
  readonly verdict: 'admitted' | 'refused' | 'unclear'
  /** What came back, in words: `403, the same for every path`. */
  readonly why: string
  /** Strangers are shown a page to sign in with something else than a certificate. */
  readonly isSignIn?: boolean
}

/** What was learnt before strangers are judged. */
export interface Lesson {
  /** What the good certificate gets for the same request; empty where it did not reach the app. */
  readonly good: readonly Answer[]
  readonly target: string
  /** What the same stranger gets for a path that surely does not exist, and that path. */
  readonly wall?: { readonly outcome: Outcome; readonly target: string }
  readonly traces: readonly Trace[]
  /** `only plain`: in clear, on a port that speaks no TLS, where any answer is the app's. */
  readonly channel: 'tls' | 'plain' | 'only plain'
}

/** Refusals that say so: RFC 9110 §15.5.2, 15.5.4, 15.5.20, and nginx's own for a wrong and a missing certificate. */
const refusalStatuses = new Set([401, 403, 407, 421, 495, 496])
/** Too slow, too early, too many: about the moment, and not about who asks. */
const busyStatuses = new Set([408, 425, 429])
const certificatePages = [
  'No required SSL certificate was sent',
  'The SSL certificate error',
  'plain HTTP request was sent to HTTPS port',
  'speaking plain HTTP to an SSL-enabled server port',
  'Client sent an HTTP request to an HTTPS server',
  'This combination of host and port requires TLS',
]

/** Whether `judgeStranger` needs to know what the stranger gets for any other path. */
export function asksForWall(outcome: Outcome): boolean {
  return outcome.kind === 'answer' && !refusalStatuses.has(outcome.answer.status) && outcome.answer.status < 500
}

/**
 * What a stranger's request got, judged by what came back. Refused only on evidence of a refusal; admitted on evidence of
 * being served; everything between is unclear, because to call a door closed that is open is the worst of the errors.
 */
export function judgeStranger(outcome: Outcome, lesson: Lesson): Judgement {
  switch (outcome.kind) {
    case 'alert':
      return { verdict: 'refused', why: `TLS alert “${outcome.alert}”` }
    case 'closed':
      return { verdict: 'refused', why: `connection ${outcome.reset ? 'reset' : 'closed'} without an answer` }
    case 'garbage':
      return judgeGarbage(outcome.bytes)
    case 'timeout':
      return { verdict: 'unclear', why: 'no answer in time' }
    case 'unreachable':
    case 'failed':
      return { verdict: 'unclear', why: outcome.code }
    case 'answer':
      return judgeAnswer(outcome.answer, lesson)
  }
}

/** An alert record in clear (RFC 8446 §5.1) is how many TLS servers answer plain HTTP. */
function judgeGarbage(bytes: Buffer): Judgement {
  if (bytes[0] === 0x15 && bytes[1] === 3)
    return { verdict: 'refused', why: 'TLS alert record in answer to plain HTTP' }
  return { verdict: 'unclear', why: bytes.length > 0 ? 'bytes that are not HTTP' : 'bytes that are not TLS' }
}

function judgeAnswer(answer: Answer, lesson: Lesson): Judgement {
  const { status } = answer
  const wall = isWall(answer, lesson)
  const body = answer.body.toString('latin1')
  if (resembles(answer, lesson.good)) {
    return { verdict: 'admitted', why: `${status}, what the good certificate gets` }
  }
  if (findTraces(lesson.traces, body).length > 0)
    return { verdict: 'admitted', why: `${status} with the app’s insides` }
  if (certificatePages.some((page) => body.includes(page)) && status >= 400) {
    return { verdict: 'refused', why: `${status}, the server’s own page about certificates` }
  }
  if (lesson.channel !== 'tls' && status >= 300 && status < 400 && /^https:/i.test(fieldOf(answer, 'location'))) {
    return { verdict: 'refused', why: `${status} to https` }
  }
  if (lesson.channel === 'only plain') return { verdict: 'admitted', why: `${status} in clear; the port speaks no TLS` }
  if (status >= 200 && status < 300) return judgeServed(answer, body, lesson, wall)
  if (refusalStatuses.has(status)) return { verdict: 'refused', why: String(status) }
  if (status >= 300 && status < 400) return judgeRedirect(answer, wall)
  if (status >= 500) return { verdict: 'unclear', why: `${status}: the server failed, it did not refuse` }
  if (!busyStatuses.has(status) && wall && lesson.good.some((good) => good.status < 400)) {
    return { verdict: 'refused', why: `${status}, the same for every path` }
  }
  return { verdict: 'unclear', why: `${status}, which may be a refusal or the app` }
}

/** Success, with other content than the good certificate gets: being served other content is being served. */
function judgeServed(answer: Answer, body: string, lesson: Lesson, wall: boolean): Judgement {
  if (wall && isSignInPage(body) && shareOfGood(answer, lesson.good) < 0.8) {
    return { verdict: 'refused', why: `${answer.status}, a sign-in page for every path`, isSignIn: true }
  }
  if (wall && body.length < 2_048 && refusingWords.test(body)) {
    return { verdict: 'unclear', why: `${answer.status}, the same for every path, in words of refusal` }
  }
  return { verdict: 'admitted', why: `${answer.status} with other content` }
}

const refusingWords =
  /unauthori[sz]ed|forbidden|access denied|(?:client )?certificate (?:is )?(?:required|missing|invalid)|not (?:allowed|permitted|authori[sz]ed)|permission denied/i

/** Such a page is small, and the patterns are not for a megabyte of forms. */
const signInBytesMax = 65_536

/** A field for a password, or a title, heading or form that is about signing in. */
function isSignInPage(page: string): boolean {
  const body = page.slice(0, signInBytesMax)
  if (/<input\b[^>]{0,300}\btype\s?=\s?["']?password/i.test(body)) return true
  return /<(?:title|h1)[^>]{0,200}>[^<]{0,100}\b(?:sign|log)[ -]?(?:in|on)\b|<form\b[^>]{0,200}\baction\s?=\s?["']?[^"'>]{0,100}(?:login|signin|sign-in|session)/i.test(
    body,
  )
}

function judgeRedirect(answer: Answer, wall: boolean): Judgement {
  const { status } = answer
  const location = fieldOf(answer, 'location')
  if (wall && /log-?in|log-?on|sign-?in|auth|session|sso|saml|oauth/i.test(location)) {
    return { verdict: 'refused', why: `${status} to sign in, for every path`, isSignIn: true }
  }
  return { verdict: 'unclear', why: `${status} to another place` }
}

function isWall(answer: Answer, lesson: Lesson): boolean {
  const { wall } = lesson
  return wall?.outcome.kind === 'answer' && isSameWall(answer, lesson.target, wall.outcome.answer, wall.target)
}

/**
 * Whether the good certificate's answer can be the app's. A refusal, the server's own page about certificates, or a
 * gateway without its app shows nothing of what lies behind the door.
 */
export function reachedApp(outcome: Outcome): boolean {
  if (outcome.kind !== 'answer') return false
  const { status, body } = outcome.answer
  if (refusalStatuses.has(status) || busyStatuses.has(status) || status >= 500) return false
  const text = body.subarray(0, 8_192).toString('latin1')
  return status !== 400 && !(status > 400 && certificatePages.some((page) => text.includes(page)))
}

/** Whether an answer says itself that whoever asks is refused, or is the server's own page about certificates. */
export function saysRefused({ status, body }: Answer): boolean {
  return refusalStatuses.has(status) || (status >= 400 && certificatePages.some((page) => body.includes(page)))
}

/** One line for people: what the outcome was, without any of its content. */
export function describeOutcome(outcome: Outcome): string {
  return outcome.kind === 'answer'
    ? String(outcome.answer.status)
    : judgeStranger(outcome, { good: [], target: '/', traces: [], channel: 'tls' }).why
}

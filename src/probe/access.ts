import type { Trace } from '../traces/trace.ts'
import type { Answer } from './answer.ts'
import { type Arm, type ArmCredentials, arms } from './arms.ts'
import { type Credential, type Exchange, type Outcome, tlsVersions, type Way } from './exchange.ts'
import { inParallel } from './in-parallel.ts'
import { asksForWall, describeOutcome, type Judgement, judgeStranger, type Lesson, reachedApp } from './judge.ts'

/** One arm, on one route, in one way in, and what it came to. */
export interface Cell {
  readonly arm: Arm
  readonly transport: Way['transport']
  readonly route: string
  /**
   * `admitted` of a stranger is an open door, of the good certificate the proof that the door can open at all.
   * `not offered`: the service does not speak this TLS version. `not tested` says so and is never a pass.
   */
  readonly verdict: Judgement['verdict'] | 'not offered' | 'not tested'
  readonly why: string
  readonly isSignIn?: boolean
  /** What the verdict rests on. */
  readonly exchange?: Exchange
}

/** Sends one request one way; already bound to origin, limits and the run's budget. Undefined when the budget is spent. */
export type Send = (way: Way, target: string) => Promise<Exchange | undefined>

export interface AccessOptions {
  readonly routes: readonly string[]
  /** `fresh`: a good certificate of the CA whose key was given, the control of what that CA signed badly. */
  readonly credentials: ArmCredentials & { readonly fresh?: Credential }
  readonly traces: readonly Trace[]
  /** A path that surely does not exist. */
  readonly unknownPath: string
  readonly send: Send
}

/** How many routes are tried at once; the arms of one route take turns, between its controls. */
const atOnceMax = 4
/** In clear most of the time is spent waiting for a TLS port that does not answer; see exchange.ts on half-closing. */
const plainAtOnceMax = 16
/** How often the good answer is learnt before strangers are judged: twice shows what varies, a third time makes it sure. */
const lessonsMin = 3
/** A refused stranger knocks again: behind one address there may be several servers that do not agree. */
const knocksMin = 2

/** Tries every arm on every route over TLS 1.2, TLS 1.3 and in clear, and judges each by what its request got. */
export async function tryAccess(options: AccessOptions): Promise<readonly Cell[]> {
  const cells: Cell[] = []
  for (const transport of tlsVersions) {
    const learnt = (await inParallel(options.routes, atOnceMax, (route) => tryRoute(options, transport, route))).flat()
    cells.push(...(isOffered(learnt) ? learnt : asNotOffered(learnt)))
  }
  const channel = speaksTls(cells) ? 'plain' : 'only plain'
  const plain = await inParallel(options.routes, plainAtOnceMax, (route) => tryPlain(options, route, channel, cells))
  return [...cells, ...plain]
}

async function tryRoute(options: AccessOptions, transport: Way['transport'], route: string): Promise<Cell[]> {
  const good = options.credentials.credentials.good
  const lessons = good ? await learn(options, { transport, credential: good }, route) : []
  const answers = lessons.flatMap(({ outcome }) =>
    reachedApp(outcome) ? [(outcome as { answer: Answer }).answer] : [],
  )
  const isLearnt = lessons.length > 0 && answers.length === lessons.length
  const lesson: Lesson = { good: isLearnt ? answers : [], target: route, traces: options.traces, channel: 'tls' }
  const cells: Cell[] = []
  for (const arm of arms) {
    if (arm.isPlain || arm.who === 'good') continue
    cells.push(await tryArm(options, arm, transport, route, lesson))
  }
  if (!good) return cells
  const control = await options.send({ transport, credential: good }, route)
  const goodCell = controlCell(transport, route, lessons, control, isLearnt)
  // A service that no longer answers the good certificate may have refused the others for a reason of its own.
  const isSteady = !isLearnt || goodCell.verdict === 'admitted'
  return [...(isSteady ? cells : cells.map(asUnsteady)), goodCell]
}

async function learn(options: AccessOptions, way: Way, route: string): Promise<Exchange[]> {
  const lessons: Exchange[] = []
  while (lessons.length < lessonsMin) {
    const lesson = await options.send(way, route)
    if (!lesson) break
    lessons.push(lesson)
    if (!reachedApp(lesson.outcome)) break
  }
  return lessons
}

function controlCell(
  transport: Way['transport'],
  route: string,
  lessons: readonly Exchange[],
  control: Exchange | undefined,
  isLearnt: boolean,
): Cell {
  const arm = arms.find(({ who }) => who === 'good') as Arm
  const base = { arm, transport, route }
  const last = control ?? lessons.at(-1)
  if (!last || !control) return { ...base, verdict: 'not tested', why: 'the time was up' }
  const shown = (isLearnt ? control : (lessons.at(-1) ?? control)) as Exchange
  const word = describeOutcome(shown.outcome)
  if (isLearnt && reachedApp(control.outcome)) return { ...base, verdict: 'admitted', why: word, exchange: control }
  if (isLearnt) return { ...base, verdict: 'unclear', why: `answered first, and at the end: ${word}`, exchange: shown }
  const verdict = shown.outcome.kind === 'timeout' || shown.outcome.kind === 'failed' ? 'unclear' : 'refused'
  return { ...base, verdict, why: word, exchange: shown }
}

async function tryArm(
  options: AccessOptions,
  arm: Arm,
  transport: Way['transport'],
  route: string,
  lesson: Lesson,
): Promise<Cell> {
  const base = { arm, transport, route }
  const credential = options.credentials.credentials[arm.id]
  if (arm.needsCredential && !credential) {
    return {
      ...base,
      verdict: 'not tested',
      why: options.credentials.missing[arm.id] ?? 'there is no certificate for it',
    }
  }
  const cell = await knock(options, base, { transport, ...(credential ? { credential } : {}) }, lesson)
  return arm.who === 'holder' && cell.verdict === 'refused' ? withControl(options, cell) : cell
}

/** A refusal counts only where a fresh certificate of the same CA gets in: else it may be the CA that is refused. */
async function withControl(options: AccessOptions, cell: Cell): Promise<Cell> {
  const { fresh } = options.credentials
  const control = fresh ? await options.send({ transport: cell.transport, credential: fresh }, cell.route) : undefined
  if (control && reachedApp(control.outcome)) return cell
  return { ...cell, verdict: 'unclear', why: `${cell.why}; but so is a fresh certificate of the given CA` }
}

async function tryPlain(
  options: AccessOptions,
  route: string,
  channel: Lesson['channel'],
  cells: readonly Cell[],
): Promise<Cell> {
  const arm = arms.find(({ isPlain }) => isPlain) as Arm
  const good = cells.flatMap((cell) =>
    cell.arm.who === 'good' &&
    cell.route === route &&
    cell.exchange?.outcome.kind === 'answer' &&
    cell.verdict === 'admitted'
      ? [cell.exchange.outcome.answer]
      : [],
  )
  const lesson: Lesson = { good, target: route, traces: options.traces, channel }
  return knock(options, { arm, transport: 'plain', route }, { transport: 'plain' }, lesson)
}

/** Knocks until somebody opens, at most `knocksMin` times. The most open of the answers counts. */
async function knock(
  options: AccessOptions,
  base: Pick<Cell, 'arm' | 'transport' | 'route'>,
  way: Way,
  lesson: Lesson,
): Promise<Cell> {
  let worst: Cell | undefined
  for (let knocks = 0; knocks < knocksMin; knocks++) {
    const exchange = await options.send(way, base.route)
    if (!exchange) break
    const wall = asksForWall(exchange.outcome) ? await options.send(way, options.unknownPath) : undefined
    const judgement = judgeStranger(exchange.outcome, {
      ...lesson,
      ...(wall ? { wall: { outcome: wall.outcome, target: options.unknownPath } } : {}),
    })
    const cell: Cell = { ...base, ...judgement, exchange }
    if (!worst || openness[cell.verdict] > openness[worst.verdict]) worst = cell
    if (worst.verdict === 'admitted' || exchange.outcome.kind === 'timeout') break
  }
  return worst ?? { ...base, verdict: 'not tested', why: 'the time was up' }
}

const openness: Record<Cell['verdict'], number> = {
  'not tested': 0,
  'not offered': 0,
  refused: 1,
  unclear: 2,
  admitted: 3,
}

function asUnsteady(cell: Cell): Cell {
  if (cell.verdict !== 'refused') return cell
  return {
    ...cell,
    verdict: 'unclear',
    why: `${cell.why}; but the good certificate was no longer answered afterwards either`,
  }
}

/**
 * Whether the service speaks this TLS version: not when it says so, not when it answers a hello with something that is no
 * TLS, and not when everybody, the good certificate and no certificate alike, fails in the handshake in the same way.
 */
function isOffered(cells: readonly Cell[]): boolean {
  const tried = cells.flatMap((cell) => (cell.exchange ? [cell.exchange.outcome] : []))
  if (tried.length === 0 || tried.some(isVersionRefusal)) return tried.length === 0
  if (tried.every((outcome) => outcome.kind === 'garbage' && outcome.stage === 'handshake')) return false
  const hasBothEnds =
    cells.some((cell) => cell.arm.who === 'good' && cell.exchange) &&
    cells.some((cell) => cell.arm.id === 'no-certificate' && cell.exchange)
  const first = tried[0] as Outcome
  const isInHandshake = 'stage' in first && first.stage === 'handshake' && first.kind !== 'timeout'
  const isOneForAll = tried.every(
    (other) => other.kind === first.kind && describeOutcome(other) === describeOutcome(first),
  )
  return !(hasBothEnds && isInHandshake && isOneForAll)
}

function isVersionRefusal(outcome: Outcome): boolean {
  if (outcome.kind === 'alert') return outcome.alert === 'protocol version' && outcome.stage === 'handshake'
  return outcome.kind === 'failed' && outcome.code === 'ERR_SSL_UNSUPPORTED_PROTOCOL'
}

function asNotOffered(cells: readonly Cell[]): Cell[] {
  const shown = cells.find((cell) => cell.exchange)?.exchange
  const why = shown ? describeOutcome(shown.outcome) : ''
  return cells.map((cell) => ({ ...cell, verdict: 'not offered', why }))
}

/** A TLS server gives itself away by a finished handshake or by an alert. */
function speaksTls(cells: readonly Cell[]): boolean {
  return cells.some(({ exchange }) => {
    if (!exchange) return false
    const { outcome } = exchange
    return exchange.server !== undefined || outcome.kind === 'alert' || outcome.kind === 'failed'
  })
}

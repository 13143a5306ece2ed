import { scanMemory } from '../src/demo/scan-memory.ts'
import type { Contender, Payload, RunningDoor, Scene } from './door.ts'
import type { Curve, Generate, GoGenerator, Load, LoadResult } from './load.ts'
import { cpuSeconds, type Memory, memory } from './process.ts'
import { type Point, type Slope, type Spread, slopeOf, spread } from './statistics.ts'

export interface CompareOptions {
  readonly rounds: number
  readonly load: Load
  /** Times that each door is started to learn how long it takes. */
  readonly starts: number
  /** For the slope of memory; 0: not measured. */
  readonly requests: number
  readonly generate: Generate
  readonly go: GoGenerator | undefined
  readonly curve: Curve
  /** Where progress is told. */
  say(text: string): void
}

/** What was measured of one door with one payload. Times in microseconds. */
export interface Measured {
  readonly name: string
  readonly version: string
  /** NaN where there is no door. */
  readonly cpuUs: Spread
  /** Over nginx's in the same round. */
  readonly cpuRatio?: Spread
  /** Over that of the nginx which does the same work, where there is one beside the plain one. */
  readonly cpuRatioAlike?: Spread
  readonly requestsPerSecond: Spread
  readonly p50Us: Spread
  readonly p99Us: Spread
  readonly p99Ratio?: Spread
  /** More than without a door in the same round. */
  readonly addedP50Us?: Spread
  readonly addedP99Us?: Spread
  /** At the end of each round, under load, after all payloads before. */
  readonly residentMiB: Spread
  readonly anonymousMiB: Spread
}

/** What was measured of one door besides. */
export interface Whole {
  readonly name: string
  readonly version: string
  readonly startMs: Spread
  readonly handshakes?: Handshakes
  readonly slope?: MemorySlope
  /** Of the key in its memory, in whatever spelling, a second after the last request; -1: it cannot be read. */
  readonly copies?: number
}

export interface Handshakes {
  readonly tls: string
  readonly perSecond: Spread
  readonly cpuUs: Spread
  /** In the last round: what many connections, one after the other, leave behind. */
  readonly residentMiB: number
  readonly perSecondRatio?: Spread
  readonly cpuRatio?: Spread
}

export interface MemorySlope extends Slope {
  /** Of each look; the slope is that of the last one's second half. */
  readonly requests: number
  readonly looks: number
  /** At the beginning of the first look and at the end of the last. */
  readonly firstMiB: number
  readonly lastMiB: number
}

export interface Comparison {
  readonly name: string
  readonly says: string
  readonly payloads: readonly { readonly payload: Payload; readonly doors: readonly Measured[] }[]
  readonly doors: readonly Whole[]
  readonly absent: readonly string[]
}

interface Round {
  readonly cpuUs: number
  readonly result: LoadResult
  readonly residentMiB: number
  readonly anonymousMiB: number
}

interface Subject {
  readonly contender: Contender
  readonly starts: number[]
  /** By payload. */
  readonly rounds: Map<Payload, Round[]>
  readonly handshakes: Round[]
  slope?: MemorySlope
  copies?: number
  door: RunningDoor
}

const warmUpSeconds = 2
/** Event streams at a time. */
export const eventStreams = 100
const yardstick = 'nginx'
const yardsticksAlike = { plain: undefined, gzip: 'nginx-gunzip', events: undefined } as const
const nothingBetween = 'no door'
const slopeLooksMax = 5
/** As long after its last request a key must be gone. */
const scanAfterMs = 1_000

/** Grows: by more than a mebibyte, and by more than three times what the fit leaves in doubt. */
export function isFlat({ slope, error }: Slope): boolean {
  return slope < 1 || slope < 3 * error
}

/** All doors in turn, round after round, so that whatever else the machine does falls on each of them. */
export async function compare(scene: Scene, options: CompareOptions): Promise<Comparison> {
  const { rounds, load, go, say } = options
  const kinds = new Set(scene.payloads.map(({ kind }) => kind))
  const contenders = scene.contenders.filter(({ only }) => only === undefined || kinds.has(only))
  const throughout = contenders.filter(({ only }) => only === undefined)
  const starts = await measureStarts(throughout, options)
  const subjects: Subject[] = []
  for (const contender of contenders) {
    const door = await contender.start()
    const times = starts[throughout.indexOf(contender)] ?? []
    subjects.push({ contender, starts: times, rounds: new Map(), handshakes: [], door })
  }
  const says = (subject: Subject, what: string) => say(`${scene.name}: ${subject.contender.name}: ${what}`)
  for (const payload of scene.payloads)
    await measurePayload(takingPart(subjects, payload), payload, options, (subject, what) =>
      says(subject, `${payload.name}, ${what}`),
    )
  const [first] = scene.payloads
  const lasting = subjects.filter(({ contender }) => contender.only === undefined)
  if (go && first && first.kind === 'plain' && options.requests > 0) {
    for (const subject of lasting) {
      const look = () => measureSlope(subject.door, first, go, load, options.requests)
      says(subject, `memory over ${options.requests} requests`)
      let slope = await look()
      // A heap grows in a step or two before it is as large as it will be; what grows without end does so every time.
      while (!isFlat(slope) && slope.looks < slopeLooksMax) {
        says(subject, `memory over ${options.requests} requests, once more`)
        slope = { ...(await look()), firstMiB: slope.firstMiB, looks: slope.looks + 1 }
      }
      subject.slope = slope
    }
  }
  if (go && first && scene.name === 'ingress') {
    for (let round = 0; round < rounds; round++) {
      for (const subject of lasting) {
        says(subject, `handshakes, round ${round + 1} of ${rounds}`)
        const generate: Generate = (target, given) => go.handshakes(target, given, options.curve)
        subject.handshakes.push(await measureRound(subject, first, generate, load))
      }
    }
  }
  const { secret } = scene
  if (secret) {
    await new Promise((resolve) => setTimeout(resolve, scanAfterMs))
    for (const subject of lasting) subject.copies = countCopies(subject.door, secret)
  }
  for (const { door } of subjects) await door.stop()
  return {
    name: scene.name,
    says: scene.says,
    payloads: scene.payloads.map((payload) => ({ payload, doors: summarizePayload(subjects, payload) })),
    doors: lasting.map((subject) => summarizeWhole(subject, lasting)),
    absent: scene.absent,
  }
}

function takingPart(subjects: readonly Subject[], { kind }: Payload): Subject[] {
  return subjects.filter(({ contender: { only } }) => only === undefined || only === kind)
}

async function measurePayload(
  subjects: readonly Subject[],
  payload: Payload,
  { rounds, load, generate, go }: CompareOptions,
  says: (subject: Subject, what: string) => void,
): Promise<void> {
  const isStream = payload.kind === 'events'
  const generateThis = isStream ? go?.events : generate
  if (!generateThis) return
  const connections = isStream ? eventStreams : Math.min(load.connections, payload.connectionsMax)
  for (const { door, contender } of subjects)
    await named(contender, generateThis(door.target(payload), { ...load, connections, seconds: warmUpSeconds }))
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      says(subject, `round ${round} of ${rounds}`)
      const measured = await measureRound(subject, payload, generateThis, { ...load, connections })
      subject.rounds.set(payload, [...(subject.rounds.get(payload) ?? []), measured])
    }
  }
}

function countCopies(door: RunningDoor, secret: Uint8Array): number {
  let copies = 0
  try {
    for (const pid of door.pids()) for (const count of Object.values(scanMemory(pid, secret))) copies += count
  } catch {
    // Another user's, or not dumpable and we are not root.
    return -1
  }
  return copies
}

async function measureStarts(contenders: readonly Contender[], { starts, say }: CompareOptions): Promise<number[][]> {
  const times: number[][] = contenders.map(() => [])
  for (let turn = 0; turn <= starts; turn++) {
    say(`start ${turn} of ${starts}`)
    for (const [index, contender] of contenders.entries()) {
      const door = await contender.start()
      await door.stop()
      // The first fills the file cache, and Node's compile cache.
      if (turn > 0) times[index]?.push(door.startMs)
    }
  }
  return times
}

async function measureRound(
  { door, contender }: Subject,
  payload: Payload,
  generate: Generate,
  load: Load,
): Promise<Round> {
  const pids = () => door.pids()
  let before = cpuSeconds(pids())
  let after: number | undefined
  // Looked at while it works: an idle door gives memory back.
  let seen: Memory | undefined
  let timer = setTimeout(() => {
    seen = memory(pids())
  }, load.seconds * 900)
  const loading = generate(door.target(payload), load, {
    began() {
      before = cpuSeconds(pids())
      timer = timer.refresh()
    },
    counted() {
      after = cpuSeconds(pids())
    },
  })
  const result = await named(contender, loading)
  clearTimeout(timer)
  const cpuUs = (((after ?? cpuSeconds(pids())) - before) * 1e6) / result.requests
  return { cpuUs: pids().length > 0 ? cpuUs : Number.NaN, result, ...(seen ?? memory(pids())) }
}

async function measureSlope(
  door: RunningDoor,
  payload: Payload,
  go: GoGenerator,
  load: Load,
  requests: number,
): Promise<MemorySlope> {
  const points: Point[] = []
  const every = Math.max(1, Math.floor(requests / 200))
  await go.count(door.target(payload), load, requests, every, (done) => {
    points.push({ x: done / 100_000, y: memory(door.pids()).residentMiB })
  })
  const half = points.slice(Math.floor(points.length / 2))
  return {
    ...slopeOf(half),
    requests,
    looks: 1,
    firstMiB: points[0]?.y ?? Number.NaN,
    lastMiB: points.at(-1)?.y ?? Number.NaN,
  }
}

async function named(contender: Contender, loading: Promise<LoadResult>): Promise<LoadResult> {
  try {
    return await loading
  } catch (error) {
    throw new Error(`${contender.name}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

function summarizePayload(subjects: readonly Subject[], payload: Payload): Measured[] {
  const measured = takingPart(subjects, payload).filter(({ rounds }) => rounds.has(payload))
  const roundsOf = (name: string | undefined) =>
    measured.find(({ contender }) => contender.name === name)?.rounds.get(payload)
  const nginx = roundsOf(yardstick)
  const alike = roundsOf(yardsticksAlike[payload.kind])
  const direct = roundsOf(nothingBetween)
  return measured.map(({ contender, rounds }) => {
    const own = rounds.get(payload) ?? []
    const of = (value: (round: Round) => number) => spread(own.map(value))
    const against = (
      others: readonly Round[] | undefined,
      value: (round: Round) => number,
      how: (ours: number, theirs: number) => number,
    ) => others && spread(own.map((round, index) => how(value(round), value(others[index] as Round))))
    const over = (ours: number, theirs: number) => ours / theirs
    const more = (ours: number, theirs: number) => ours - theirs
    const hasDoor = contender.name !== nothingBetween
    return {
      name: contender.name,
      version: contender.version,
      cpuUs: of(({ cpuUs }) => cpuUs),
      ...(hasDoor && {
        ...present(
          'cpuRatio',
          against(nginx, ({ cpuUs }) => cpuUs, over),
        ),
        ...present(
          'cpuRatioAlike',
          against(alike, ({ cpuUs }) => cpuUs, over),
        ),
        ...present(
          'p99Ratio',
          against(nginx, ({ result }) => result.p99Us, over),
        ),
        ...present(
          'addedP50Us',
          against(direct, ({ result }) => result.p50Us, more),
        ),
        ...present(
          'addedP99Us',
          against(direct, ({ result }) => result.p99Us, more),
        ),
      }),
      requestsPerSecond: of(({ result }) => result.requests / result.seconds),
      p50Us: of(({ result }) => result.p50Us),
      p99Us: of(({ result }) => result.p99Us),
      residentMiB: of(({ residentMiB }) => residentMiB),
      anonymousMiB: of(({ anonymousMiB }) => anonymousMiB),
    }
  })
}

function present<Name extends string>(name: Name, value: Spread | undefined): Partial<Record<Name, Spread>> {
  return value ? ({ [name]: value } as Record<Name, Spread>) : {}
}

function summarizeWhole(subject: Subject, all: readonly Subject[]): Whole {
  const { contender, handshakes, starts, slope, copies } = subject
  const nginx = all.find((other) => other.contender.name === yardstick)
  return {
    name: contender.name,
    version: contender.version,
    startMs: spread(starts),
    ...(handshakes.length > 0 ? { handshakes: summarizeHandshakes(subject, nginx) } : {}),
    ...(slope ? { slope } : {}),
    ...(copies === undefined ? {} : { copies }),
  }
}

function summarizeHandshakes({ handshakes }: Subject, nginx: Subject | undefined): Handshakes {
  const rate = ({ result }: { result: LoadResult }) => result.requests / result.seconds
  const ratio = (value: (one: { cpuUs: number; result: LoadResult }) => number) =>
    spread(handshakes.map((one, index) => value(one) / value(nginx?.handshakes[index] ?? one)))
  return {
    tls: handshakes[0]?.result.tls ?? '',
    perSecond: spread(handshakes.map(rate)),
    cpuUs: spread(handshakes.map(({ cpuUs }) => cpuUs)),
    residentMiB: handshakes.at(-1)?.residentMiB ?? Number.NaN,
    ...(nginx ? { perSecondRatio: ratio(rate), cpuRatio: ratio(({ cpuUs }) => cpuUs) } : {}),
  }
}

import type { Contender, RunningDoor, Scene } from './door.ts'
import type { Curve, Generate, GoGenerator, Load, LoadResult } from './load.ts'
import { cpuSeconds, memory } from './process.ts'
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
  say(text: string): void
}

/** What was measured of one door. Times in microseconds where the name says nothing else. */
export interface Measured {
  readonly name: string
  readonly version: string
  readonly cpuUs: Spread
  /** Over nginx's in the same round. */
  readonly cpuRatio?: Spread
  readonly requestsPerSecond: Spread
  readonly p50Us: Spread
  readonly p99Us: Spread
  /** At the end of each round, under load. */
  readonly residentMiB: Spread
  readonly anonymousMiB: Spread
  readonly startMs: Spread
  readonly handshakes?: Handshakes
  readonly slope?: MemorySlope
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
  readonly doors: readonly Measured[]
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
  readonly rounds: Round[]
  readonly handshakes: Round[]
  slope?: MemorySlope
  door: RunningDoor
}

const warmUpSeconds = 2
const yardstick = 'nginx'
const slopeLooksMax = 5

/** Grows: by more than a mebibyte, and by more than three times what the fit leaves in doubt. */
export function isFlat({ slope, error }: Slope): boolean {
  return slope < 1 || slope < 3 * error
}

/** All doors in turn, round after round, so that whatever else the machine does falls on each of them. */
export async function compare(scene: Scene, options: CompareOptions): Promise<Comparison> {
  const { rounds, load, go, say } = options
  const starts = await measureStarts(scene.contenders, options)
  const subjects: Subject[] = []
  for (const [index, contender] of scene.contenders.entries()) {
    const door = await contender.start()
    subjects.push({ contender, starts: starts[index] ?? [], rounds: [], handshakes: [], door })
  }
  const says = (subject: Subject, what: string) => say(`${scene.name}: ${subject.contender.name}: ${what}`)
  for (const { door, contender } of subjects)
    await named(contender, options.generate(door.target, { ...load, seconds: warmUpSeconds }))
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      says(subject, `round ${round} of ${rounds}`)
      subject.rounds.push(await measureRound(subject, options.generate, load))
    }
  }
  if (go && options.requests > 0) {
    for (const subject of subjects) {
      says(subject, `memory over ${options.requests} requests`)
      let slope = await measureSlope(subject.door, go, load, options.requests)
      // A heap grows in a step or two before it is as large as it will be; what grows without end does so every time.
      while (!isFlat(slope) && slope.looks < slopeLooksMax) {
        says(subject, `memory over ${options.requests} requests, once more`)
        const next = await measureSlope(subject.door, go, load, options.requests)
        slope = { ...next, firstMiB: slope.firstMiB, looks: slope.looks + 1 }
      }
      subject.slope = slope
    }
  }
  if (go && scene.name === 'ingress') {
    for (let round = 0; round < rounds; round++) {
      for (const subject of subjects) {
        says(subject, `handshakes, round ${round + 1} of ${rounds}`)
        subject.handshakes.push(
          await measureRound(subject, (target, given) => go.handshakes(target, given, options.curve), load),
        )
      }
    }
  }
  for (const { door } of subjects) await door.stop()
  const nginx = subjects.find(({ contender }) => contender.name === yardstick)
  return {
    name: scene.name,
    says: scene.says,
    doors: subjects.map((subject) => summarize(subject, nginx)),
    absent: scene.absent,
  }
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

async function measureRound({ door, contender }: Subject, generate: Generate, load: Load): Promise<Round> {
  const before = cpuSeconds(door.pids())
  const loading = generate(door.target, load)
  // Looked at while it works: an idle door gives memory back.
  const late = new Promise<void>((resolve) => setTimeout(resolve, load.seconds * 900))
  const seen = late.then(() => memory(door.pids()))
  const result = await named(contender, loading)
  const cpuUs = ((cpuSeconds(door.pids()) - before) * 1e6) / result.requests
  return { cpuUs, result, ...(await seen) }
}

async function measureSlope(door: RunningDoor, go: GoGenerator, load: Load, requests: number): Promise<MemorySlope> {
  const points: Point[] = []
  const every = Math.max(1, Math.floor(requests / 200))
  await go.count(door.target, load, requests, every, (done) => {
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

function summarize(subject: Subject, nginx: Subject | undefined): Measured {
  const { contender, rounds, handshakes, starts } = subject
  const of = (value: (round: Round) => number) => spread(rounds.map(value))
  const over = (value: (round: Round) => number) =>
    nginx && spread(rounds.map((round, index) => value(round) / value(nginx.rounds[index] as Round)))
  const cpuRatio = over(({ cpuUs }) => cpuUs)
  return {
    name: contender.name,
    version: contender.version,
    cpuUs: of(({ cpuUs }) => cpuUs),
    ...(cpuRatio ? { cpuRatio } : {}),
    requestsPerSecond: of(({ result }) => result.requests / result.seconds),
    p50Us: of(({ result }) => result.p50Us),
    p99Us: of(({ result }) => result.p99Us),
    residentMiB: of(({ residentMiB }) => residentMiB),
    anonymousMiB: of(({ anonymousMiB }) => anonymousMiB),
    startMs: spread(starts),
    ...(handshakes.length > 0 ? { handshakes: summarizeHandshakes(subject, nginx) } : {}),
    ...(subject.slope ? { slope: subject.slope } : {}),
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

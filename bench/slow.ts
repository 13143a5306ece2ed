import type { Contender, Scene } from './door.ts'
import type { GoGenerator } from './load.ts'
import { slowPayload } from './payload.ts'
import { memory } from './process.ts'

export interface SlowRead {
  readonly name: string
  readonly bytes: number
  readonly bytesPerSecond: number
  readonly pauseSeconds: number
  readonly seconds: number
  /** Before the request and at the end of the answer. */
  readonly beforeMiB: number
  readonly afterMiB: number
  readonly mostMiB: number
}

const lookEveryMs = 100
const warmUpBytes = 20_480

/** A long answer through each door to a reader that takes it slowly, one door after the other. */
export async function readSlowly(
  scene: Scene,
  go: GoGenerator,
  asked: { readonly slow: number; readonly rate: number },
  say: (text: string) => void,
): Promise<SlowRead[]> {
  const reads: SlowRead[] = []
  for (const contender of scene.contenders.filter(({ only }) => only === undefined))
    reads.push(await readOne(contender, go, asked, (text) => say(`${scene.name}: ${contender.name}: ${text}`)))
  return reads
}

async function readOne(
  contender: Contender,
  go: GoGenerator,
  { slow: bytes, rate: bytesPerSecond }: { readonly slow: number; readonly rate: number },
  say: (text: string) => void,
): Promise<SlowRead> {
  const door = await contender.start()
  const pauseSeconds = 5
  const resident = () => memory(door.pids()).residentMiB
  const short = door.target(slowPayload(warmUpBytes))
  for (let turn = 0; turn < 100; turn++) await go.readSlowly(short, { bytesPerSecond, pauseSeconds: 0 }, () => {})
  const beforeMiB = resident()
  let mostMiB = beforeMiB
  const looking = setInterval(() => {
    mostMiB = Math.max(mostMiB, resident())
  }, lookEveryMs)
  try {
    const target = door.target(slowPayload(bytes))
    const { seconds } = await go.readSlowly(target, { bytesPerSecond, pauseSeconds }, (done) =>
      say(`${(done / 1e9).toFixed(1)} of ${bytes / 1e9} GB`),
    )
    const afterMiB = resident()
    const name = contender.name
    return { name, bytes, bytesPerSecond, pauseSeconds, seconds, beforeMiB, afterMiB, mostMiB }
  } finally {
    clearInterval(looking)
    await door.stop()
  }
}

import { limits } from '../limits.ts'
import { YamlNotOpen } from './configuration/read-yaml.ts'
import { failureOf } from './failure-of.ts'

/** Does work that awaits nothing; false where it took longer and was stopped, wherever it was. */
export type WithinTime = (work: () => void, timeoutMs: number) => boolean

/** Where nobody watches. */
export const withoutWatch: WithinTime = (work) => {
  work()
  return true
}

/** A part of a scan's work that does not need the other parts: it awaits nothing. */
export interface Step<Result> {
  /** What a sentence about it begins with. */
  readonly name: string
  run(gap: (sentence: string) => void): Result
}

/**
 * Does one step after another. What fails, or takes more than `scanStepTimeoutMs`, is told as a gap, and the others are
 * done all the same: no file of a stranger's keeps the rest from being looked at. Never rejects for what a step does.
 */
export async function runSteps<Result>(
  steps: readonly Step<Result>[],
  withinTime: WithinTime,
  gap: (sentence: string) => void,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  let gaps: string[] = []
  const goOn = () => {
    for (let step = steps[next]; step; step = steps[++next]) {
      gaps = []
      results.push(step.run((sentence) => gaps.push(sentence)))
      gaps.forEach(gap)
    }
  }
  while (next < steps.length) {
    try {
      // One watch for all that goes well: a watch of its own for each would cost more than most of them.
      if (withinTime(goOn, limits.scanStepTimeoutMs)) continue
      gaps.forEach(gap)
      gap(`${steps[next]?.name}: took more than ${limits.scanStepTimeoutMs / 1_000} s, not looked at to the end`)
    } catch (error) {
      if (error instanceof YamlNotOpen) {
        await error.open()
        continue
      }
      gaps.forEach(gap)
      gap(`${steps[next]?.name}: ${failureOf(error)}`)
    }
    next++
  }
  return results
}

import { Script } from 'node:vm'
import type { WithinTime } from '../scan/run-steps.ts'

const work = Symbol.for('sallyport.work')
const script = new Script(`globalThis[Symbol.for('sallyport.work')]()`)

/**
 * Stops work that takes too long, by the engine's own watchdog: it also ends a loop that nobody could ask to end. The
 * script is these few words of ours; nothing else is ever run by it.
 */
export const withinTime: WithinTime = (run, timeoutMs) => {
  const before: unknown = Reflect.get(globalThis, work)
  Reflect.set(globalThis, work, run)
  try {
    script.runInThisContext({ timeout: timeoutMs })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
    throw error
  } finally {
    Reflect.set(globalThis, work, before)
  }
}

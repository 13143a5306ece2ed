import { runDemo } from '../demo/run-demo.ts'
import { writeComparison, writeJson } from '../demo/write-comparison.ts'
import { SallyportError } from '../errors.ts'
import type { World } from './command.ts'
import { wantsColor } from './terminal-color.ts'
import { version } from './version.ts'

export interface DemoFlags {
  readonly app: 'sinatra' | 'node'
  readonly format: 'text' | 'json'
  readonly keep: boolean
}

/** What a shell reports of a program that ended by the signal. */
const interrupted = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

export async function showDemo(world: World, flags: DemoFlags): Promise<void> {
  const { stdout, stderr } = world.process
  const stopping = new AbortController()
  const signals = Object.keys(interrupted) as (keyof typeof interrupted)[]
  const onSignal = (signal: NodeJS.Signals) => stopping.abort(signal)
  for (const signal of signals) process.on(signal, onSignal)
  try {
    if (flags.app === 'node') stderr.write('demo: with the Node sample: the main one is written for Sinatra\n')
    const report = await runDemo({
      app: flags.app,
      keep: flags.keep,
      environment: world.environment,
      signal: stopping.signal,
      progress: (text) => stderr.write(`demo: ${text}\n`),
    })
    const color = wantsColor(stdout, world.environment)
    stdout.write(flags.format === 'json' ? writeJson(report, version) : `\n${writeComparison(report, color)}`)
    const [first, ...others] = report.claims.failed
    if (first === undefined) return
    throw new SallyportError('DEMO_CLAIM_FAILED', `not held: ${[first, ...others].join(', ')}`)
  } catch (error) {
    if (!stopping.signal.aborted) throw error
    stderr.write('demo: interrupted; everything that it started is stopped\n')
    world.finish(interrupted[stopping.signal.reason as keyof typeof interrupted] ?? 2)
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

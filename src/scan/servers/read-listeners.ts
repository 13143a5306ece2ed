import { limits } from '../../limits.ts'
import { runSteps, type WithinTime, withoutWatch } from '../run-steps.ts'
import type { Tree } from '../tree.ts'
import type { Deployment } from './deployment.ts'
import type { Listener } from './listener.ts'
import { table } from './models/index.ts'

/** Who listens where, as the tree's configuration and start commands really have it. */
export async function readListeners(
  tree: Tree,
  deployment: Deployment,
  gap: (sentence: string) => void,
  withinTime: WithinTime = withoutWatch,
): Promise<readonly Listener[]> {
  const models = await Promise.all(table.map(({ load }) => load()))
  const steps = models.map((model) => ({
    name: `listeners of ${model.title}`,
    run: (gap: (sentence: string) => void) => {
      const listeners: Listener[] = []
      for (const listener of model.read(tree, deployment, gap)) {
        listeners.push(listener)
        if (listeners.length > limits.listenersMax) break
      }
      return listeners
    },
  }))
  const listeners = (await runSteps(steps, withinTime, gap)).flat()
  if (listeners.length > limits.listenersMax)
    gap(`more than ${limits.listenersMax} listeners are configured: the rest was not looked at`)
  return listeners.slice(0, limits.listenersMax)
}

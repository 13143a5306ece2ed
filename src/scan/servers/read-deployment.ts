import { limits } from '../../limits.ts'
import { runSteps, type WithinTime, withoutWatch } from '../run-steps.ts'
import type { Tree } from '../tree.ts'
import type { Deployment, Start } from './deployment.ts'
import { table } from './starts/index.ts'
import { areStartsComplete } from './starts-of.ts'

/** How the tree's programs are started, as its files say it. */
export async function readDeployment(tree: Tree, withinTime: WithinTime = withoutWatch): Promise<Deployment> {
  const readers = await Promise.all(table.map(({ load }) => load()))
  const gaps: string[] = []
  const steps = readers.map((reader) => ({
    name: `starts of the sort ${reader.id}`,
    run: (gap: (sentence: string) => void) => {
      const starts: Start[] = []
      for (const start of reader.read(tree, gap)) {
        starts.push(start)
        if (starts.length >= limits.scanStartsMax) {
          gap(`more than ${limits.scanStartsMax} starts of the sort ${reader.id}: the rest was not looked at`)
          break
        }
      }
      return starts
    },
  }))
  const starts = (await runSteps(steps, withinTime, (gap) => gaps.push(gap))).flat()
  if (!areStartsComplete(tree))
    gaps.push(
      `more than ${limits.scanCommandsOfTreeMax} commands start the tree's programs: the rest was not looked at`,
    )
  return { starts, gaps }
}

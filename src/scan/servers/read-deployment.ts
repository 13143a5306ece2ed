import type { Tree } from '../tree.ts'
import type { Deployment, Start } from './deployment.ts'
import { table } from './starts/index.ts'

/** How the tree's programs are started, as its files say it. */
export async function readDeployment(tree: Tree): Promise<Deployment> {
  const readers = await Promise.all(table.map(({ load }) => load()))
  const gaps: string[] = []
  const starts: Start[] = []
  for (const reader of readers) starts.push(...(await reader.read(tree, (gap) => gaps.push(gap))))
  return { starts, gaps }
}

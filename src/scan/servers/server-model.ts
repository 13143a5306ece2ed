import type { Tree } from '../tree.ts'
import type { Deployment } from './deployment.ts'
import type { Listener } from './listener.ts'

/** One server: which of the tree's files configure it, and what it then does. */
export interface ServerModel {
  readonly id: string
  readonly title: string
  read(tree: Tree, deployment: Deployment): Iterable<Listener>
  readonly documentation: string
}

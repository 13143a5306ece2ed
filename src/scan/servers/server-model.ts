import type { Tree } from '../tree.ts'
import type { Deployment } from './deployment.ts'
import type { Listener } from './listener.ts'

/** One server: which of the tree's files configure it, and what it then does. */
export interface ServerModel {
  readonly id: string
  readonly title: string
  /** `gap` is called with a sentence for what could not be understood. */
  read(tree: Tree, deployment: Deployment, gap: (sentence: string) => void): Iterable<Listener>
  readonly documentation: string
}

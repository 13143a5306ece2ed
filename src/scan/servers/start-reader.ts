import type { Tree } from '../tree.ts'
import type { Start } from './deployment.ts'

/** One sort of file that starts programs. */
export interface StartReader {
  readonly id: string
  readonly title: string
  /** `gap` is called with a sentence for what could not be understood. */
  read(tree: Tree, gap: (sentence: string) => void): Iterable<Start>
  readonly documentation: string
}

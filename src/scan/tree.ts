import type { Expression } from './form.ts'
import type { SourceFile } from './source-file.ts'
import type { Topic } from './topics.ts'

/**
 * The files that are scanned, for whoever asks for one by its name: configuration, start scripts, certificates. Paths
 * are relative, with `/`. Nothing that is asked ever throws, and nothing outside of the tree can be asked for.
 */
export interface Tree {
  /** Every file, text or not, sorted. */
  readonly paths: readonly string[]
  /** Undefined where there is no such file, or it is not text, not readable or too large. */
  file(path: string): SourceFile | undefined
  bytes(path: string): Uint8Array | undefined
  /** Permission bits, where they are known. */
  mode(path: string): number | undefined
  /** Whether the file is text that may be about this. Of what was examined it is known without reading it again. */
  isAbout(path: string, topic: Topic): boolean
  /** The file in the common form; undefined where it is in no language that is read, or not to be understood. */
  form(path: string): Expression | undefined
}

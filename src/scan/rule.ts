import type { Confidence, Severity } from '../finding/finding.ts'
import type { KeyKind } from '../keys/kind.ts'
import type { Flow } from './flow/flow-record.ts'
import type { Program } from './flow/program.ts'
import type { Trace } from './flow/value.ts'
import type { KeyLiteral } from './literals/find-key-literals.ts'
import type { SourceFile } from './source-file.ts'

/** All that a rule sees of one program. */
export interface Evidence {
  readonly program: Program
  readonly flows: readonly Flow[]
  readonly literals: readonly KeyLiteral[]
  /** Whether messages of this exception quote what the program holds, and not what its author wrote for clients. */
  isRevealing(exception: string): boolean
  /** The kind of the key that a label names: by its variable, or as a literal. */
  kindOf(name: string): KeyKind | undefined
  /** Middleware and settings that answer with the whole exception. */
  readonly debugging: { readonly middleware: readonly string[]; readonly settings: readonly string[] }
}

/** What a rule says; a finding once its places are lines and its texts are masked. */
export interface Problem {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  readonly message: string
  readonly fix: string
  /** Where they differ from the rule's own. */
  readonly severity?: Severity
  readonly confidence?: Confidence
  readonly trace?: Trace
  readonly evidence?: readonly string[]
  /** What makes it the same leak when lines move. */
  readonly identity: readonly string[]
}

/** A file `app.rb`, or files by their names. `{{kind-id}}` stands for a key of that kind, made when it is needed. */
export type Example = string | Readonly<Record<string, string>>

/** One thing that the scanner looks for. The examples are its tests and stand on its page. */
export interface Rule {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly cwe: number
  /** What it finds, why it matters, how to fix it; Markdown. */
  readonly explanation: string
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] }
  check(evidence: Evidence): Iterable<Problem>
}

import type { Confidence, Severity } from '../finding/finding.ts'
import type { Cap } from '../finding/grade.ts'
import type { KeyKind } from '../keys/kind.ts'
import type { AllowComment } from './allow/find-allows.ts'
import type { Flow } from './flow/flow-record.ts'
import type { Program } from './flow/program.ts'
import type { Trace } from './flow/value.ts'
import type { HistorySecret } from './history/history-secret.ts'
import type { SecretLiteral } from './literals/place-secrets.ts'
import type { Debugging } from './model.ts'
import type { Deployment, KnownStarts } from './servers/deployment.ts'
import type { Listener } from './servers/listener.ts'
import type { SourceFile } from './source-file.ts'
import type { Tree } from './tree.ts'

/** What a rule about single files sees: one file, whatever its language, and the secrets that are written in it. */
export interface FileEvidence {
  readonly file: SourceFile
  readonly literals: readonly SecretLiteral[]
  /** Comments that say to allow something. */
  readonly allows: readonly AllowComment[]
  isRule(id: string): boolean
}

/** What a rule about programs sees: one program, followed. */
export interface ProgramEvidence {
  readonly program: Program
  readonly flows: readonly Flow[]
  /** How the tree's programs are started, as far as its files say. */
  readonly deployment: KnownStarts
  /** Tells, in a sentence, of something that is not looked at. */
  leavesOut(sentence: string): void
  /** Whether messages of this exception quote what the program holds, and not what its author wrote for clients. */
  isRevealing(exception: string): boolean
  /** The kind of the key that a label names: by its variable, or as a literal. */
  kindOf(name: string): KeyKind | undefined
  /** Calls that say which columns of a database are encrypted. */
  readonly encrypting: readonly string[]
  /** Names that say that lines of the log are written as data. */
  readonly structuring: readonly string[]
  /** Constants that clients verify their peers by. */
  readonly verifying: readonly string[]
  /** Settings for a function that has the last word on a peer's certificate. */
  readonly judging: readonly string[]
  /** Middleware and settings that answer with the whole exception. */
  readonly debugging: Required<Debugging>
}

/** What a rule about the tree sees: its files, how its programs are started, and who listens where. */
export interface TreeEvidence {
  readonly tree: Tree
  readonly deployment: Deployment
  readonly listeners: readonly Listener[]
  /** What expiry is judged by. */
  readonly now: Date
  /** The web frameworks that the tree's programs use, by the folder of each program. */
  readonly programs: readonly { readonly folder: string; readonly frameworks: readonly string[] }[]
}

/** What a rule about the history sees: the secrets of commits, messages and names that are in no file any more. */
export interface HistoryEvidence {
  readonly secrets: readonly HistorySecret[]
}

/** What a rule says; a finding once its places are lines and its texts are masked. */
export interface Problem {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  readonly message: string
  readonly fix: string
  /** What should stand in the place of `start` to `end`; may have several lines. */
  readonly correction?: string
  /** Where they differ from the rule's own. */
  readonly severity?: Severity
  readonly confidence?: Confidence
  readonly trace?: Trace
  /** Other ways to the same leak. */
  readonly otherTraces?: readonly Trace[]
  /** Where it holds, when not everywhere: `only in production`. */
  readonly holds?: string
  readonly evidence?: readonly string[]
  /** What makes it the same leak when lines move. */
  readonly identity: readonly string[]
}

/**
 * A file `app.rb`, or files by their names; of a rule about the history, all files of each commit, as `commit 1/app.rb`.
 * `{{kind-id}}` stands for a key of that kind, `{{certificate:NAME}}` for a certificate, made when it is needed.
 */
export type Example = string | Readonly<Record<string, string>>

interface Described {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly cwe: number
  /** The best grade that is left where it has found something; see finding/grade.ts. */
  readonly cap?: Cap
  /** What it finds, why it matters, how to fix it; Markdown. */
  readonly explanation: string
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] }
}

/** One thing that the scanner looks for. The examples are its tests and stand on its page. */
export type Rule =
  | (Described & { readonly about: 'file'; check(evidence: FileEvidence): Iterable<Problem> })
  | (Described & { readonly about: 'program'; check(evidence: ProgramEvidence): Iterable<Problem> })
  | (Described & { readonly about: 'tree'; check(evidence: TreeEvidence): Iterable<Problem> })
  | (Described & { readonly about: 'history'; check(evidence: HistoryEvidence): Iterable<Problem> })

import type { SecretLiteral } from '../literals/place-secrets.ts'

/** A commit as it is told. */
export interface HistoryCommit {
  readonly id: string
  /** The author's time, ISO 8601 with its zone. */
  readonly authored: string
}

/** A secret of the history, once, with all that is known of where and when it was there. */
export interface HistorySecret {
  /** Where it stands, in the version of its file that the last commit has. */
  readonly literal: SecretLiteral
  readonly where: 'file' | 'file name' | 'commit message' | 'tag message'
  /** The object that it is in, in hexadecimal digits: that of the file, the commit or the tag. */
  readonly object: string
  /** The first and the last commit that has it; absent where it is in an object that no commit has. */
  readonly first?: HistoryCommit
  readonly last?: HistoryCommit
  /** The commit that added it, where only a part of the history was looked at. */
  readonly addedBy?: HistoryCommit
  /** Each path that it had, sorted. */
  readonly paths: readonly string[]
  /** Whether it had more paths than these. */
  readonly hasMorePaths: boolean
  /** Whether the commit that is checked out has it. */
  readonly isInHead: boolean
  /** Whether anything is left that names it: a branch, a tag, a reflog. */
  readonly isReachable: boolean
}

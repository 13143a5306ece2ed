import type { SourceFile } from '../source-file.ts'

/** One way in which a file of the tree starts a program: a Procfile's line, a container's command, a unit's ExecStart. */
export interface Start {
  readonly from: string
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  /** The command and its arguments, shells and wrappers (`bundle exec`, `exec`, `env`) taken off. */
  readonly argv: readonly string[]
  /** What the same place sets of the environment. */
  readonly environment: ReadonlyMap<string, string>
  /** The folder of the tree that it runs in, as far as it is known; '' for the root. */
  readonly folder: string
  /** Meant for the developer's own machine: `Procfile.dev`, `docker-compose.override.yml`. */
  readonly isDevelopment?: boolean
  /** Runs in a container of its own: addresses inside it are not the machine's. */
  readonly isContained?: boolean
  /** Ports of a container that are open outside it: host's and container's. */
  readonly publishes?: readonly { readonly host: number; readonly inside: number; readonly address: string }[]
  /** The name by which other containers reach it. */
  readonly service?: string
}

/** What is known of the starts where their files are not at hand. */
export interface KnownStarts {
  readonly starts: readonly Omit<Start, 'file'>[]
}

export interface Deployment {
  readonly starts: readonly Start[]
  /** What is not known of the starts, a sentence each. */
  readonly gaps: readonly string[]
}

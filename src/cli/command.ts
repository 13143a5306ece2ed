import type { Command, CommandContext, RouteMap } from '@stricli/core'

/** What a command may touch of the process; given in, so that a test can give its own. */
export interface World extends CommandContext {
  readonly process: {
    readonly stdout: { write(text: string): void; readonly isTTY?: boolean; readonly columns?: number }
    readonly stderr: { write(text: string): void; readonly isTTY?: boolean; readonly columns?: number }
    exitCode?: number | string | null
  }
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown }
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly directory: string
  /** Ends the command with this exit code once it returns: 0 clean, 1 findings, 2 could not do the work. */
  finish(exitCode: number): void
}

/** One command or group of commands. Only the one that is asked for is loaded, and its implementation when it runs. */
export interface CommandSpec {
  readonly id: string
  /** One line for the overview. */
  readonly brief: string
  readonly target: Command<World> | RouteMap<World>
}

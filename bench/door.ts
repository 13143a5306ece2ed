import type { PeerName } from './peers.ts'

/** A door that is measured, and how to start it. */
export interface Contender {
  readonly name: string
  readonly version: string
  start(): Promise<RunningDoor>
}

export interface RunningDoor {
  readonly target: Target
  /** From the start of its program until it listens. */
  readonly startMs: number
  /** The processes that do the door's work. */
  pids(): readonly number[]
  stop(): Promise<void>
}

/** What the load generator is told. */
export interface Target {
  readonly port: number
  /** Host field and TLS server name. */
  readonly host: string
  readonly path: string
  readonly headers: readonly string[]
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string }
}

/** One of the two comparisons: the doors, and what stands behind them, already running. */
export interface Scene {
  readonly name: string
  readonly says: string
  readonly contenders: readonly Contender[]
  /** A sentence for each peer that is not there. */
  readonly absent: readonly string[]
}

export interface SceneOptions {
  readonly directory: string
  readonly bodyBytes: number
  readonly peers: readonly PeerName[]
  /** Whether the published bundle is one more contender. */
  readonly built: boolean
  /** Flags of Node, a variant each: Sallyport's gateway with them is one more contender. */
  readonly variants: readonly string[]
}

import type { PeerName } from './peers.ts'

/** A door that is measured, and how to start it. */
export interface Contender {
  readonly name: string
  readonly version: string
  /** Takes part in these payloads only, and in nothing else. */
  readonly only?: Payload['kind']
  start(): Promise<RunningDoor>
}

export interface RunningDoor {
  /** From the start of its program until it listens. */
  readonly startMs: number
  target(payload: Payload): Target
  /** The processes that do the door's work; none where the client is connected without a door. */
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
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string }
}

export const payloadKinds = ['plain', 'gzip', 'events'] as const

/** What passes through the doors. */
export interface Payload {
  readonly kind: (typeof payloadKinds)[number]
  readonly name: string
  /** Of an answer's content; of an event. */
  readonly bytes: number
  /** Behind the path at which a door serves its upstream. */
  readonly path: string
  readonly connectionsMax: number
  /** CPU over nginx's that is aimed at. */
  readonly cpuRatioMax: number
}

/** One of the two comparisons: the doors, and what stands behind them, already running. */
export interface Scene {
  readonly name: string
  readonly says: string
  readonly payloads: readonly Payload[]
  readonly contenders: readonly Contender[]
  /** A sentence for each peer that is not there. */
  readonly absent: readonly string[]
  /** What must not be left in a door's memory. */
  readonly secret?: Uint8Array
}

export interface SceneOptions {
  readonly directory: string
  readonly payloads: readonly Payload[]
  readonly peers: readonly PeerName[]
  /** Whether the published bundle is one more contender. */
  readonly built: boolean
  /** The folder of another checkout, which is one more contender. */
  readonly against: string | undefined
  /** Flags of Node, a variant each: Sallyport's gateway with them is one more contender. */
  readonly variants: readonly string[]
}

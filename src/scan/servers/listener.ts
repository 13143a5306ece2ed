import type { SourceFile } from '../source-file.ts'

/** What a listener asks of a client's certificate. */
export type ClientCertificates =
  /** Is not asked for. */
  | 'not asked'
  /** Is checked where a client shows one; who shows none is served. */
  | 'optional'
  /** Is asked for, and any is taken. */
  | 'any'
  /** Is checked, and who shows none is refused. */
  | 'required'

/** A port that somebody listens on, as configuration and start command really have it. */
export interface Listener {
  /** The server model's id. */
  readonly server: string
  /** Where that is said. */
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  /** As written; undefined where nothing says it. */
  readonly address: string | undefined
  readonly port: number | undefined
  readonly transport: 'plain' | 'tls'
  readonly clients: ClientCertificates
  /** Whether the configuration reads as if clients needed a certificate. */
  readonly claims: boolean
  /** As written. */
  readonly ca?: string
  readonly crl?: string
  /** Why it does less than it says: a sentence each. */
  readonly because: readonly string[]
  /** Of a proxy: whom it passes requests to, and the fields that it sets itself (lower case). */
  readonly passesTo?: readonly string[]
  readonly setsFields?: readonly string[]
}

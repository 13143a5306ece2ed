import type { SourceFile } from '../source-file.ts'
import type { Start } from './deployment.ts'
import type { NamedFile, Piece, ReverseProxy } from './proxy.ts'

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
  /** The setting that would take a list of revoked certificates, where the server has one. */
  readonly crlSetting?: string
  /** With `any`: whether who shows no certificate is refused. */
  readonly refusesNone?: boolean
  /** Why whoever speaks to it may do harm, where it serves something else than the app: `control app`. */
  readonly purpose?: string
  /** The start that it follows from, where one is known; none: its configuration is read by no start of the tree. */
  readonly startedBy?: Start
  /** The folder of the program that answers there. */
  readonly folder?: string
  /** What the listener depends on, and nothing does that sets no environment: the head of a gate such as `if ENV['RACK_ENV'] == 'production'`. */
  readonly gate?: Piece
  /** The certificate that it shows, and what it verifies clients against: files as it names them. */
  readonly certificate?: NamedFile
  readonly authority?: NamedFile
  /** Arms of branches around its source, outermost first. */
  readonly arms?: readonly (readonly [branch: number, arm: number])[]
  /** The source of this listener, corrected so that clients need a certificate. */
  readonly correction?: string
  /** Why it does less than it says: a sentence each. */
  readonly because: readonly string[]
  /** Of a proxy: whom it passes requests to, and the fields that it sets itself (lower case). */
  readonly passesTo?: readonly string[]
  readonly setsFields?: readonly string[]
  readonly proxy?: ReverseProxy
  /** Of a service mesh: the object that says whom it lets in to the programs behind it. */
  readonly mesh?: string
}

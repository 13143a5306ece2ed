import type { SourceFile } from '../source-file.ts'
import type { Listener } from './listener.ts'

/** A piece of a configuration file, in UTF-16 offsets. */
export interface Piece {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** What to write in the place of a piece. */
export interface Change extends Piece {
  readonly correction: string
}

/** A file that a configuration names, as written. */
export interface NamedFile extends Piece {
  readonly path: string
}

/** What a reverse proxy does beyond listening. */
export interface ReverseProxy {
  /** Whether it reads requests, or only passes bytes on. */
  readonly speaks: 'http' | 'tcp'
  /** The line that says how clients are verified (or the listener's own), so that strangers are turned away. */
  readonly demand: Change
  /** Certificates of the authorities that clients are verified against. */
  readonly authority?: NamedFile
  /** Where clients are to be verified and no authority is named. */
  readonly missingAuthority?: Change & { readonly effect: string }
  /** How to check for revoked certificates, where that is not done and this server can do it. */
  readonly revoke?: Change & { readonly says: string }
  readonly certificate?: NamedFile
  /** The listener's line, so that only programs of the same machine reach it. */
  readonly onlyLocal?: Change
  readonly routes: readonly Route[]
  readonly logs: readonly LoggedCredential[]
  readonly serves: readonly ServedFiles[]
}

/** Requests that are passed on to one place. */
export interface Route extends Piece {
  /** As people call it: `location /reports`. */
  readonly name: string
  /** As written; '' for what the proxy answers itself. */
  readonly to: string
  /**
   * Who is turned away before it: nobody, those who show no certificate, those without a certificate that was verified,
   * or others (a password, an address, something that could not be understood).
   */
  readonly gate: 'open' | 'shown' | 'certificate' | 'other'
  /** What becomes of request fields; names in lower case, as written. A client's own value of a field not named here passes. */
  readonly fields: ReadonlyMap<string, FieldFate>
  /** Beginnings of names, in lower case, whose fields are removed. */
  readonly removesPrefixes: readonly string[]
  /** Whether `X_Name` passes: to programs that fold `-` and `_` it is the same field as `X-Name`. */
  readonly passesUnderscores: boolean
  /** The line that lets it pass, where one does, so that it does not. */
  readonly underscores?: Change
  /** Lines by which `fields` are the proxy’s own or gone, their spellings with `_` too where those pass. */
  overwrite(fields: readonly string[]): Change
  readonly upstream?: Upstream
}

/** `verified`: the proxy's verdict on the client's certificate. `passed`: what the client sent, written out. */
export type FieldFate = 'removed' | 'set' | 'verified' | 'passed'

export interface Upstream {
  readonly transport: 'plain' | 'tls'
  /** Whether the upstream's certificate is checked. */
  readonly isVerified: boolean
  /** Whether the connection does not leave the machine. */
  readonly isLocal: boolean
  /** What the proxy adds that authenticates it: a field's name, a client certificate. */
  readonly sends?: string
  /** Whether the configuration says in so many words that nothing is checked. */
  readonly isExplicit: boolean
  readonly verify: Change
}

export interface LoggedCredential extends Change {
  /** What is logged, as people call it: `the Authorization field`. */
  readonly what: string
}

export interface ServedFiles extends Change {
  readonly says: string
  readonly fix: string
}

/** A proxy's listener. */
export interface ProxyListener extends Listener {
  readonly proxy: ReverseProxy
}

export function isProxyListener(listener: Listener): listener is ProxyListener {
  return listener.proxy !== undefined
}

/** Whether only programs of the same machine reach an address; '' and `*` are every address. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const host = address.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host) || /^(?:unix:|\/|abns@)/.test(host)
  )
}

/** Fields by which a proxy authenticates itself to its upstream. */
export function isCredentialField(name: string): boolean {
  return /^(?:proxy-)?authorization$|(?:^|[-_])(?:api[-_]?key|auth[-_]?token|access[-_]?token|secret|apikey)$/.test(
    name.toLowerCase(),
  )
}

/** Fields that carry a caller's credential, and have no place in a log. */
export function isCallerCredential(name: string): boolean {
  const dashed = name.toLowerCase().replaceAll('_', '-')
  return isCredentialField(dashed) || dashed === 'cookie' || dashed === 'set-cookie' || dashed === 'x-csrf-token'
}

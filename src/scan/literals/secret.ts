import type { Confidence, Severity } from '../../finding/finding.ts'

/** The rules that tell secrets which are written in files, by id. */
export type SecretRule =
  | 'certificate-holds-key'
  | 'cloud-credentials'
  | 'connection-string-password'
  | 'credentials-in-url'
  | 'encoded-secret'
  | 'generic-secret'
  | 'jwt-in-source'
  | 'key-literal'
  | 'master-key-committed'
  | 'password-file'
  | 'private-key-file'
  | 'private-key-in-source'
  | 'session-secret-literal'

/**
 * A secret that is written in bytes. Plain data, so that it passes between workers; holds nothing of the secret but
 * its digest, which is for telling that two are the same and is never shown: a weak password can be guessed from it.
 */
export interface FoundSecret {
  readonly rule: SecretRule
  /** Id of the key kind, where it is of one. */
  readonly kind?: string
  /** What it is, without an article: `Stripe secret key`. */
  readonly title: string
  /** The name that it is given to, where there is one: `DB_PASSWORD`. */
  readonly name?: string
  /** Offsets into the bytes that were searched. */
  readonly start: number
  readonly end: number
  /** Counts from 1. */
  readonly line: number
  /** The secret, masked. */
  readonly shown: string
  readonly severity: Severity
  readonly confidence: Confidence
  /** The issuer's test mode: worth little, and still a key. */
  readonly test: boolean
  /** Where it stands, if that makes it less: `in a test`, `in documentation`. */
  readonly setting?: string
  /** SHA-256 of the secret, hexadecimal. */
  readonly digest: string
}

import type { Credential } from './exchange.ts'

/** The certificates to probe with, as minted for one run. An arm without an entry cannot be tried, and `missing` says why. */
export interface ArmCredentials {
  readonly credentials: Readonly<Partial<Record<ArmId, Credential>>>
  readonly missing: Readonly<Partial<Record<ArmId, string>>>
}

export type ArmId = 'plain-http' | 'no-certificate' | 'unknown-ca' | 'self-signed' | 'same-subject' | 'expired' | 'good'

/** One way to knock. */
export interface Arm {
  readonly id: ArmId
  readonly title: string
  /** `stranger`: anybody can do it. `holder`: needs a certificate that the real CA signed once. `good`: the control. */
  readonly who: 'stranger' | 'holder' | 'good'
  readonly isPlain?: boolean
  readonly needsCredential: boolean
}

/** In the order in which they are tried and shown. */
export const arms: readonly Arm[] = [
  { id: 'plain-http', title: 'plain HTTP', who: 'stranger', isPlain: true, needsCredential: false },
  { id: 'no-certificate', title: 'no certificate', who: 'stranger', needsCredential: false },
  { id: 'unknown-ca', title: 'certificate of an unknown CA', who: 'stranger', needsCredential: true },
  { id: 'self-signed', title: 'self-signed certificate', who: 'stranger', needsCredential: true },
  { id: 'same-subject', title: 'the good one’s subject and issuer, forged', who: 'stranger', needsCredential: true },
  { id: 'expired', title: 'expired, signed by the real CA', who: 'holder', needsCredential: true },
  { id: 'good', title: 'the good certificate', who: 'good', needsCredential: true },
]

import type { Finding } from '../finding/finding.ts'
import type { Spelling } from '../secret/spellings.ts'
import type { FoundTrace } from '../traces/find-traces.ts'
import type { Cell } from './access.ts'
import type { Answer } from './answer.ts'
import type { Exchange, ProbeRequest, Way } from './exchange.ts'
import type { FoundKey } from './find-keys.ts'
import type { Conclusion } from './verdict.ts'

/** One thing that the prober tries: what it is, what it sends, and how it judges what comes back. */
export interface Check {
  readonly id: string
  readonly title: string
  readonly severity: Finding['severity']
  readonly cwe?: number
  /** Markdown: what it finds, why it matters, how to fix it. */
  readonly explanation: string
  /** Requests to send once to the service, besides those that provoke errors on every route. */
  readonly requests?: readonly ProbeRequest[]
  /** What it sees in one answer. */
  readAnswer?(seen: SeenAnswer): readonly Sighting[]
  /** What it concludes from who got in. */
  readAccess?(access: Access): readonly Sighting[]
}

/** One answer, read once for all checks. */
export interface SeenAnswer {
  readonly request: ProbeRequest
  readonly route: string
  readonly answer: Answer
  /** Head and body, one character a byte. */
  readonly text: string
  readonly headBytes: number
  readonly keys: readonly FoundKey[]
  readonly traces: readonly FoundTrace[]
  /** Where the canary stands and how it is spelled there. */
  readonly canary: readonly { readonly spelling: Spelling['name']; readonly at: number }[]
}

export interface Access {
  readonly cells: readonly Cell[]
  readonly conclusion: Conclusion
  readonly exchanges: readonly Exchange[]
  /** Whether `--ca` was given. */
  readonly knowsServerCa: boolean
}

/** What a check saw; becomes a finding, together with the request that shows it. Everything in it may be shown. */
export interface Sighting {
  readonly message: string
  readonly fix: string
  /** Masked. */
  readonly evidence: readonly string[]
  /** Sightings with the same identity are one finding: the key, the frame, the arm. Is hashed, and never shown. */
  readonly identity: string
  readonly confidence?: Finding['confidence']
  readonly severity?: Finding['severity']
  readonly part?: string
  /** For sightings from the matrix, where they are not about the answer to the request at hand. */
  readonly request?: ProbeRequest
  readonly way?: Way
  /** A secret stands in the answer: it is asked for again without a certificate, and caps the grade when it is there too. */
  readonly isSecret?: boolean
}

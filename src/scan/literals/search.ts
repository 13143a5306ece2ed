import type { Confidence, Severity } from '../../finding/finding.ts'
import type { Topics } from '../topics.ts'
import type { FileSetting } from './file-setting.ts'
import type { SecretRule } from './secret.ts'

/** What a detector says: a secret, not yet weighed against what others found in the same place. */
export interface Candidate {
  readonly rule: SecretRule
  readonly kind?: string
  readonly title: string
  readonly name?: string
  readonly start: number
  readonly end: number
  /** The secret itself; never leaves the search. */
  readonly secret: string
  /** The public part at its front. */
  readonly prefix?: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly test?: boolean
  /** Found although the file is a test or documentation: it is a key by its very form. */
  readonly isShaped?: boolean
}

/** One search through some bytes, as its detectors see it. */
export interface Search {
  readonly bytes: Buffer
  readonly path: string
  readonly setting: FileSetting
  /** For expiry; milliseconds since 1970. */
  readonly now: number
  /** Whatever only might be a secret is told too: for masking, where too much is better than too little. */
  readonly isLenient: boolean
  report(candidate: Candidate): void
  isAbout(topics: Topics): void
  /** Keys of a shape, and private keys, in bytes that were decoded from these. */
  inside(decoded: Uint8Array): readonly Candidate[]
}

/** Looks around places where one of its words stands. */
export interface Detector {
  /** ASCII, any case: the detector itself looks at the case where that matters. */
  readonly words: readonly string[]
  /** Whether it looks into files that are not text, and into what was decoded. */
  readonly readsBinary: boolean
  /** One search's state is made by this; the function is given every place of a word, in order. */
  begin(search: Search): (start: number, end: number, word: string) => void
}

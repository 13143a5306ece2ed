/** How bad it is if true. */
export const severities = ['critical', 'high', 'medium', 'low', 'note'] as const
export type Severity = (typeof severities)[number]

/** How sure we are that it is true. */
export const confidences = ['certain', 'firm', 'tentative'] as const
export type Confidence = (typeof confidences)[number]

/** A place in a file. Lines and columns count from 1; columns in UTF-16 code units, as SARIF and editors do. */
export interface SourcePlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
  /** The source line, masked. */
  readonly text?: string
  /** Where the place stands in `text`, where masking has moved it: offsets from 0. */
  readonly shown?: { readonly start: number; readonly end: number }
}

/** A place on a running service: what was asked, without any credential. */
export interface ServicePlace {
  readonly method: string
  readonly url: string
  /** Where in the answer: `status line`, `field NAME`, `body at byte N`. */
  readonly part?: string
}

/** One step of the path from where a key is read to where it leaks. */
export interface Step {
  readonly at: SourcePlace
  readonly says: string
}

/** What a rule or a check reports: where, how sure, how bad, the evidence (masked when recorded), the way out. */
export interface Finding {
  /** Rule or check id; never reused for something else. */
  readonly rule: string
  readonly title: string
  readonly severity: Severity
  readonly confidence: Confidence
  /** One sentence about this case; holds no secret. */
  readonly message: string
  readonly at: SourcePlace | ServicePlace
  /** From source to sink, both included; absent where nothing flows. */
  readonly path?: readonly Step[]
  /** Other ways to the same leak. */
  readonly otherPaths?: readonly (readonly Step[])[]
  /** Where it holds, when not everywhere: `only in production`. */
  readonly holds?: string
  /** What should stand in the place of `at`; may have several lines. Holds no secret. */
  readonly correction?: string
  /** Masked lines that show it. */
  readonly evidence?: readonly string[]
  /** What to do, for this case. */
  readonly fix: string
  /** CWE number. */
  readonly cwe?: number
  /** The same leak has the same fingerprint when lines move; see fingerprint.ts. */
  readonly fingerprint: string
  /** As `fingerprint`, without the file's name: the same when the file is renamed, and for a second such leak. */
  readonly structure?: string
}

/** A finding that is not counted, because somebody has said so. */
export interface SuppressedFinding extends Finding {
  readonly suppression: {
    /** A comment at the place, or the baseline file. */
    readonly by: 'allow' | 'baseline'
    readonly reason?: string
  }
}

export function isSourcePlace(place: SourcePlace | ServicePlace): place is SourcePlace {
  return 'file' in place
}

import { type Finding, isSourcePlace } from '../finding/finding.ts'

/** The reader's own lines before and after the correction. */
export interface CorrectedLines {
  readonly line: number
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Undefined where there is no correction, or the reader's line is not known. */
export function correctedLines({ at, correction }: Finding): CorrectedLines | undefined {
  if (correction === undefined || !isSourcePlace(at) || at.text === undefined || at.text === '') return undefined
  const { text } = at
  const isOneLine = at.endLine === undefined || at.endLine === at.line
  const start = at.shown?.start ?? at.column - 1
  const end = isOneLine ? (at.shown?.end ?? (at.endColumn ?? text.length + 1) - 1) : text.length
  const after = `${text.slice(0, start)}${correction}${text.slice(end)}`.split('\n')
  return { line: at.line, before: isOneLine ? [text] : [text, '…'], after }
}

import type { Finding, SourcePlace, Step } from '../finding/finding.ts'
import type { Masker } from './mask-source.ts'
import type { PathsScan } from './scan-paths.ts'

/**
 * Takes keys out of the names of files and folders: whoever names a file by a key has it in every report else. The last
 * step before anything is told, since until then a path must be what it is.
 */
export function maskNames(scanned: PathsScan, { shapes = (text) => text }: Masker): PathsScan {
  const known = new Map<string, string>()
  const name = (text: string): string => {
    const masked = known.get(text) ?? shapes(text)
    known.set(text, masked)
    return masked
  }
  const place = (at: SourcePlace): SourcePlace => ({ ...at, file: name(at.file) })
  const path = (steps: readonly Step[]): Step[] => steps.map(({ at, says }) => ({ at: place(at), says: name(says) }))
  const masked = <Found extends Finding>(finding: Found): Found => ({
    ...finding,
    message: name(finding.message),
    fix: name(finding.fix),
    at: 'file' in finding.at ? place(finding.at) : finding.at,
    ...(finding.path ? { path: path(finding.path) } : {}),
    ...(finding.otherPaths ? { otherPaths: finding.otherPaths.map(path) } : {}),
  })
  return {
    ...scanned,
    findings: scanned.findings.map(masked),
    suppressed: scanned.suppressed.map(masked),
    measured: scanned.measured.map(([label, value]) => [label, name(value)] as const),
    gaps: scanned.gaps.map(name),
  }
}

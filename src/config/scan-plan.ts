import { dirname, resolve } from 'node:path'
import type { Confidence, Severity } from '../finding/finding.ts'
import type { Grade } from '../finding/grade.ts'
import { limits } from '../limits.ts'
import { type ConfigFiles, realFiles } from './files.ts'
import type { ConfigProblem } from './problem.ts'

/** What a rule's findings are made of: nothing, or findings of this severity. */
export type RuleSetting = 'off' | Severity

/** What the configuration says of scans: plain data. */
export interface ScanPlan {
  readonly exclude: readonly string[]
  readonly includeIgnored: boolean
  readonly rules: Readonly<Record<string, RuleSetting>>
  /** In the order of the file. */
  readonly paths: readonly { readonly pattern: string; readonly rules: Readonly<Record<string, RuleSetting>> }[]
  readonly failOn?: Severity | 'never'
  readonly failUnder?: Grade
  readonly minConfidence?: Confidence
  /** Absolute path. */
  readonly baseline?: string
}

export interface ReadScanPlanOptions {
  readonly directory: string
  /** `--config`: must exist. Absent: `sallyport.yaml` in the directory, if there is one. */
  readonly file?: string
  /** Ids of the rules that there are. */
  readonly rules: readonly string[]
  readonly files?: ConfigFiles
}

/** Without a configuration. */
export const noPlan: ScanPlan = { exclude: [], includeIgnored: false, rules: {}, paths: [] }

/**
 * The `scan` section alone: what is wrong with the doors' sections is `sallyport check`'s matter, and keeps nobody from
 * scanning. A section that does not exist is told. Does not throw.
 */
export async function readScanPlan(
  options: ReadScanPlanOptions,
): Promise<{ readonly plan: ScanPlan } | { readonly problems: readonly ConfigProblem[] }> {
  const { file = 'sallyport.yaml', directory, files = realFiles } = options
  const path = resolve(directory, file)
  const read = files.read(path, limits.configBytesMax)
  if ('problem' in read) {
    if (options.file === undefined && read.isMissing) return { plan: noPlan }
    return { problems: [{ file, line: 0, column: 0, path: '', message: read.problem }] }
  }
  // Not a static import: without a file neither zod nor yaml is loaded.
  const { makeScanPlan } = await import('./make-scan-plan.ts')
  const text = new TextDecoder().decode(read.bytes)
  return makeScanPlan(text, { file, folder: dirname(path), rules: options.rules })
}

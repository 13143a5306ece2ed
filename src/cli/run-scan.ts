import { SallyportError } from '../errors.ts'
import { capsOf, score } from '../finding/grade.ts'
import { scanPaths } from '../scan/scan-paths.ts'
import type { World } from './command.ts'
import { prepareReport } from './finish-report.ts'
import type { ReportFlags } from './report-flags.ts'
import type { ScanFlags } from './scan-flags.ts'

export async function runScan(this: World, flags: ReportFlags & ScanFlags, ...paths: string[]): Promise<void> {
  const finishReport = await prepareReport(this, flags)
  if (flags.dangling && !flags.history) throw new SallyportError('CLI_USAGE', '--dangling goes with --history')
  const asked = paths.length > 0 ? paths : ['.']
  const { findings, suppressed, rules, measured, gaps } = await scanPaths(this.directory, asked, {
    takesIgnored: !flags.ignore,
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    ...(flags.history ? { history: { dangling: flags.dangling } } : {}),
  })
  const report = {
    verb: 'scan',
    subject: asked.join(' '),
    findings,
    suppressed,
    score: score(findings, capsOf(findings, rules)),
    rules,
    measured,
    gaps,
  } as const
  finishReport(report)
}

import { SallyportError } from '../errors.ts'
import { capsOf, score } from '../finding/grade.ts'
import { scanStaged } from '../scan/history/scan-staged.ts'
import { scanPaths } from '../scan/scan-paths.ts'
import type { World } from './command.ts'
import { prepareReport } from './finish-report.ts'
import type { ReportFlags } from './report-flags.ts'
import type { ScanFlags } from './scan-flags.ts'

export async function runScan(this: World, flags: ReportFlags & ScanFlags, ...paths: string[]): Promise<void> {
  const finishReport = await prepareReport(this, flags)
  refuseTogether(flags)
  const asked = paths.length > 0 ? paths : ['.']
  const { findings, suppressed, rules, measured, gaps } = flags.staged
    ? await scanStaged(this.directory, asked)
    : await scanPaths(this.directory, asked, {
        takesIgnored: !flags.ignore,
        ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
        ...(flags.history ? { history: { dangling: flags.dangling } } : {}),
        ...(flags.since === undefined ? {} : { since: flags.since }),
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

/** Each of these says what is looked at. */
function refuseTogether({ history, dangling, staged, since }: ScanFlags): void {
  const asked = [history && '--history', staged && '--staged', since !== undefined && '--since'].filter(Boolean)
  if (asked.length > 1)
    throw new SallyportError('CLI_USAGE', `${asked.join(' and ')} do not go together: ask one by one`)
  if (dangling && !history) throw new SallyportError('CLI_USAGE', '--dangling goes with --history')
}

import { SallyportError } from '../errors.ts'
import { severities } from '../finding/finding.ts'
import { isWorse } from '../finding/grade.ts'
import { table } from '../report/formats/index.ts'
import type { Report } from '../report/report.ts'
import type { World } from './command.ts'
import { openOutputFile } from './output-file.ts'
import type { ReportFlags } from './report-flags.ts'
import { wantsColor } from './terminal-color.ts'
import { version } from './version.ts'

/** Writes a report as its flags say, and ends the command: 0, or 1 at or above a threshold. */
export type FinishReport = (report: Report) => void

/**
 * To be called before the work is done: raises CLI_USAGE or FILE_UNWRITABLE for what cannot be written, so that nobody
 * waits for a report that then is lost.
 */
export async function prepareReport(world: World, flags: ReportFlags): Promise<FinishReport> {
  const { stdout } = world.process
  const requests = flags.format ?? [{ format: 'text' }]
  const toStandard = requests.filter(({ file }) => file === undefined)
  if (toStandard.length > 1)
    throw usage(
      `--format ${toStandard.map(({ format }) => format).join(' and ')}: only one can go to standard output; name a file for the others, as in --format sarif=report.sarif`,
    )
  if (flags.output !== undefined && toStandard.length === 0)
    throw usage('--output: every --format names a file of its own; leave one of the two out')
  const files = requests.flatMap(({ file = flags.output }) => file ?? [])
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined) throw usage(`--format: two reports would be written to ${twice}`)
  const writers = await Promise.all(
    requests.map(async ({ format, file = flags.output }) => {
      const loaded = await table.find(({ id }) => id === format)?.load()
      if (!loaded) throw usage(`--format ${format}: there is no such format`)
      const output = file === undefined ? undefined : openOutputFile(world, file)
      const color = output === undefined && wantsColor(stdout, world.environment)
      const look = { width: stdout.columns ?? 100, color, verbose: flags.verbose, version }
      return (report: Report) => {
        const content = loaded.write(report, look)
        if (output) output.write(content)
        else stdout.write(content)
      }
    }),
  )
  return (report) => {
    for (const write of writers) write(report)
    world.finish(fails(report, flags) ? 1 : 0)
  }
}

function fails(report: Report, { failOn = 'high', failUnder, failOnGaps }: ReportFlags): boolean {
  const worst = failOn === 'never' ? -1 : severities.indexOf(failOn)
  if (report.findings.some((finding) => severities.indexOf(finding.severity) <= worst)) return true
  if (failOnGaps && report.gaps.length > 0) return true
  return failUnder !== undefined && isWorse(report.score.grade, failUnder)
}

function usage(message: string): SallyportError {
  return new SallyportError('CLI_USAGE', message)
}

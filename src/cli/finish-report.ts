import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import { severities } from '../finding/finding.ts'
import { type Grade, grades, isWorse } from '../finding/grade.ts'
import { table } from '../report/formats/index.ts'
import type { Report } from '../report/report.ts'
import type { World } from './command.ts'
import type { ReportFlags } from './report-flags.ts'
import { version } from './version.ts'

/** Writes a report as its flags say, and ends the command: 0, or 1 at or above a threshold. */
export async function finishReport(world: World, report: Report, flags: ReportFlags): Promise<void> {
  const format = await table.find(({ id }) => id === flags.format)?.load()
  if (!format) throw new SallyportError('CLI_USAGE', `--format ${flags.format}: there is no such format`)
  const { stdout } = world.process
  const terminal = flags.output === undefined && stdout.isTTY === true
  const color = terminal && !world.environment.NO_COLOR && world.environment.TERM !== 'dumb'
  const content = format.write(report, { width: stdout.columns ?? 100, color, version })
  if (flags.output === undefined) stdout.write(content)
  else writeOutput(resolve(world.directory, flags.output), flags.output, content)
  world.finish(fails(report, flags) ? 1 : 0)
}

function writeOutput(path: string, name: string, content: string): void {
  try {
    writeFileSync(path, content)
  } catch (cause) {
    throw new SallyportError('FILE_UNWRITABLE', `${name}: the report could not be written (${systemCode(cause)})`, {
      cause,
    })
  }
}

function fails(report: Report, flags: ReportFlags): boolean {
  const { failOn, failUnder } = flags
  const worst = failOn === 'never' ? -1 : severities.indexOf(failOn)
  if (report.findings.some((finding) => severities.indexOf(finding.severity) <= worst)) return true
  return failUnder !== undefined && isGrade(failUnder) && isWorse(report.score.grade, failUnder)
}

function isGrade(text: string): text is Grade {
  return (grades as readonly string[]).includes(text)
}

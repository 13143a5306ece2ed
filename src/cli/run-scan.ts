import { isAbsolute, join, relative, resolve } from 'node:path'
import { describeProblem } from '../config/problem.ts'
import { noPlan, readScanPlan, type ScanPlan } from '../config/scan-plan.ts'
import { SallyportError } from '../errors.ts'
import { capsOf, score } from '../finding/grade.ts'
import { applyRuleSettings } from '../scan/apply-rule-settings.ts'
import { loadCatalogue } from '../scan/catalogue.ts'
import { maskNames } from '../scan/mask-names.ts'
import { table as rules } from '../scan/rules/index.ts'
import { type PathsScan, type ScanOptions, type ScanProgress, scanPaths } from '../scan/scan-paths.ts'
import { type BaselineOutcome, openBaseline } from './baseline-file.ts'
import type { World } from './command.ts'
import { prepareReport } from './finish-report.ts'
import { homeOfUser } from './open-compile-cache.ts'
import { progressLine } from './progress-line.ts'
import type { ReportFlags } from './report-flags.ts'
import type { ScanFlags } from './scan-flags.ts'
import { withinTime } from './within-time.ts'

type Flags = ReportFlags & ScanFlags & ScanPlan

export async function runScan(this: World, given: ReportFlags & ScanFlags, ...paths: string[]): Promise<void> {
  if (!given.watch) return scanOnce(this, given, paths)
  const { watchScan } = await import('./watch-scan.ts')
  return watchScan({ world: this, given, paths, planOf, scanOnce })
}

async function scanOnce(world: World, given: ReportFlags & ScanFlags, paths: readonly string[]): Promise<void> {
  const flags = withPlan(given, await planOf(world, given))
  const finishReport = await prepareReport(world, flags)
  refuseTogether(flags)
  const compare = await openBaseline(world, flags)
  const asked = paths.length > 0 ? paths : ['.']
  const scanned = await (flags.staged ? scanIndex(world, asked) : scanWhole(world, asked, flags))
  const { findings, suppressed } = flags.untrusted ? withoutAllows(scanned) : scanned
  const settled = applyRuleSettings(findings, flags)
  const told = maskNames({ ...scanned, suppressed, findings: settled.findings }, (await loadCatalogue()).mask)
  const compared = compare(told.findings, wasLookedAt(world.directory, asked, flags, scanned))
  finishReport({
    verb: 'scan',
    subject: asked.join(' '),
    ...reported(compared, told),
    rules: scanned.rules,
    measured: [
      ...told.measured,
      ...(settled.off > 0 ? [['findings of rules that are off', String(settled.off)] as const] : []),
      ...(settled.unsure > 0 ? [['findings not sure enough', String(settled.unsure)] as const] : []),
    ],
    gaps: told.gaps,
  })
}

async function scanIndex(world: World, asked: readonly string[]): Promise<PathsScan> {
  const { scanStaged } = await import('../scan/history/scan-staged.ts')
  return scanStaged(world.directory, asked)
}

/** What comments of the tree allow is a finding all the same. */
function withoutAllows({ findings, suppressed }: PathsScan): Pick<PathsScan, 'findings' | 'suppressed'> {
  return {
    findings: [...findings, ...suppressed.map(({ suppression: _by, ...finding }) => finding)],
    suppressed: [],
  }
}

async function scanWhole(world: World, asked: readonly string[], flags: Flags): Promise<PathsScan> {
  const line = progressLine(world)
  const options: ScanOptions = {
    withinTime,
    onProgress: (progress) => line.show(() => progressText(progress)),
    ...cacheFolderOf(world, flags),
    takesIgnored: !flags.ignore || flags.includeIgnored || flags.untrusted,
    exclude: flags.exclude,
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    ...(flags.history ? { history: { dangling: flags.dangling } } : {}),
    ...(flags.since === undefined ? {} : { since: flags.since }),
  }
  try {
    return await scanPaths(world.directory, asked, options)
  } finally {
    line.end()
  }
}

function progressText({ files, examined, reused, programs, followed }: ScanProgress): string {
  const done = examined + reused
  const reading = `scanning: ${done} of ${Math.max(files, done)} files`
  return programs === 0 ? reading : `${reading}, ${followed} of ${programs} programs`
}

function reported({ findings, suppressed, gone }: BaselineOutcome, scanned: PathsScan) {
  return {
    findings,
    suppressed: [...scanned.suppressed, ...suppressed],
    gone: gone.map(({ rule, file }) => ({ rule, file })),
    score: score(findings, capsOf(findings, scanned.rules)),
  }
}

/** Each of these says what is looked at. */
function refuseTogether({ history, dangling, staged, since, writeBaseline, updateBaseline }: ScanFlags): void {
  const asked = [history && '--history', staged && '--staged', since !== undefined && '--since'].filter(Boolean)
  if (asked.length > 1)
    throw new SallyportError('CLI_USAGE', `${asked.join(' and ')} do not go together: ask one by one`)
  if (dangling && !history) throw new SallyportError('CLI_USAGE', '--dangling goes with --history')
  if ((staged || since !== undefined) && (writeBaseline !== undefined || updateBaseline))
    throw new SallyportError('CLI_USAGE', `a baseline is of the whole: leave ${asked.join('')} out to write it`)
}

async function planOf(world: World, { config: file, untrusted }: ScanFlags): Promise<ScanPlan> {
  if (untrusted && file === undefined) return noPlan
  const outcome = await readScanPlan({
    directory: world.directory,
    rules: rules.map(({ id }) => id),
    ...(file === undefined ? {} : { file }),
  })
  if ('plan' in outcome) return outcome.plan
  throw new SallyportError('CONFIG_INVALID', outcome.problems.map(describeProblem).join('\n'))
}

/** What the command line says goes before what the configuration says. */
function withPlan(flags: ReportFlags & ScanFlags, plan: ScanPlan): Flags {
  const { failOn, failUnder, minConfidence, baseline } = flags
  return {
    ...flags,
    ...plan,
    ...(failOn === undefined ? {} : { failOn }),
    ...(failUnder === undefined ? {} : { failUnder }),
    ...(minConfidence === undefined ? {} : { minConfidence }),
    ...(baseline === undefined ? {} : { baseline }),
    exclude: [...plan.exclude, ...(flags.exclude ?? [])],
  }
}

/** Whether the scan would have found this again: what it has not looked at is not gone. */
function wasLookedAt(directory: string, asked: readonly string[], flags: Flags, { rules }: PathsScan) {
  const names = asked.map((path) => relative(directory, resolve(directory, path)).replaceAll('\\', '/'))
  const ofHistory = new Set(rules.filter(({ about }) => about === 'history').map(({ id }) => id))
  return ({ rule, file }: { readonly rule: string; readonly file: string }): boolean => {
    if (flags.staged || flags.since !== undefined || (ofHistory.has(rule) && !flags.history)) return false
    // Outside of the directory findings are named from the path that was asked for.
    return names.some(
      (name) =>
        name === '' || name.startsWith('..') || isAbsolute(name) || file === name || file.startsWith(`${name}/`),
    )
  }
}

function cacheFolderOf(world: World, { cache, cacheDir }: ScanFlags): { readonly cacheFolder?: string } {
  if (!cache) return {}
  if (cacheDir !== undefined) return { cacheFolder: resolve(world.directory, cacheDir) }
  const { XDG_CACHE_HOME: given = '' } = world.environment
  const home = homeOfUser()
  const above = isAbsolute(given) ? given : home === undefined ? undefined : join(home, '.cache')
  return above === undefined ? {} : { cacheFolder: join(above, 'sallyport/scan') }
}

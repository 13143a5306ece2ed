import type { Memory } from './inspect-process.ts'
import { callCount, type Measured } from './measure-service.ts'
import type { Scanned } from './read-report.ts'
import type { SampleApp } from './sample-apps.ts'

/** What a line shows of one service; null where there is nothing to measure. */
export type Value = string | number | null

/**
 * One thing that was measured of the service as it is and of the same service under `run`. A claim is *held* or
 * *failed*; what this version does not close is *open*; *shown* is neither.
 */
export interface Line {
  readonly id: string
  readonly title: string
  readonly bare: Value
  readonly run: Value
  /** Out of how many, in each column. */
  readonly of?: readonly [bare: number | null, run: number | null]
  readonly standing: 'held' | 'failed' | 'open' | 'shown'
  /** Of what is open: what it means. */
  readonly says?: string
}

export interface Section {
  readonly title: string
  readonly lines: readonly Line[]
}

export interface Evidence {
  readonly app: SampleApp
  readonly scanned: Scanned
  readonly bare: Measured
  readonly run: Measured
  readonly code: { readonly files: number; readonly changed: number }
  /** Whether the app runs as another user than the gateway. */
  readonly otherUser: boolean
}

/**
 * Judges every claim. A contrast holds only where the service as it is shows the leak: a measurement that finds nothing
 * there would find nothing anywhere.
 */
export function compare(evidence: Evidence): readonly Section[] {
  return [
    { title: 'where the key is', lines: whereTheKeyIs(evidence) },
    { title: 'what it can be used for', lines: whatItIsGoodFor(evidence) },
    { title: 'who gets in', lines: whoGetsIn(evidence) },
    { title: 'the service itself', lines: theService(evidence) },
    { title: 'still open: not closed by this version, and not claimed', lines: stillOpen(evidence) },
  ]
}

function whereTheKeyIs({ bare, run }: Evidence): Line[] {
  return [
    claim(
      bare.environments.holding > 0 && run.environments.holding === 0 && run.environments.processes > 0,
      ['environment', 'processes with it in /proc/PID/environ'],
      [bare.environments.holding, run.environments.holding],
      [bare.environments.processes, run.environments.processes],
    ),
    claim(
      copiesOf(bare.app) !== 0 && 'copies' in bare.app && copiesOf(run.app) === 0,
      ['app-memory', `copies in the app’s memory after ${callCount} calls`],
      [copiesOf(bare.app), copiesOf(run.app)],
    ),
    claim(
      run.gateway !== undefined && (copiesOf(run.gateway) === 0 || 'refused' in run.gateway),
      ['gateway-memory', 'copies in the gateway’s memory, one second later'],
      [null, run.gateway ? copiesOf(run.gateway) : null],
    ),
    claim(
      bare.keyHolderIsReadable && !run.keyHolderIsReadable,
      ['gateway-closed', 'may the app’s user read the process that has it'],
      [yesOrNo(bare.keyHolderIsReadable), yesOrNo(run.keyHolderIsReadable)],
    ),
    claim(
      bare.log.holding > 0 && run.log.holding === 0 && run.log.count > 0,
      ['log', 'lines of the log with it'],
      [bare.log.holding, run.log.holding],
      [bare.log.count, run.log.count],
    ),
    claim(
      run.audit?.holding === 0 && run.audit.count > callCount,
      ['audit', 'lines of the audit log with it'],
      [null, run.audit?.holding ?? null],
      [null, run.audit?.count ?? null],
    ),
    claim(
      bare.errorPage === 'the key' && run.errorPage !== 'the key',
      ['error-page', 'what an error page shows in its place'],
      [bare.errorPage, run.errorPage],
    ),
    claim(
      bare.probe.keyRoutes > 0 && run.probe.keyRoutes === 0,
      ['probe-key', 'routes on which probe finds it'],
      [bare.probe.keyRoutes, run.probe.keyRoutes],
    ),
    claim(
      [bare, run].every(({ report }) => report.holding === 0 && report.count > 0),
      ['report', 'lines of probe’s report with it'],
      [bare.report.holding, run.report.holding],
      [bare.report.count, run.report.count],
    ),
  ]
}

function whatItIsGoodFor({ bare, run }: Evidence): Line[] {
  return [
    claim(
      bare.answered === callCount && run.answered === callCount,
      ['calls', 'calls that the upstream answered'],
      [bare.answered, run.answered],
      [callCount, callCount],
    ),
    claim(
      bare.leakAtUpstream === 200 && run.leakAtUpstream === 401,
      ['leak', 'what the error page showed, used at the upstream'],
      [bare.leakAtUpstream, run.leakAtUpstream],
    ),
    claim(
      bare.deletion === 200 && run.deletion === 403,
      ['policy', 'DELETE, which no route of the policy names'],
      [bare.deletion, run.deletion],
    ),
  ]
}

function whoGetsIn({ bare, run }: Evidence): Line[] {
  return [
    claim(
      bare.probe.verdict === 'not enforced' && run.probe.verdict === 'enforced',
      ['mutual-tls', 'client certificate, says probe'],
      [bare.probe.verdict, run.probe.verdict],
    ),
    claim(
      bare.probe.strangers.admitted > 0 && run.probe.strangers.admitted === 0 && run.probe.strangers.tried > 0,
      ['strangers', 'attempts of strangers that were answered'],
      [bare.probe.strangers.admitted, run.probe.strangers.admitted],
      [bare.probe.strangers.tried, run.probe.strangers.tried],
    ),
    claim(run.otherClient === 403, ['other-client', 'a client whom the policy does not name'], [null, run.otherClient]),
    claim(
      run.revokedClient === 'no answer',
      ['revoked-client', 'a client whose certificate was revoked'],
      [null, run.revokedClient],
    ),
  ]
}

function theService({ app, scanned, bare, run, code }: Evidence): Line[] {
  const predicted = app.predicted.filter((rule) => scanned.findings.some((finding) => finding.rule === rule))
  return [
    ...(app.predicted.length > 0
      ? [
          claim(
            predicted.length === app.predicted.length,
            ['scan', 'of the leaks above, named by scan beforehand'],
            [predicted.length, null],
            [app.predicted.length, null],
          ),
        ]
      : []),
    claim(
      code.changed === 0 && code.files > 0,
      ['code', 'files of its code that were changed'],
      [0, code.changed],
      [code.files, code.files],
    ),
    claim(
      bare.testsPassed !== undefined && bare.testsPassed > 0 && run.testsPassed === bare.testsPassed,
      ['tests', 'its own tests that pass'],
      [bare.testsPassed ?? 'not all', run.testsPassed ?? 'not all'],
    ),
    {
      ...line(['time', 'median time of a call, in ms'], [round(bare.medianMs), round(run.medianMs)]),
      standing: 'shown',
    },
  ]
}

function stillOpen({ app, bare, run, otherUser }: Evidence): Line[] {
  const lines: (Line | false)[] = [
    run.probe.insideRoutes > 0 &&
      open(
        ['insides', 'routes that show backtraces or debug pages'],
        [bare.probe.insideRoutes, run.probe.insideRoutes],
        'answers pass the door as they are; the code has to change',
      ),
    run.probe.grade !== 'A' &&
      open(
        ['grade', 'grade by probe'],
        [bare.probe.grade, run.probe.grade],
        'what admitted clients get to see lowers it',
      ),
    run.probe.phantomRoutes > 0 &&
      open(
        ['phantom', 'routes that show the phantom'],
        [bare.probe.phantomRoutes, run.probe.phantomRoutes],
        'worthless anywhere but at this app’s own door',
      ),
    run.leakAtDoor === 200 &&
      open(
        ['phantom-at-door', 'the phantom, used by another local process'],
        [null, run.leakAtDoor],
        'whoever reaches the door behind the app may do what the policy allows it',
      ),
    run.ownPort !== 'no answer' &&
      open(
        ['own-port', 'plain HTTP to the app’s own port, from here'],
        [bare.ownPort, run.ownPort],
        'other processes of this machine need not come through the door',
      ),
    run.startedWithKey &&
      open(
        ['start', 'key in the environment that it is started with'],
        [yesOrNo(bare.startedWithKey), yesOrNo(run.startedWithKey)],
        'until the doors open, with from: env:…; not with from: file:…',
      ),
    !otherUser &&
      open(
        ['user', 'the app runs as the user of the gateway'],
        ['–', 'yes'],
        'it may read the files of that user; as root, app.user names another',
      ),
    app.predicted.length === 0 &&
      open(['scan', 'scan follows keys in this language'], ['not yet', null], 'it follows them in Ruby'),
  ]
  return lines.filter((line) => line !== false)
}

type Words = readonly [id: string, title: string]
type Values = readonly [bare: Value, run: Value | undefined]

function line([id, title]: Words, [bare, run]: Values): Omit<Line, 'standing'> {
  return { id, title, bare, run: run ?? null }
}

function claim(holds: boolean, words: Words, values: Values, of?: NonNullable<Line['of']>): Line {
  return { ...line(words, values), ...(of ? { of } : {}), standing: holds ? 'held' : 'failed' }
}

function open(words: Words, values: Values, says: string): Line {
  return { ...line(words, values), standing: 'open', says }
}

function copiesOf(memory: Memory): number | string {
  return 'copies' in memory ? memory.copies : 'unreadable'
}

function yesOrNo(is: boolean): string {
  return is ? 'yes' : 'no'
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}

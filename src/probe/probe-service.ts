import { SallyportError } from '../errors.ts'
import type { Finding } from '../finding/finding.ts'
import { type Cap, type Score, score } from '../finding/grade.ts'
import { printable } from '../finding/mask.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { loadTraces } from '../traces/find-traces.ts'
import { type Cell, tryAccess } from './access.ts'
import type { Answer } from './answer.ts'
import { type Arm, arms } from './arms.ts'
import type { Check } from './check.ts'
import { type Credential, reach, type Way } from './exchange.ts'
import { canaryOf } from './find-canary.ts'
import { saysRefused } from './judge.ts'
import { type Line, openLine } from './line.ts'
import { loadChecks } from './load-checks.ts'
import { maskSecrets } from './mask-evidence.ts'
import { mintCredentials } from './mint-credentials.ts'
import { unknownPath } from './provocations.ts'
import { type LeakOptions, readExchange, readLeaks, type Shown } from './read-leaks.ts'
import { readTarget } from './target.ts'
import { percentEncoded, toFindings } from './to-findings.ts'
import { type Conclusion, conclude, nameOf, type Verdict } from './verdict.ts'

export interface ProbeOptions {
  /** `https://host:port` or `http://host:port`; a path becomes the first route. */
  readonly url: string
  /** Origin-form targets, queries included. Default `/`. */
  readonly routes?: readonly string[]
  /** A certificate that the service should admit, with its key. */
  readonly good?: Credential
  /** PEM of the CA that the service's own certificate should verify against. */
  readonly serverCa?: string
  /** A staging CA of the clients, with its key. */
  readonly clientCa?: Credential
  /** A secret to look for. */
  readonly canary?: Uint8Array
  /** For one request; default 10 seconds. */
  readonly timeoutMs?: number
  /** For everything; default two minutes. */
  readonly totalTimeoutMs?: number
  readonly signal?: AbortSignal
}

/** What one arm came to, on one route over one transport. */
export interface ProbedArm {
  readonly arm: Arm['id']
  readonly title: string
  readonly transport: Way['transport']
  readonly route: string
  readonly outcome: Cell['verdict']
  readonly why: string
}

/** A report as report.ts has it, with the verdict on client certificates and what it rests on. */
export interface ProbeReport {
  readonly verb: 'probe'
  readonly subject: string
  readonly findings: readonly Finding[]
  readonly score: Score
  readonly rules: readonly Pick<Check, 'id' | 'title' | 'explanation' | 'severity' | 'cwe'>[]
  readonly table: {
    readonly title: string
    readonly columns: readonly string[]
    readonly rows: readonly (readonly string[])[]
  }
  readonly measured: readonly (readonly [label: string, value: string])[]
  readonly gaps: readonly string[]
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  readonly arms: readonly ProbedArm[]
  /** How many requests got an answer in HTTP: with none, nothing was proved. */
  readonly answered: number
}

const defaults = {
  timeoutMs: 10_000,
  totalTimeoutMs: 120_000,
  /** Longer than an idle service takes; see Line for slower ones. */
  halfCloseAfterMs: 1_500,
  headBytesMax: 65_536,
  bodyBytesMax: 1_048_576,
}

/**
 * Probes a running service: who gets in, and what its answers show. Rejects with PROBE_UNREACHABLE where no connection can
 * be made, CLI_USAGE for a URL or a route that cannot be used, CERTIFICATE_INVALID and CA_INVALID for what was given.
 */
export async function probeService(options: ProbeOptions): Promise<ProbeReport> {
  const startedMs = performance.now()
  const target = readTarget(options.url, options.routes)
  const credentials = await mintCredentials(options.good, options.clientCa)
  const timeoutMs = options.timeoutMs ?? defaults.timeoutMs
  const problem = await reach(target.origin, timeoutMs)
  if (problem !== '') {
    throw new SallyportError(
      'PROBE_UNREACHABLE',
      `${target.url}: no connection could be made (${problem}); is the service running?`,
    )
  }
  const line = openLine({
    origin: target.origin,
    limits: { ...defaults, timeoutMs },
    totalTimeoutMs: options.totalTimeoutMs ?? defaults.totalTimeoutMs,
    ...(options.serverCa === undefined ? {} : { serverCa: options.serverCa }),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const [checks, kinds, traces] = await Promise.all([loadChecks(), loadKinds(), loadTraces()])
  const reading = { line, checks, kinds, traces, canary: options.canary ? canaryOf(options.canary) : undefined }

  const cells = await tryAccess({
    routes: target.routes,
    credentials,
    traces,
    unknownPath,
    send: (way, path) => line.send(way, { method: 'GET', target: path }),
  })
  const conclusion = conclude(cells)
  const unasked = await unaskedElsewhere(line, cells)
  const entry = bestEntry(cells)
  const way = entry?.exchange?.way
  const shown = [
    ...readCells(reading, cells),
    ...(way ? await readLeaks(reading, way, target.routes) : []),
    ...readAccess(checks, cells, conclusion, options.serverCa !== undefined),
  ]
  const openTo = await strangersSee(reading, cells, shown)
  const findings = toFindings(target, shown, reading)
  const tookMs = performance.now() - startedMs
  // Routes come from the user, and may hold what must not be shown.
  const clean = (text: string) => printable(maskSecrets(text, reading))
  return {
    verb: 'probe',
    subject: target.url,
    findings,
    score: score(findings, capsOf(conclusion, openTo)),
    rules: checks.map(({ id, title, explanation, severity, cwe }) => ({
      id,
      title,
      explanation,
      severity,
      ...(cwe === undefined ? {} : { cwe }),
    })),
    table: tableOf(cells, conclusion.verdict),
    measured: [
      ['client certificate', conclusion.verdict],
      ['requests', String(line.sent())],
      ['took', `${(tookMs / 1_000).toFixed(1)} s`],
    ],
    gaps: [...unasked, ...gapsOf(cells, conclusion, line, entry, options)].map(clean),
    verdict: conclusion.verdict,
    reasons: conclusion.reasons.map(clean),
    arms: cells.map(({ arm, transport, route, verdict, why }) => ({
      arm: arm.id,
      title: arm.title,
      transport,
      route: clean(percentEncoded(route)),
      outcome: verdict,
      why,
    })),
    answered: line.answered(),
  }
}

/** The best way in that works: the good certificate, else whatever gets an answer at all. */
function bestEntry(cells: readonly Cell[]): Cell | undefined {
  const answered = cells.filter((cell) => cell.exchange?.outcome.kind === 'answer')
  const rank = (cell: Cell) =>
    cell.verdict === 'admitted' ? (cell.arm.who === 'good' ? 3 : 2) : cell.verdict === 'unclear' ? 1 : 0
  const [best] = answered.toSorted((a, b) => rank(b) - rank(a) || b.transport.localeCompare(a.transport))
  return best
}

/** The matrix's own answers are read too: a refusal's page can leak as well as any other. */
function readCells(reading: LeakOptions, cells: readonly Cell[]): Shown[] {
  return cells.flatMap((cell) => (cell.exchange ? readExchange(reading, cell.exchange, cell.route) : []))
}

function readAccess(
  checks: readonly Check[],
  cells: readonly Cell[],
  conclusion: Conclusion,
  knowsServerCa: boolean,
): Shown[] {
  const exchanges = cells.flatMap((cell) => (cell.exchange ? [cell.exchange] : []))
  return checks.flatMap((check) =>
    (check.readAccess?.({ cells, conclusion, exchanges, knowsServerCa }) ?? []).map((sighting) => ({
      check,
      sighting,
      way: sighting.way ?? { transport: 'TLSv1.3' as const },
      request: sighting.request ?? { method: 'GET' as const, target: '/' },
      route: sighting.request?.target ?? '/',
    })),
  )
}

/**
 * A refusal in HTTP may be one route's own: where a stranger gets an ordinary answer for any other path, nothing is known
 * of the routes that were not named.
 */
async function unaskedElsewhere(line: Line, cells: readonly Cell[]): Promise<string[]> {
  const isRefusal = (cell: Cell) => cell.verdict === 'refused' && cell.exchange?.outcome.kind === 'answer'
  const refused = cells.find((cell) => cell.arm.id === 'no-certificate' && isRefusal(cell))
  if (!refused?.exchange || !saysRefused((refused.exchange.outcome as { answer: Answer }).answer)) return []
  const elsewhere = await line.send(refused.exchange.way, { method: 'GET', target: unknownPath })
  if (elsewhere?.outcome.kind !== 'answer' || saysRefused(elsewhere.outcome.answer)) return []
  const { status } = elsewhere.outcome.answer
  return [
    `other routes: strangers are refused at the named ones in HTTP, and get an ordinary ${status} for a path that does not exist, so routes that were not named may be open (--routes)`,
  ]
}

/** Asks again, as strangers, for what showed a secret; what a stranger is shown too. */
async function strangersSee(reading: LeakOptions, cells: readonly Cell[], shown: readonly Shown[]): Promise<Shown[]> {
  const secrets = shown.filter(({ sighting }) => sighting.isSecret)
  const seen = secrets.filter(({ way }) => !isGoodWay(way, cells))
  if (seen.length > 0) return seen
  const ways = strangerWays(cells)
  for (const { request, route } of secrets.slice(0, repeatsMax)) {
    for (const way of ways) {
      const exchange = await reading.line.send(way, request)
      const found = exchange ? readExchange(reading, exchange, route).filter(({ sighting }) => sighting.isSecret) : []
      if (found.length > 0) return found
    }
  }
  return []
}

const repeatsMax = 10

function isGoodWay(way: Way, cells: readonly Cell[]): boolean {
  return cells.some(
    (cell) =>
      cell.arm.who === 'good' && cell.exchange?.way.credential === way.credential && way.credential !== undefined,
  )
}

/** One way for each kind of stranger that got any answer. */
function strangerWays(cells: readonly Cell[]): Way[] {
  const answered = cells.filter((cell) => cell.arm.who === 'stranger' && cell.exchange?.outcome.kind === 'answer')
  const ways = new Map<Arm['id'], Way>()
  for (const cell of answered) if (cell.exchange) ways.set(cell.arm.id, cell.exchange.way)
  return [...ways.values()]
}

function capsOf(conclusion: Conclusion, openTo: readonly Shown[]): Cap[] {
  const caps: Cap[] = []
  const [first] = openTo
  if (first)
    caps.push({
      grade: 'F',
      reason: `a key or the canary is shown to whoever asks (${first.check.id}, without a good certificate)`,
    })
  if (conclusion.verdict === 'not enforced') caps.push({ grade: 'D', reason: 'client certificates are not enforced' })
  if (conclusion.verdict === 'partial')
    caps.push({ grade: 'C', reason: 'client certificates are not enforced everywhere' })
  if (conclusion.verdict === 'inconclusive')
    caps.push({ grade: 'C', reason: 'it was not proved that client certificates are enforced' })
  return caps
}

function tableOf(cells: readonly Cell[], verdict: Verdict): ProbeReport['table'] {
  const transports = ['plain', 'TLSv1.2', 'TLSv1.3'] as const
  const used = arms.filter((arm) => cells.some((cell) => cell.arm === arm))
  return {
    title: `client certificate: ${verdict}`,
    columns: ['who', ...transports.map(nameOf)],
    rows: used.map((arm) => [
      arm.title,
      ...transports.map((transport) =>
        cellText(cells.filter((cell) => cell.arm === arm && cell.transport === transport)),
      ),
    ]),
  }
}

/** All routes of one arm in one word, the most telling first. */
function cellText(cells: readonly Cell[]): string {
  const order = ['admitted', 'unclear', 'refused', 'not tested', 'not offered'] as const
  const verdict = order.find((one) => cells.some((cell) => cell.verdict === one))
  const [first, ...rest] = cells.filter((cell) => cell.verdict === verdict)
  if (!first) return '–'
  const word = first.verdict === 'admitted' ? (first.arm.who === 'good' ? 'reaches the app' : 'GETS IN') : first.verdict
  const where = cells.length > rest.length + 1 ? ` at ${rest.length + 1} of ${cells.length} routes` : ''
  return first.verdict === 'not tested' || first.verdict === 'not offered' ? word : `${word}${where}: ${first.why}`
}

function gapsOf(
  cells: readonly Cell[],
  conclusion: Conclusion,
  line: Line,
  entry: Cell | undefined,
  options: ProbeOptions,
): string[] {
  const untested = cells.filter((cell) => cell.verdict === 'not tested').map((cell) => `${cell.arm.title}: ${cell.why}`)
  const closed = cells
    .filter((cell) => cell.arm.who === 'good' && cell.verdict !== 'admitted' && cell.verdict !== 'not offered')
    .map(
      (cell) =>
        `${cell.route} over ${nameOf(cell.transport)}: the good certificate got “${cell.why}” there, so what strangers get proves nothing`,
    )
  return [
    ...(conclusion.verdict === 'inconclusive' ? conclusion.reasons : []),
    ...new Set([...untested, ...closed]),
    ...(entry ? [] : ['leaks: nothing answered in HTTP, so no answer could be read']),
    ...(entry && entry.verdict !== 'admitted'
      ? ['leaks: no way into the app was found, so only the answers of its door were read']
      : []),
    ...(line.unfinished() > 0
      ? [`${line.unfinished()} answers were larger or slower than the limits, and were read only to there`]
      : []),
    ...(line.stopped() === '' ? [] : [`not everything was sent: ${line.stopped()}`]),
    ...(options.serverCa === undefined
      ? ['the service’s own certificate was not verified: no CA was given for it (--ca)']
      : []),
    ...(options.canary === undefined ? ['no canary was given: only keys of known shapes were looked for'] : []),
  ]
}

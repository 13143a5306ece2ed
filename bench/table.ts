import { type Comparison, isFlat, type Measured, type MemorySlope } from './compare.ts'
import type { Spread } from './statistics.ts'

/** First targets, to report against: nothing fails where one is missed. */
const targets = { cpuRatio: 1.4, residentMiB: 90, startMs: 300 } as const

interface Row {
  readonly label: string
  cell(door: Measured): string
}

/** A table with a column a door, and below it a sentence for each target. */
export function comparisonText(
  { name, says, doors, absent }: Comparison,
  asked: { rounds: number; seconds: number; connections: number; body: number; upload: number },
): string {
  const rows: Row[] = [
    { label: 'CPU per request, µs', cell: ({ cpuUs }) => cpuUs.median.toFixed(1) },
    { label: '  over nginx’s', cell: ({ cpuRatio }) => ratioText(cpuRatio) },
    { label: 'requests per second', cell: ({ requestsPerSecond }) => requestsPerSecond.median.toFixed(0) },
    { label: 'latency p50, ms', cell: ({ p50Us }) => (p50Us.median / 1000).toFixed(2) },
    { label: 'latency p99, ms', cell: ({ p99Us }) => (p99Us.median / 1000).toFixed(2) },
    { label: 'resident, loaded, MiB', cell: ({ residentMiB }) => residentMiB.median.toFixed(1) },
    { label: '  of it anonymous', cell: ({ anonymousMiB }) => anonymousMiB.median.toFixed(1) },
    { label: 'start to listening, ms', cell: ({ startMs }) => spreadText(startMs, 0) },
  ]
  if (doors.some(({ slope }) => slope))
    rows.push({ label: 'MiB more per 100,000 requests', cell: ({ slope }) => slopeText(slope) })
  if (doors.some(({ handshakes }) => handshakes)) {
    rows.push(
      { label: 'handshakes per second', cell: ({ handshakes }) => handshakes?.perSecond.median.toFixed(0) ?? '' },
      { label: '  over nginx’s', cell: ({ handshakes }) => ratioText(handshakes?.perSecondRatio) },
      { label: 'CPU per handshake, µs', cell: ({ handshakes }) => handshakes?.cpuUs.median.toFixed(0) ?? '' },
      { label: '  over nginx’s', cell: ({ handshakes }) => ratioText(handshakes?.cpuRatio) },
      { label: 'resident after them, MiB', cell: ({ handshakes }) => handshakes?.residentMiB.toFixed(1) ?? '' },
    )
  }
  const title = `${name}: ${says}\n${asked.connections} keep-alive connections, ${asked.body}-byte answers${
    asked.upload > 0 ? `, ${asked.upload}-byte requests` : ''
  }, ${asked.rounds} interleaved rounds of ${asked.seconds} s: median (least–most of the rounds)\n`
  const [first] = doors
  return `${title}\n${table(rows, doors)}\n${[...(first ? verdicts(first) : []), ...absent].map((sentence) => `${sentence}\n`).join('')}\n`
}

function table(rows: readonly Row[], doors: readonly Measured[]): string {
  const lines = [
    ['', ...doors.map(({ name, version }) => (name.startsWith('gateway') ? name : `${name} ${version}`))],
    ...rows.map(({ label, cell }) => [label, ...doors.map(cell)]),
  ]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return lines
    .map(
      (line) =>
        `${line.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')}\n`,
    )
    .join('')
}

function verdicts({ cpuRatio, residentMiB, startMs, slope, handshakes }: Measured): string[] {
  const verdict = (what: string, value: number, target: number, unit: string, digits: number) =>
    `target ${value <= target ? 'met   ' : 'missed'}  ${what}: ${value.toFixed(digits)}${unit}, at most ${target}${unit}`
  return [
    ...(cpuRatio
      ? [verdict('CPU per request over nginx’s', cpuRatio.median, targets.cpuRatio, '', 2)]
      : ['target open    CPU per request over nginx’s: there was no nginx']),
    verdict('resident memory, loaded', residentMiB.median, targets.residentMiB, ' MiB', 1),
    Number.isNaN(startMs.median)
      ? 'target open    start to listening was not measured'
      : verdict('start to listening', startMs.median, targets.startMs, ' ms', 0),
    ...(slope
      ? [`target ${isFlat(slope) ? 'met   ' : 'missed'}  ${slopeSentence(slope)}`]
      : ['target open    memory over many requests was not measured']),
    ...(handshakes ? [`the handshakes: ${handshakes.tls}, certificates on both sides, none resumed`] : []),
  ]
}

export function slopeSentence(measured: MemorySlope): string {
  const { slope, error, requests, looks, firstMiB, lastMiB } = measured
  const size = `${slope.toFixed(2)} ± ${error.toFixed(2)} MiB per 100,000 requests in the last ${requests / 2} of ${looks * requests}, from ${firstMiB.toFixed(1)} to ${lastMiB.toFixed(1)} MiB over all`
  return isFlat(measured) ? `resident memory does not grow: ${size}` : `resident memory grows: ${size}`
}

function slopeText(slope: MemorySlope | undefined): string {
  return slope ? `${slope.slope.toFixed(2)} ± ${slope.error.toFixed(2)}` : ''
}

function ratioText(ratio: Spread | undefined): string {
  return ratio ? spreadText(ratio, 2) : '–'
}

function spreadText({ median, min, max }: Spread, digits: number): string {
  if (Number.isNaN(median)) return '–'
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

import { type Comparison, eventStreams, isFlat, type Measured, type MemorySlope, type Whole } from './compare.ts'
import type { Payload } from './door.ts'
import { eventIntervalMs } from './load.ts'
import type { SlowRead } from './slow.ts'
import type { Spread } from './statistics.ts'

/** What is aimed at, to report against: nothing fails where one is missed. CPU depends on the payload. */
const targets = { p99Ratio: 1.5, residentMiB: 90, startMs: 300, copies: 0, slowMiB: 4 } as const

export interface Row<Door> {
  readonly label: string
  cell(door: Door): string
}

interface Asked {
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  readonly upload: number
}

/** A table a payload and one for the rest, a column a door; below each a sentence for each target. */
export function comparisonText({ name, says, payloads, doors, absent }: Comparison, asked: Asked): string {
  const parts = payloads.map(({ payload, doors: measured }) => {
    const [first] = measured
    const title = `${name}: ${says}\n${payloadText(payload, asked)}, ${asked.rounds} interleaved rounds of ${asked.seconds} s: median (least–most of the rounds)\n`
    return `${title}\n${table(payloadRows(payload, measured), measured)}\n${lines(first ? payloadVerdicts(first, payload) : [])}`
  })
  const [first] = doors
  const whole = `${name}: over all\n\n${table(wholeRows(doors), doors)}\n${lines([...(first ? wholeVerdicts(first) : []), ...absent])}`
  return `${[...parts, whole].join('\n')}\n`
}

/** What a slow reader costs, a row a door. */
export function slowText(reads: readonly SlowRead[]): string {
  const [first] = reads
  if (!first) return ''
  const { bytes, bytesPerSecond, pauseSeconds } = first
  const rows: Row<SlowRead & { readonly version: string }>[] = [
    { label: 'resident before, MiB', cell: ({ beforeMiB }) => beforeMiB.toFixed(1) },
    { label: 'after', cell: ({ afterMiB }) => afterMiB.toFixed(1) },
    { label: 'at most', cell: ({ mostMiB }) => mostMiB.toFixed(1) },
    { label: 'seconds', cell: ({ seconds }) => seconds.toFixed(0) },
  ]
  const title = `a slow reader: one answer of ${bytes / 1e9} GB, nothing read for ${pauseSeconds} s and then at most ${bytesPerSecond / 1e6} MB a second; before it 100 answers of 20 KiB\n`
  const columns = reads.map((read) => ({ ...read, version: '' }))
  const grown = first.mostMiB - first.beforeMiB
  return `${title}\n${table(rows, columns)}\n${lines([verdict('memory that a slow reader takes', grown, targets.slowMiB, ' MiB', 1)])}\n`
}

export function lines(sentences: readonly string[]): string {
  return sentences.map((sentence) => `${sentence}\n`).join('')
}

function payloadText({ kind, name, connectionsMax }: Payload, { connections, upload }: Asked): string {
  if (kind === 'events')
    return `${eventStreams} event streams, an event of 200 bytes every ${eventIntervalMs} ms on each`
  const count = Math.min(connections, connectionsMax)
  return `${count} keep-alive connections, answers of ${name}${upload > 0 ? `, ${upload}-byte requests` : ''}`
}

function payloadRows({ kind, bytes }: Payload, doors: readonly Measured[]): Row<Measured>[] {
  const unit = kind === 'events' ? 'event' : 'request'
  const milliseconds = (us: number) => (us / 1000).toFixed(2)
  return [
    { label: `CPU per ${unit}, µs`, cell: ({ cpuUs }) => numberText(cpuUs.median, bytes > 65_536 ? 0 : 1) },
    { label: '  over nginx’s', cell: ({ cpuRatio }) => ratioText(cpuRatio) },
    ...(doors.some(({ cpuRatioAlike }) => cpuRatioAlike)
      ? [
          {
            label: '  over nginx’s that decodes too',
            cell: ({ cpuRatioAlike }: Measured) => ratioText(cpuRatioAlike),
          },
        ]
      : []),
    { label: `${unit}s per second`, cell: ({ requestsPerSecond }) => requestsPerSecond.median.toFixed(0) },
    { label: 'latency p50, ms', cell: ({ p50Us }) => milliseconds(p50Us.median) },
    { label: 'latency p99, ms', cell: ({ p99Us }) => milliseconds(p99Us.median) },
    { label: '  over nginx’s', cell: ({ p99Ratio }) => ratioText(p99Ratio) },
    ...(doors.some(({ addedP50Us }) => addedP50Us)
      ? [
          {
            label: 'more than without a door, p50, ms',
            cell: ({ addedP50Us }: Measured) => (addedP50Us ? milliseconds(addedP50Us.median) : '–'),
          },
          {
            label: '  p99, ms',
            cell: ({ addedP99Us }: Measured) => (addedP99Us ? milliseconds(addedP99Us.median) : '–'),
          },
        ]
      : []),
    { label: 'resident, loaded, MiB', cell: ({ residentMiB }) => numberText(residentMiB.median || Number.NaN, 1) },
    { label: '  of it anonymous', cell: ({ anonymousMiB }) => numberText(anonymousMiB.median || Number.NaN, 1) },
  ]
}

function payloadVerdicts({ cpuRatio, cpuRatioAlike, p99Ratio, residentMiB }: Measured, payload: Payload): string[] {
  const { cpuRatioMax } = payload
  return [
    cpuRatio
      ? verdict(`CPU over nginx’s, ${payload.name}`, cpuRatio.median, cpuRatioMax, '', 2)
      : 'target open    CPU over nginx’s: there was no nginx',
    ...(cpuRatioAlike
      ? [verdict(`CPU over nginx’s that decodes too, ${payload.name}`, cpuRatioAlike.median, cpuRatioMax, '', 2)]
      : []),
    ...(p99Ratio ? [verdict('latency p99 over nginx’s', p99Ratio.median, targets.p99Ratio, '', 2)] : []),
    verdict('resident memory, loaded', residentMiB.median, targets.residentMiB, ' MiB', 1),
  ]
}

function wholeRows(doors: readonly Whole[]): Row<Whole>[] {
  const rows: Row<Whole>[] = [{ label: 'start to listening, ms', cell: ({ startMs }) => spreadText(startMs, 0) }]
  if (doors.some(({ slope }) => slope))
    rows.push({ label: 'MiB more per 100,000 requests', cell: ({ slope }) => slopeText(slope) })
  if (doors.some(({ copies }) => copies !== undefined))
    rows.push({
      label: 'copies of the key in memory after all',
      cell: ({ copies }) => (copies === undefined || copies < 0 ? '–' : String(copies)),
    })
  if (doors.some(({ handshakes }) => handshakes)) {
    rows.push(
      { label: 'handshakes per second', cell: ({ handshakes }) => handshakes?.perSecond.median.toFixed(0) ?? '' },
      { label: '  over nginx’s', cell: ({ handshakes }) => ratioText(handshakes?.perSecondRatio) },
      { label: 'CPU per handshake, µs', cell: ({ handshakes }) => handshakes?.cpuUs.median.toFixed(0) ?? '' },
      { label: '  over nginx’s', cell: ({ handshakes }) => ratioText(handshakes?.cpuRatio) },
      { label: 'resident after them, MiB', cell: ({ handshakes }) => handshakes?.residentMiB.toFixed(1) ?? '' },
    )
  }
  return rows
}

/** A column a door, or whatever else is compared. */
export function table<Door extends { readonly name: string; readonly version: string }>(
  rows: readonly Row<Door>[],
  doors: readonly Door[],
): string {
  const cells = [
    ['', ...doors.map(({ name, version }) => (name.startsWith('gateway') ? name : `${name} ${version}`.trim()))],
    ...rows.map(({ label, cell }) => [label, ...doors.map(cell)]),
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? []
  return cells
    .map(
      (line) =>
        `${line.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')}\n`,
    )
    .join('')
}

export function verdict(what: string, value: number, target: number, unit: string, digits: number): string {
  return `target ${value <= target ? 'met   ' : 'missed'}  ${what}: ${value.toFixed(digits)}${unit}, at most ${target}${unit}`
}

function wholeVerdicts({ startMs, slope, handshakes, copies }: Whole): string[] {
  return [
    Number.isNaN(startMs.median)
      ? 'target open    start to listening was not measured'
      : verdict('start to listening', startMs.median, targets.startMs, ' ms', 0),
    ...(slope
      ? [`target ${isFlat(slope) ? 'met   ' : 'missed'}  ${slopeSentence(slope)}`]
      : ['target open    memory over many requests was not measured']),
    ...copiesVerdict(copies),
    ...(handshakes ? [`the handshakes: ${handshakes.tls}, certificates on both sides, none resumed`] : []),
  ]
}

function copiesVerdict(copies: number | undefined): string[] {
  if (copies === undefined) return []
  if (copies < 0) return ['target open    copies of the key in memory: it may be read as root alone']
  return [verdict('copies of the key in memory, a second after all of it', copies, targets.copies, '', 0)]
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

function numberText(value: number, digits: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits)
}

export function spreadText({ median, min, max }: Spread, digits: number): string {
  if (Number.isNaN(median)) return '–'
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

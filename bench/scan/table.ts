import type { Spread } from '../statistics.ts'
import { lines, type Row, spreadText, table, verdict } from '../table.ts'
import type { Comparison, Measured } from './compare-scanners.ts'
import type { Recall, RecallOfScanner } from './recall.ts'
import type { Tree } from './trees.ts'

/** What is aimed at for every tree, to report against: nothing fails where one is missed. */
const targets = { peakMiB: 600, unchangedRatio: 0.1 } as const

/** A table for one tree, a column a scanner; below it a sentence for each target, and for each scanner that is not there. */
export function scanText({ tree, rounds, limitSeconds, scanners, absent }: Comparison): string {
  const size = `${tree.files} ${tree.reading === 'history' ? 'versions' : 'files'}, ${(tree.bytes / 1e6).toFixed(1)} MB`
  const title = `scan: ${tree.says}\n${size}; ${rounds} interleaved rounds: median (least–most of the rounds)\n`
  const rows: Row<Measured>[] = [
    { label: 'wall, s', cell: timeCell(limitSeconds, ({ wallMs }) => wallMs) },
    { label: '  over Sallyport’s', cell: ratioCell(({ wallRatio }) => wallRatio) },
    { label: 'CPU, s', cell: timeCell(limitSeconds, ({ cpuMs }) => cpuMs) },
    { label: '  over Sallyport’s', cell: ratioCell(({ cpuRatio }) => cpuRatio) },
    { label: 'peak resident, MiB', cell: ({ peakMiB }) => spreadText(peakMiB, 0) },
    { label: '  over Sallyport’s', cell: ({ peakRatio }) => spreadText(peakRatio, 2) },
    { label: 'reported', cell: ({ reported, isOverLimit }) => (isOverLimit ? '–' : String(reported)) },
  ]
  return `${title}\n${table(rows, scanners)}\n${lines([...verdicts(tree, scanners), ...absent])}`
}

function timeCell(limitSeconds: number, value: (measured: Measured) => Spread): (measured: Measured) => string {
  return (measured) => {
    if (measured.isOverLimit) return value(measured) === measured.wallMs ? `over ${limitSeconds}` : '–'
    const { median, min, max } = value(measured)
    return spreadText({ median: median / 1000, min: min / 1000, max: max / 1000 }, 2)
  }
}

function ratioCell(value: (measured: Measured) => Spread): (measured: Measured) => string {
  return (measured) => (measured.isOverLimit ? '–' : spreadText(value(measured), 2))
}

function verdicts({ wallMsMax, reading }: Tree, [cold, unchanged]: readonly Measured[]): string[] {
  if (!cold) return []
  return [
    ...(wallMsMax === undefined ? [] : [verdict('wall, cold', cold.wallMs.median / 1000, wallMsMax / 1000, ' s', 2)]),
    verdict('peak resident, cold', cold.peakMiB.median, targets.peakMiB, ' MiB', 0),
    ...(unchanged?.name === 'unchanged' && reading !== 'history' && cold.wallMs.median >= wallMsToSaveFrom
      ? [verdict('wall of an unchanged tree over cold', unchanged.wallRatio.median, targets.unchangedRatio, '', 2)]
      : []),
  ]
}

/** Below, what is left is the start of the program: a tenth of it is nothing that a cache could reach. */
const wallMsToSaveFrom = 2_000

/** How much of what is labelled each scanner reports, a column a scanner. */
export function recallText({ sets, scanners, absent }: Recall): string {
  const rows: Row<RecallOfScanner & { readonly version: string }>[] = sets.map(({ says, name, leaks, programs }) => ({
    label: leaks > 0 ? `${says}: of ${leaks} leaks` : `${says}: in ${programs} programs`,
    cell: ({ found, reported }) => (leaks > 0 ? `${found[name] ?? 0}` : `${reported[name] ?? 0}`),
  }))
  const title =
    'scan-recall: leaks that are reported within three lines of where they are labelled; where nothing leaks, all that is reported\n'
  return `${title}\n${table(rows, scanners)}\n${lines(absent)}`
}

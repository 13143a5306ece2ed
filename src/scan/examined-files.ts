import type { FileReport } from './examine-file.ts'
import type { KnownFile } from './open-tree.ts'

/** What examining the files of a tree has told. */
export interface ExaminedFiles {
  /** Of files that there is something to tell of, or that programs are made of; in any order. */
  readonly reports: readonly FileReport[]
  /** Of every file. */
  readonly known: ReadonlyMap<string, KnownFile>
  readonly kinds: ReadonlyMap<FileReport['kind'], number>
  readonly lines: number
}

export interface GrowingFiles extends ExaminedFiles {
  add(report: FileReport): void
  /** From now on keeps no report for what a cache wants to know of it. */
  forgetDigests(): void
}

const nothing: readonly never[] = []

/** Reports that are kept only where they tell something: of a million files with nothing in them, only numbers are. */
export function growingFiles(): GrowingFiles {
  let reports: FileReport[] = []
  const known = new Map<string, KnownFile>()
  const kinds = new Map<FileReport['kind'], number>()
  const shared = new Map<string, KnownFile>()
  let lines = 0
  let keepsDigests = true
  return {
    get reports() {
      return reports
    },
    known,
    kinds,
    get lines() {
      return lines
    },
    add(report) {
      const { path, kind, mode } = report
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      lines += report.lines
      known.set(path, knownOf(kind === 'unread' ? { mode } : { mode, topics: report.topics ?? 0 }))
      if (isTold(report) || (keepsDigests && report.digest !== undefined)) reports.push(withSharedLists(report))
    },
    forgetDigests() {
      keepsDigests = false
      reports = reports.filter(isTold).map(({ digest: _digest, stamp: _stamp, ...report }) => report)
    },
  }

  function knownOf(file: KnownFile): KnownFile {
    const key = `${file.mode} ${file.topics}`
    const same = shared.get(key) ?? file
    shared.set(key, same)
    return same
  }
}

function isTold({ findings, allowances, gaps, language }: FileReport): boolean {
  return findings.length > 0 || allowances.length > 0 || gaps.length > 0 || language !== undefined
}

function withSharedLists(report: FileReport): FileReport {
  const { findings, allowances, gaps } = report
  return {
    ...report,
    findings: findings.length > 0 ? findings : nothing,
    allowances: allowances.length > 0 ? allowances : nothing,
    gaps: gaps.length > 0 ? gaps : nothing,
  }
}

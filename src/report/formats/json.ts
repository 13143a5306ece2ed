import type { Report, ReportFormat } from '../report.ts'
import { documentVersion } from '../report-schema.ts'
import { writeJson } from '../write-json.ts'

/** For programs. docs/report.md describes every field, schema/report.json their forms. */
export const json: ReportFormat = {
  id: 'json',
  write: (report, look) => writeJson(document(report, look.version)),
}

function document(report: Report, toolVersion: string) {
  const { verb, subject, score, findings, suppressed, gone, table, measured, gaps, verdict, reasons, arms } = report
  return {
    version: documentVersion,
    tool: { name: 'sallyport', version: toolVersion },
    verb,
    subject,
    grade: score.grade,
    points: score.points,
    caps: score.caps,
    ...(verdict === undefined ? {} : { verdict, reasons, arms }),
    findings,
    ...(suppressed ? { suppressed } : {}),
    ...(gone ? { gone } : {}),
    ...(table ? { table } : {}),
    measured: measured.map(([label, value]) => ({ label, value })),
    gaps,
  }
}

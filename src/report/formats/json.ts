import type { Report, ReportFormat } from '../report.ts'

/** The version of the document's form: raised when a field changes its meaning or goes; new fields may come any time. */
const documentVersion = 1

/** For programs. docs/report.md describes every field; findings stand as finding.ts defines them. */
export const json: ReportFormat = {
  id: 'json',
  write: (report, look) => `${JSON.stringify(document(report, look.version), null, 2)}\n`,
}

function document(report: Report, toolVersion: string) {
  const { verb, subject, score, findings, table, measured, gaps, verdict, reasons, arms } = report
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
    ...(table ? { table } : {}),
    measured: measured.map(([label, value]) => ({ label, value })),
    gaps,
  }
}

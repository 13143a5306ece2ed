import { isSourcePlace, type Severity } from '../../finding/finding.ts'
import { printable } from '../../finding/mask.ts'
import type { ReportFormat } from '../report.ts'
import { worstFirst } from '../worst-first.ts'
import { writeJson } from '../write-json.ts'

const severity: Record<Severity, string> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  note: 'info',
}

/** GitLab's code quality report, shown in merge requests. It knows places in files only. */
export const gitlab: ReportFormat = {
  id: 'gitlab',
  write: (report) =>
    writeJson(
      worstFirst(report.findings).flatMap((finding) =>
        isSourcePlace(finding.at)
          ? [
              {
                description: printable(`${finding.title}: ${finding.message}`),
                check_name: finding.rule,
                fingerprint: finding.fingerprint,
                severity: severity[finding.severity],
                location: { path: finding.at.file, lines: { begin: finding.at.line } },
              },
            ]
          : [],
      ),
    ),
}

import type { Check } from '../../src/probe/check.ts'
import { loadChecks } from '../../src/probe/load-checks.ts'
import { generatedBy } from '../markdown.ts'

export const page = {
  path: 'docs/reference/checks.md',
  async content(): Promise<string> {
    const checks = await loadChecks()
    return `${generatedBy}
# Checks

What \`sallyport probe\` tries on a running service. A finding names its check; its severity stands for the worst case
and may be less in a report.

${checks.map(sectionOf).join('\n')}`
  },
}

function sectionOf({ id, title, severity, cwe, explanation }: Check): string {
  return `## \`${id}\`

${title}. Severity: ${severity}${cwe === undefined ? '' : `; [CWE-${cwe}](https://cwe.mitre.org/data/definitions/${cwe}.html)`}.

${explanation}
`
}

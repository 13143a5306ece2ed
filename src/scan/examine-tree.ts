import type { Finding } from '../finding/finding.ts'
import type { Catalogue } from './catalogue.ts'
import { findingsOf } from './examine-file.ts'
import type { ProgramReport } from './examine-program.ts'
import type { TreeEvidence } from './rule.ts'
import { readListeners } from './servers/read-listeners.ts'

/** Looks at the tree as a whole, once its programs are known. */
export async function examineTree(
  { tree, deployment, now }: Pick<TreeEvidence, 'tree' | 'deployment' | 'now'>,
  reports: readonly ProgramReport[],
  { rules }: Catalogue,
): Promise<{ readonly findings: readonly Finding[]; readonly gaps: readonly string[] }> {
  const gaps: string[] = []
  const listeners = await readListeners(tree, deployment, (gap) => gaps.push(gap))
  const programs = reports.map(({ folder, frameworks }) => ({ folder, frameworks }))
  const findings = rules.flatMap((rule) =>
    rule.about === 'tree'
      ? findingsOf(rule, () => rule.check({ tree, deployment, listeners, now, programs }), 'the tree', gaps)
      : [],
  )
  return { findings, gaps }
}

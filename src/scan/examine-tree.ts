import type { Finding } from '../finding/finding.ts'
import type { Catalogue } from './catalogue.ts'
import { findingsOf } from './examine-file.ts'
import type { ProgramReport } from './examine-program.ts'
import type { TreeEvidence } from './rule.ts'
import { runSteps, type WithinTime } from './run-steps.ts'
import { readListeners } from './servers/read-listeners.ts'

/** Looks at the tree as a whole, once its programs are known. */
export async function examineTree(
  { tree, deployment, now }: Pick<TreeEvidence, 'tree' | 'deployment' | 'now'>,
  reports: readonly ProgramReport[],
  { rules }: Catalogue,
  withinTime: WithinTime,
): Promise<{ readonly findings: readonly Finding[]; readonly gaps: readonly string[] }> {
  const gaps: string[] = []
  const tell = (gap: string) => gaps.push(gap)
  const listeners = await readListeners(tree, deployment, tell, withinTime)
  const programs = reports.map(({ folder, frameworks }) => ({ folder, frameworks }))
  const steps = rules.flatMap((rule) =>
    rule.about === 'tree'
      ? [
          {
            name: `the tree: ${rule.id}`,
            run: (gap: (sentence: string) => void) =>
              findingsOf(rule, () => rule.check({ tree, deployment, listeners, now, programs }), 'the tree', gap),
          },
        ]
      : [],
  )
  return { findings: (await runSteps(steps, withinTime, tell)).flat(), gaps }
}

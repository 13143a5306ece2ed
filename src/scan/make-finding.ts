import type { Finding } from '../finding/finding.ts'
import { fingerprint } from '../finding/fingerprint.ts'
import type { Trace } from './flow/value.ts'
import type { Problem, Rule } from './rule.ts'

/** A problem with its lines, masked: plain data that holds no source. */
export function makeFinding(rule: Rule, problem: Problem): Finding {
  const { file, start, end, message, fix, correction, trace, otherTraces, holds, evidence } = problem
  return {
    rule: rule.id,
    title: rule.title,
    severity: problem.severity ?? rule.severity,
    confidence: problem.confidence ?? 'certain',
    message: file.sentence(message),
    at: file.place(start, end),
    ...(trace ? { path: pathOf(trace) } : {}),
    ...(otherTraces ? { otherPaths: otherTraces.map(pathOf) } : {}),
    ...(holds === undefined ? {} : { holds: file.sentence(holds) }),
    ...(correction === undefined ? {} : { correction: file.sentence(correction) }),
    ...(evidence ? { evidence: evidence.map(file.sentence) } : {}),
    fix: file.sentence(fix),
    cwe: rule.cwe,
    fingerprint: fingerprint(rule.id, [file.path, ...problem.identity]),
    structure: fingerprint(rule.id, problem.identity),
  }
}

/** From source to sink; steps on one line are told together. */
function pathOf(trace: Trace): NonNullable<Finding['path']> {
  const steps: Trace[] = []
  for (let step: Trace | undefined = trace; step; step = step.before) steps.push(step)
  const path: { at: Finding['at'] & { file: string; line: number; column: number }; says: string }[] = []
  for (const step of steps.reverse()) {
    const { file, start, end } = step
    const says = file.sentence(step.says)
    const at = file.place(start, end)
    const last = path.at(-1)
    if (last && last.at.file === at.file && last.at.line === at.line)
      last.says += last.says.endsWith(says) ? '' : `; ${says}`
    else path.push({ at, says })
  }
  return path
}

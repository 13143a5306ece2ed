import type { Confidence, Finding, Severity } from './finding.ts'

export const grades = ['A', 'B', 'C', 'D', 'F'] as const
export type Grade = (typeof grades)[number]

/** The published formula, part one: what a finding costs of 100 points. */
const cost: Record<Severity, number> = { critical: 45, high: 25, medium: 10, low: 3, note: 0 }
/** Part two: how many tenths of that count. Whole numbers and their halves add up to the same in every order. */
const tenths: Record<Confidence, number> = { certain: 10, firm: 8, tentative: 4 }
/** Part three: a second finding of one rule costs half as much, a third a quarter, and so on; from here on nothing. */
const repeatsMax = 24
const floor: Record<Grade, number> = { A: 90, B: 75, C: 60, D: 40, F: 0 }

/** No better than `grade`, whatever the points say, and why. */
export interface Cap {
  readonly grade: Grade
  readonly reason: string
}

export interface Score {
  /** 0 to 100, rounded. */
  readonly points: number
  readonly grade: Grade
  /** Caps that lowered the grade. */
  readonly caps: readonly Cap[]
}

/** Points and grade of a set of findings; the order of the findings does not matter. docs/grade.md is this in prose. */
export function score(findings: readonly Finding[], caps: readonly Cap[] = []): Score {
  const costs = new Map<string, number[]>()
  for (const finding of findings) {
    const list = costs.get(finding.rule) ?? []
    list.push(cost[finding.severity] * tenths[finding.confidence])
    costs.set(finding.rule, list)
  }
  let taken = 0
  for (const list of costs.values()) {
    list.sort((a, b) => b - a)
    for (const [index, value] of list.slice(0, repeatsMax).entries()) taken += value / 2 ** index
  }
  const points = Math.max(0, Math.round(100 - taken / 10))
  const earned = grades.find((grade) => points >= floor[grade]) ?? 'F'
  const binding = caps.filter((cap) => grades.indexOf(cap.grade) > grades.indexOf(earned))
  const grade = binding.reduce(
    (worst, cap) => (grades.indexOf(cap.grade) > grades.indexOf(worst) ? cap.grade : worst),
    earned,
  )
  return { points, grade, caps: binding }
}

/**
 * The caps of the rules that have found something. A finding counts when it is high or critical and not tentative: a key
 * of test mode, or what may be no key at all, makes no grade untrue.
 */
export function capsOf(
  findings: readonly Finding[],
  rules: readonly { readonly id: string; readonly cap?: Cap }[],
): readonly Cap[] {
  const counting = new Set(
    findings
      .filter(({ severity, confidence }) => ['critical', 'high'].includes(severity) && confidence !== 'tentative')
      .map(({ rule }) => rule),
  )
  const caps = rules.flatMap(({ id, cap }) => (cap && counting.has(id) ? [cap] : []))
  return [...new Map(caps.map((cap) => [`${cap.grade} ${cap.reason}`, cap])).values()]
}

/** Whether `grade` is worse than `threshold`. */
export function isWorse(grade: Grade, threshold: Grade): boolean {
  return grades.indexOf(grade) > grades.indexOf(threshold)
}

import { confidences, type Finding, isSourcePlace, type Severity } from '../finding/finding.ts'
import { isIgnored, parseIgnoreFile } from './ignore.ts'

/** What the user has said of rules. */
export interface RuleSettings {
  readonly rules: Readonly<Record<string, 'off' | Severity>>
  /** By patterns as in .gitignore; of several that fit a file, the last that names the rule decides. */
  readonly paths: readonly { readonly pattern: string; readonly rules: Readonly<Record<string, 'off' | Severity>> }[]
  readonly minConfidence?: Finding['confidence']
  /** Patterns of files about which nothing is told: a commit or the index has them all the same. */
  readonly exclude?: readonly string[]
}

export interface Settled<F extends Finding> {
  readonly findings: readonly F[]
  /** How many were left out because their rule is off, or because they are not sure enough. */
  readonly off: number
  readonly unsure: number
}

export function applyRuleSettings<F extends Finding>(findings: readonly F[], settings: RuleSettings): Settled<F> {
  const paths = settings.paths.map(({ pattern, rules }) => ({ files: [parseIgnoreFile('', pattern)], rules }))
  const least = settings.minConfidence === undefined ? confidences.length : confidences.indexOf(settings.minConfidence)
  const excludes = [parseIgnoreFile('', settings.exclude?.join('\n') ?? '')]
  let off = 0
  let unsure = 0
  const settled = findings.flatMap((finding) => {
    const { rule, at } = finding
    if (isSourcePlace(at) && fits(excludes, at.file)) return []
    const own = isSourcePlace(at)
      ? paths.findLast(({ files, rules }) => Object.hasOwn(rules, rule) && fits(files, at.file))?.rules
      : undefined
    const rules = own ?? settings.rules
    const setting = Object.hasOwn(rules, rule) ? rules[rule] : undefined
    if (setting === 'off') off++
    else if (confidences.indexOf(finding.confidence) > least) unsure++
    else return [setting === undefined ? finding : { ...finding, severity: setting }]
    return []
  })
  return { findings: settled, off, unsure }
}

/** A pattern that fits a folder fits what is in it. */
function fits(files: Parameters<typeof isIgnored>[0], path: string): boolean {
  const names = path.split('/')
  return names.some((_, index) => isIgnored(files, names.slice(0, index + 1).join('/'), index < names.length - 1))
}

import { resolve } from 'node:path'
import { explainIssue, listKnownNames } from './explain-issue.ts'
import { nearest } from './nearest.ts'
import { type ParsedYaml, parseYaml } from './parse-yaml.ts'
import { type ConfigProblem, type Path, pathText, showerOf } from './problem.ts'
import type { ScanPlan } from './scan-plan.ts'
import { scanSchema } from './scan-schema.ts'

export interface MakeScanPlanOptions {
  /** As the user named it, for messages. */
  readonly file: string
  /** Absolute; files in the configuration are relative to it. */
  readonly folder: string
  readonly rules: readonly string[]
}

/** The sections of `sallyport.yaml`; a test holds them against the schema. */
export const sections = ['stores', 'keys', 'app', 'egress', 'ingress', 'audit', 'scan'] as const

// Values of the `scan` section are names of rules and patterns: what is neither is masked when it looks random.
const show = showerOf([])

type Told = (path: Path, message: string, on?: 'name' | 'value') => void

/** From the text of a configuration to what it says of scans. Everything that is wrong is told at once. */
export function makeScanPlan(
  text: string,
  options: MakeScanPlanOptions,
): { readonly plan: ScanPlan } | { readonly problems: readonly ConfigProblem[] } {
  const yaml = parseYaml(text)
  const { file } = options
  const problems: ConfigProblem[] = yaml.problems.map(({ line, column, path, message }) => ({
    file,
    line,
    column,
    path: pathText(path, show),
    message,
  }))
  const tell: Told = (path, message, on) =>
    problems.push({ file, ...yaml.place(path, on), path: pathText(path, show), message })
  const plan = problems.length === 0 ? planOf(yaml, options, tell) : undefined
  if (plan && problems.length === 0) return { plan }
  return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) }
}

function planOf({ data }: ParsedYaml, { folder, rules: known }: MakeScanPlanOptions, tell: Told): ScanPlan | undefined {
  if (data !== null && data !== undefined && (typeof data !== 'object' || Array.isArray(data)))
    tell([], 'is no settings; write `name: value` lines')
  const root = isRecord(data) ? data : {}
  for (const name of Object.keys(root)) {
    if ((sections as readonly string[]).includes(name)) continue
    const near = nearest(name, sections)
    tell(
      [name],
      `${show(name)} is no setting; ${near ? `did you mean ${near}?` : `here stand ${sections.join(', ')}`}`,
      'name',
    )
  }
  const parsed = scanSchema().safeParse(root.scan ?? {}, { error: listKnownNames, reportInput: false })
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      for (const { path, on, message } of explainIssue(issue, { data, show }, ['scan'])) tell(path, message, on)
    return undefined
  }
  const { exclude = [], include_ignored = false, rules = {}, paths = {}, baseline } = parsed.data
  const { fail_on, fail_under, min_confidence } = parsed.data
  tellUnknownRules(rules, ['scan', 'rules'], known, tell)
  for (const [pattern, settings] of Object.entries(paths))
    tellUnknownRules(settings.rules, ['scan', 'paths', pattern, 'rules'], known, tell)
  return {
    exclude,
    includeIgnored: include_ignored,
    rules,
    paths: Object.entries(paths).map(([pattern, settings]) => ({ pattern, rules: settings.rules })),
    ...(fail_on === undefined ? {} : { failOn: fail_on }),
    ...(fail_under === undefined ? {} : { failUnder: fail_under }),
    ...(min_confidence === undefined ? {} : { minConfidence: min_confidence }),
    ...(baseline === undefined ? {} : { baseline: resolve(folder, baseline) }),
  }
}

function tellUnknownRules(rules: Readonly<Record<string, unknown>>, path: Path, known: readonly string[], tell: Told) {
  for (const id of Object.keys(rules)) {
    if (known.includes(id)) continue
    const near = nearest(id, known)
    tell(
      [...path, id],
      `there is no rule ${show(id)}; ${near ? `did you mean ${near}?` : '`sallyport explain` lists them'}`,
      'name',
    )
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

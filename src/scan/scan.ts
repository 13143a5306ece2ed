import type { Finding } from '../finding/finding.ts'
import { fingerprint } from '../finding/fingerprint.ts'
import type { Cap } from '../finding/grade.ts'

import type { KeyKind } from '../keys/kind.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { limits } from '../limits.ts'
import { follow } from './flow/follow.ts'
import { literalName } from './flow/key-labels.ts'
import { type LinkedFile, partition } from './flow/partition.ts'
import { indexProgram } from './flow/program.ts'
import type { Trace } from './flow/value.ts'
import type { Language, Parser } from './language.ts'
import { languages } from './languages/languages.ts'
import { findKeyLiterals, type KeyLiteral } from './literals/find-key-literals.ts'
import { sourceMasker } from './mask-source.ts'
import type { Model } from './model.ts'
import { table as modelTable } from './models/index.ts'
import type { Problem, ProgramEvidence, Rule } from './rule.ts'
import { table as ruleTable } from './rules/index.ts'
import { secretNames } from './secret-name.ts'
import { readDeployment } from './servers/read-deployment.ts'
import { readListeners } from './servers/read-listeners.ts'
import { type SourceFile, sourceFile } from './source-file.ts'
import type { Tree } from './tree.ts'

/** A file to look at: its path as findings name it, and its text; permission bits where they are known. */
export interface ScanInput {
  readonly path: string
  readonly text: string
  readonly mode?: number
}

export interface Scan {
  /** Sorted by file, line, column and rule. */
  readonly findings: readonly Finding[]
  readonly caps: readonly Cap[]
  readonly rules: readonly Rule[]
  /** Number of files by language. */
  readonly parsed: Readonly<Record<string, number>>
  readonly lines: number
  readonly gaps: readonly string[]
}

/**
 * Looks for keys and their leaks in a set of files. Pure: reads no file, opens no connection, runs nothing; the same
 * files give the same findings at the same time `now`. Never throws for what a file holds.
 */
export async function scan(inputs: readonly ScanInput[], now = new Date()): Promise<Scan> {
  const [kinds, models, rules] = await Promise.all([loadKinds(), loadAll(modelTable), loadAll(ruleTable)])
  const isSecretName = secretNames(kinds)
  const mask = sourceMasker(kinds, isSecretName)
  const sources = inputs.map(({ path, text }) => sourceFile(path, text, mask))
  const literals = sources.flatMap((source) => findKeyLiterals(source, kinds))
  const { files, parsed, gaps } = await parseAll(sources, models)
  const programs = partition(
    files,
    inputs.map(({ path }) => path),
  )
  const tree = treeOf(inputs, sources, files)
  const deployment = await readDeployment(tree)
  const listeners = await readListeners(tree, deployment, (gap) => gaps.push(gap))
  gaps.push(...deployment.gaps)

  const known = knowledge(models, kinds)
  const findings: Finding[] = []
  const report = (rule: Rule, problems: Iterable<Problem>) => {
    for (const problem of problems) findings.push(concrete(rule, problem))
  }
  const seen: { folder: string; frameworks: string[] }[] = []
  for (const { folder, files: members } of programs) {
    const program = indexProgram(members, models)
    const { flows, gaps: left } = follow(program, models, { kinds, isSecretName })
    gaps.push(...left)
    seen.push({
      folder,
      frameworks: models.flatMap(({ id, framework }) => (framework && framework === program.framework ? [id] : [])),
    })
    for (const rule of rules)
      if (rule.about === 'program') report(rule, rule.check({ program, flows, deployment, ...known }))
  }
  for (const rule of rules) {
    if (rule.about === 'tree') report(rule, rule.check({ tree, deployment, listeners, now, programs: seen }))
    else if (rule.about === 'file')
      for (const file of sources)
        report(rule, rule.check({ file, literals: literals.filter((literal) => literal.file === file) }))
  }
  return {
    findings: unique(findings).sort(inOrder),
    caps: literals.some(isLive) ? [{ grade: 'D', reason: 'a key is written in the source' }] : [],
    rules,
    parsed,
    lines: inputs.reduce((sum, { text }) => sum + countLines(text), 0),
    gaps,
  }
}

function treeOf(inputs: readonly ScanInput[], sources: readonly SourceFile[], parsed: readonly LinkedFile[]): Tree {
  const files = new Map(sources.map((source) => [source.path, source] as const))
  const modes = new Map(inputs.map(({ path, mode }) => [path, mode] as const))
  const forms = new Map(parsed.map(({ source, program }) => [source.path, program] as const))
  return {
    paths: [...files.keys()].sort(),
    file: (path) => files.get(path),
    bytes: (path) => {
      const text = files.get(path)?.text
      return text === undefined ? undefined : Buffer.from(text)
    },
    mode: (path) => modes.get(path),
    form: (path) => forms.get(path),
  }
}

async function parseAll(sources: readonly SourceFile[], models: readonly Model[]) {
  const files: LinkedFile[] = []
  const parsed: Record<string, number> = {}
  const gaps: string[] = []
  const opened = new Map<Language, Parser>()
  const required = new Set(models.flatMap(({ framework }) => framework?.requires ?? []))
  for (const source of sources) {
    const language = languages.find((candidate) => candidate.reads(source.path))
    if (!language) continue
    if (source.text.length > limits.scanSourceBytesMax) {
      gaps.push(
        `${source.path}: larger than ${limits.scanSourceBytesMax / 1_048_576} MiB: searched for keys, not parsed`,
      )
      continue
    }
    let parser = opened.get(language)
    if (!parser) {
      parser = await language.open()
      opened.set(language, parser)
    }
    const { program, problems, loads, loadsUnknown } = parser.parse(source.text, source.path)
    const [problem] = problems
    if (problem) {
      const { line, column } = source.place(problem.start, problem.start)
      const rest = program ? 'what could be understood was followed' : 'searched for keys, not followed'
      gaps.push(`${source.path}:${line}:${column}: ${problem.message}; ${rest}`)
    }
    if (!program) continue
    parsed[language.id] = (parsed[language.id] ?? 0) + 1
    files.push({ source, program, loads, loadsUnknown, isEntry: loads.some((load) => required.has(load)) })
  }
  return { files, parsed, gaps }
}

function knowledge(
  models: readonly Model[],
  kinds: readonly KeyKind[],
): Pick<ProgramEvidence, 'isRevealing' | 'kindOf' | 'debugging'> {
  const revealing = models.flatMap((model) => model.revealing ?? [])
  const byName = new Map(
    kinds.flatMap((kind) => [literalName(kind), ...kind.environment].map((name) => [name, kind] as const)),
  )
  return {
    kindOf: (name) => byName.get(name),
    isRevealing: (exception) => {
      // Caught without a name: whatever there is.
      if (exception === '') return true
      const bare = exception.replace(/^::/, '')
      return revealing.some((name) => (name.endsWith('::') ? bare.startsWith(name) : bare === name))
    },
    debugging: {
      middleware: models.flatMap(({ debugging }) => debugging?.middleware ?? []),
      settings: models.flatMap(({ debugging }) => debugging?.settings ?? []),
    },
  }
}

/** A problem with its lines, masked. */
function concrete(rule: Rule, problem: Problem): Finding {
  const { file, start, end, message, fix, correction, trace, otherTraces, holds, evidence } = problem
  return {
    rule: rule.id,
    title: rule.title,
    severity: problem.severity ?? rule.severity,
    confidence: problem.confidence ?? 'certain',
    message,
    at: file.place(start, end),
    ...(trace ? { path: pathOf(trace) } : {}),
    ...(otherTraces ? { otherPaths: otherTraces.map(pathOf) } : {}),
    ...(holds === undefined ? {} : { holds }),
    ...(correction === undefined ? {} : { correction }),
    ...(evidence ? { evidence } : {}),
    fix,
    cwe: rule.cwe,
    fingerprint: fingerprint(rule.id, [file.path, ...problem.identity]),
  }
}

/** From source to sink; steps on one line are told together. */
function pathOf(trace: Trace): NonNullable<Finding['path']> {
  const steps: Trace[] = []
  for (let step: Trace | undefined = trace; step; step = step.before) steps.unshift(step)
  const path: { at: Finding['at'] & { file: string; line: number; column: number }; says: string }[] = []
  for (const { file, start, end, says } of steps) {
    const at = file.place(start, end)
    const last = path.at(-1)
    if (last && last.at.file === at.file && last.at.line === at.line)
      last.says += last.says.endsWith(says) ? '' : `; ${says}`
    else path.push({ at, says })
  }
  return path
}

/** The same leak seen twice, through two programs that share a file, is one. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>()
  const times = new Map<string, number>()
  for (const finding of findings) {
    const { at } = finding
    const place = 'file' in at ? `${at.file}:${at.line}:${at.column}` : ''
    const key = `${finding.rule} ${place}`
    if (seen.has(key)) continue
    // Two leaks of one form in one function: the second gets a name of its own.
    const time = (times.get(finding.fingerprint) ?? 0) + 1
    times.set(finding.fingerprint, time)
    seen.set(
      key,
      time === 1
        ? finding
        : { ...finding, fingerprint: fingerprint(finding.rule, [finding.fingerprint, String(time)]) },
    )
  }
  return [...seen.values()]
}

function inOrder(a: Finding, b: Finding): number {
  const [one, two] = [a.at, b.at]
  if (!('file' in one) || !('file' in two)) return 0
  if (one.file !== two.file) return one.file < two.file ? -1 : 1
  return one.line - two.line || one.column - two.column || (a.rule < b.rule ? -1 : 1)
}

/** A key that works: not one of test mode, and not a text that only might be one. */
function isLive(literal: KeyLiteral): boolean {
  return !literal.test && literal.supported
}

async function loadAll<T>(table: readonly { readonly load: () => Promise<T> }[]): Promise<readonly T[]> {
  return Promise.all(table.map(({ load }) => load()))
}

function countLines(text: string): number {
  let lines = text === '' || text.endsWith('\n') ? 0 : 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

import type { Finding } from '../finding/finding.ts'
import { limits } from '../limits.ts'
import { type Allowance, allowancesOf } from './allow/apply-allows.ts'
import { findAllows } from './allow/find-allows.ts'
import type { Catalogue } from './catalogue.ts'
import type { FileReference, Reader, Window } from './content.ts'
import { countLineFeeds, countLines } from './count-lines.ts'
import { failureOf } from './failure-of.ts'
import type { Survey } from './language.ts'
import { placeSecrets, type SecretLiteral } from './literals/place-secrets.ts'
import { makeFinding } from './make-finding.ts'
import { asSource, type Parsers } from './open-parsers.ts'
import type { FileEvidence, Problem, Rule } from './rule.ts'
import { type SourceFile, sourceFile } from './source-file.ts'
import type { Topics } from './topics.ts'

/** What is known of one file by itself: plain data, a small part of its size, without a secret. */
export interface FileReport {
  readonly path: string
  readonly kind: 'text' | 'binary' | 'large' | 'unread'
  readonly mode: number | undefined
  readonly lines: number
  readonly findings: readonly Finding[]
  /** What its comments allow. */
  readonly allowances: readonly Allowance[]
  readonly language?: string
  readonly survey?: Survey
  /** Whether a text in it is a key. */
  readonly holdsKey?: boolean
  /** Of text: what else may be found in it. */
  readonly topics?: Topics
  /** Of its content, keyed; and what the system says of it. Where a cache asks. */
  readonly digest?: string
  readonly stamp?: string
  readonly gaps: readonly string[]
}

/** The content is the one that was examined before. */
export interface UnchangedFile {
  readonly path: string
  readonly kind: 'unchanged'
  readonly mode: number | undefined
  readonly stamp: string
}

/** Looks at one file by itself. Never throws for what the file holds. */
export async function examineFile(
  file: FileReference,
  reader: Reader,
  catalogue: Catalogue,
  parsers: Parsers,
): Promise<FileReport> {
  const { path } = file
  const content = asSource(reader.content(file), path, parsers)
  const nothing = { path, kind: content.kind, mode: content.mode, lines: 0, findings: [], allowances: [] }
  if (content.kind === 'unread') return { ...failedReport(path, content.why), mode: content.mode }
  if (content.kind === 'binary') return { ...nothing, ...examineBinary(path, content.bytes, catalogue) }
  if (content.kind === 'large') return { ...nothing, ...examineWindows(path, reader.windows(file), catalogue, parsers) }
  const source = sourceFile(path, content.bytes, catalogue.mask)
  const { literals, topics } = secretsOf(source, catalogue)
  const allows = findAllows(source)
  const gaps: string[] = []
  const survey = file.isUnfollowed ? {} : await surveyed(source, parsers, gaps)
  const findings = fileFindings({ file: source, literals, allows }, catalogue, gaps)
  return {
    ...nothing,
    lines: countLines(content.bytes),
    // Where not all could be read, nobody knows what a comment is good for.
    findings: gaps.length > 0 ? findings.filter(({ rule }) => rule !== 'allow-unused') : findings,
    allowances: allowancesOf(source, allows),
    ...survey,
    holdsKey: literals.length > 0,
    topics,
    gaps,
  }
}

/** Of a file that could not be looked at; `why` is the end of a sentence that begins with its path. */
export function failedReport(path: string, why: string): FileReport {
  return {
    path,
    kind: 'unread',
    mode: undefined,
    lines: 0,
    findings: [],
    allowances: [],
    gaps: [`${path}: ${why}`],
  }
}

async function surveyed(
  source: SourceFile,
  parsers: Parsers,
  gaps: string[],
): Promise<Pick<FileReport, 'language' | 'survey'>> {
  const { path, bytes } = source
  const language = parsers.languageOf(path, bytes)
  if (!language) return {}
  if (bytes.length > limits.scanSourceBytesMax) {
    gaps.push(`${path}: ${largeSource}`)
    return {}
  }
  const parser = await parsers.open(path, bytes)
  const survey = parser?.survey(source.text, path)
  if (!survey) return {}
  const [problem] = survey.problems
  if (problem) {
    const { line, column } = source.place(problem.start, problem.start)
    const rest = survey.understood ? 'what could be understood was followed' : 'searched for keys, not followed'
    gaps.push(`${path}:${line}:${column}: ${problem.message}; ${rest}`)
  }
  return survey.understood ? { language: language.id, survey } : {}
}

const largeSource = `larger than ${limits.scanSourceBytesMax / 1_048_576} MiB: searched for keys, not parsed`

/** Of what is not text nothing is quoted; its lines are told as line feeds count them. */
function examineBinary(path: string, bytes: Uint8Array, catalogue: Catalogue): Pick<FileReport, 'findings' | 'gaps'> {
  const found = catalogue.finder.findSecrets(bytes, path)
  if (found.length === 0) return { findings: [], gaps: [] }
  const source = sourceFile(
    path,
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'),
    () => '',
  )
  const literals = placeSecrets(found, source, catalogue.kinds, bytes)
  const gaps: string[] = []
  return { findings: fileFindings({ file: source, literals, allows: [] }, catalogue, gaps), gaps }
}

/** A large file is searched for keys a part at a time. */
function examineWindows(
  path: string,
  windows: Iterable<Window>,
  catalogue: Catalogue,
  parsers: Parsers,
): Pick<FileReport, 'lines' | 'findings' | 'gaps'> {
  const findings: Finding[] = []
  const gaps: string[] = parsers.languageOf(path) ? [`${path}: ${largeSource}`] : []
  let lines = 0
  for (const { bytes, line, column, from, to } of windows) {
    // A byte a character: offsets into the text are then offsets into the window, and keys are ASCII.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const source = sourceFile(path, text, catalogue.mask, { line, column })
    const literals = secretsOf(source, catalogue, bytes).literals.filter(({ start }) => start >= from && start < to)
    findings.push(...fileFindings({ file: source, literals, allows: [] }, catalogue, gaps))
    lines += countLineFeeds(bytes.subarray(from, to))
  }
  return { lines, findings, gaps }
}

function fileFindings(evidence: Omit<FileEvidence, 'isRule'>, { rules }: Catalogue, gaps: string[]): Finding[] {
  const isRule = (id: string) => rules.some((rule) => rule.id === id)
  return rules.flatMap((rule) =>
    rule.about === 'file'
      ? findingsOf(
          rule,
          () => rule.check({ ...evidence, isRule }),
          evidence.file.path,
          (gap) => gaps.push(gap),
        )
      : [],
  )
}

/** What a rule finds. Where it fails that is a gap: what the other rules find is told all the same. */
export function findingsOf(
  rule: Rule,
  check: () => Iterable<Problem>,
  where: string,
  gap: (sentence: string) => void,
): Finding[] {
  const findings: Finding[] = []
  try {
    for (const problem of check()) {
      if (findings.length >= limits.scanFindingsMax) {
        gap(
          `${where || 'the program'}: more than ${limits.scanFindingsMax} findings of ${rule.id}: the rest is not told`,
        )
        break
      }
      findings.push(makeFinding(rule, problem))
    }
  } catch (error) {
    gap(
      `${where}: ${error instanceof RangeError ? `nested too deeply for ${rule.id}` : `${rule.id}: ${failureOf(error)}`}`,
    )
  }
  return findings
}

function secretsOf(
  source: SourceFile,
  { finder, kinds }: Catalogue,
  bytes = source.bytes,
): { readonly literals: SecretLiteral[]; readonly topics: Topics } {
  const { secrets, topics } = finder.examine(bytes, source.path)
  return { literals: placeSecrets(secrets, source, kinds, bytes), topics }
}

import { createHmac, randomBytes } from 'node:crypto'
import { type Finding, isSourcePlace, type SuppressedFinding } from './finding.ts'

/** The version of the file's form. */
const baselineVersion = 1

/**
 * A finding that is known and put up with. Nothing of it can be read back: `structure` is what identifies it apart from
 * its file, under the file's own salt; `line` is four digits of a digest of its masked line, too few to confirm a guess
 * of anything that might stand in it, and enough to tell neighbours apart.
 */
export interface BaselineEntry {
  readonly rule: string
  readonly file: string
  readonly structure: string
  readonly line: string
}

export interface Baseline {
  readonly salt: string
  readonly entries: readonly BaselineEntry[]
}

/** What is wrong with a baseline file. */
export interface BaselineProblem {
  /** Path within the document, `findings[3].rule`; empty for the whole. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

export interface Compared {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  /** What was found again, and what was not. */
  readonly kept: readonly BaselineEntry[]
  readonly gone: readonly BaselineEntry[]
}

/** A new file's random salt: two repositories with the same leak have no entry in common. */
export function newSalt(): string {
  return randomBytes(16).toString('hex')
}

export function entryOf(finding: Finding, salt: string): BaselineEntry {
  const { rule, at, fingerprint, structure = fingerprint } = finding
  const place = isSourcePlace(at) ? { file: at.file, text: at.text ?? '' } : { file: at.url, text: at.method }
  return {
    rule,
    file: place.file,
    structure: digest(salt, 'structure', `${rule}\n${structure}`).slice(0, 16),
    line: digest(salt, 'line', place.text.replace(/\s+/g, '')).slice(0, 4),
  }
}

function digest(salt: string, use: string, text: string): string {
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(`${use}\0${text}`).digest('hex')
}

/**
 * Takes out of `findings` what the baseline holds. An entry stands for one finding: a second leak of the same form is
 * new. First whoever is in the same file with the same line, then in the same file, then, because files are renamed,
 * elsewhere with the same line. Order and number of lines do not matter.
 */
export function compareWithBaseline(findings: readonly Finding[], { salt, entries }: Baseline): Compared {
  const left = new Set(entries)
  const matched = new Map<Finding, BaselineEntry>()
  const wanted = findings.map((finding) => ({ finding, entry: entryOf(finding, salt) }))
  const ways: ((entry: BaselineEntry) => string)[] = [
    ({ rule, structure, file, line }) => JSON.stringify([rule, structure, file, line]),
    ({ rule, structure, file }) => JSON.stringify([rule, structure, file]),
    ({ rule, structure, line }) => JSON.stringify([rule, structure, line]),
  ]
  for (const nameOf of ways) {
    const known = Map.groupBy(left, nameOf)
    for (const { finding, entry } of wanted) {
      if (matched.has(finding)) continue
      const found = known.get(nameOf(entry))?.shift()
      if (!found) continue
      matched.set(finding, found)
      left.delete(found)
    }
  }
  return {
    findings: findings.filter((finding) => !matched.has(finding)),
    suppressed: findings
      .filter((finding) => matched.has(finding))
      .map((finding) => ({ ...finding, suppression: { by: 'baseline' } })),
    kept: entries.filter((entry) => !left.has(entry)),
    gone: [...left],
  }
}

/** Sorted, an entry a line: a change of the baseline is a change that can be reviewed. */
export function writeBaseline({ salt, entries }: Baseline): string {
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).sort()
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
  return `{\n  "version": ${baselineVersion},\n  "salt": "${salt}",\n  "findings": ${list}\n}\n`
}

/** From parsed JSON; everything that is wrong with it. */
export function readBaseline(data: unknown): Baseline | { readonly problems: readonly BaselineProblem[] } {
  if (!isRecord(data))
    return { problems: [{ path: [], message: 'is not a baseline: write one with --write-baseline' }] }
  const { version, salt, findings } = data
  if (version !== baselineVersion)
    return {
      problems: [
        {
          path: version === undefined ? [] : ['version'],
          message: `is of ${version === undefined ? 'no version' : 'another version'}; this Sallyport reads version ${baselineVersion}`,
        },
      ],
    }
  const problems: BaselineProblem[] = Object.keys(data)
    .filter((name) => !['version', 'salt', 'findings'].includes(name))
    .map((name) => ({ path: [name], message: 'is not known' }))
  if (typeof salt !== 'string' || !/^[0-9a-f]{32}$/.test(salt))
    problems.push({ path: ['salt'], message: 'must be 32 hexadecimal digits' })
  if (!Array.isArray(findings)) problems.push({ path: ['findings'], message: 'must be a list' })
  const entries = (Array.isArray(findings) ? findings : []).flatMap((entry, index) => {
    const problem = entryProblem(entry)
    if (problem) problems.push({ path: ['findings', index], message: problem })
    return problem ? [] : [entry as BaselineEntry]
  })
  return problems.length > 0 ? { problems } : { salt: String(salt), entries }
}

function entryProblem(entry: unknown): string | undefined {
  if (!isRecord(entry)) return 'must be an object with rule, file, structure and line'
  const { rule, file, structure, line, ...others } = entry
  if (Object.keys(others).length > 0) return 'holds what is not known; it has rule, file, structure and line'
  if (typeof rule !== 'string' || typeof file !== 'string') return 'needs the texts rule and file'
  if (typeof structure !== 'string' || !/^[0-9a-f]{16}$/.test(structure))
    return 'needs 16 hexadecimal digits as structure'
  if (typeof line !== 'string' || !/^[0-9a-f]{4}$/.test(line)) return 'needs four hexadecimal digits as line'
  return undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

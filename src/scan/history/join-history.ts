import { relative } from 'node:path'
import { systemCode } from '../../errors.ts'
import type { Finding } from '../../finding/finding.ts'
import { limits } from '../../limits.ts'
import type { Catalogue } from '../catalogue.ts'
import { findingsOf } from '../examine-file.ts'
import { placeSecrets } from '../literals/place-secrets.ts'
import { sourceFile } from '../source-file.ts'
import type { Tree } from '../tree.ts'
import { findRepository, type Repository } from './find-repository.ts'
import type { HistorySecret } from './history-secret.ts'
import { type History, type HistoryRequest, readHistory } from './read-history.ts'

export interface JoinRequest {
  /** What paths are relative to. */
  readonly directory: string
  /** Folders and files that are scanned, absolute. */
  readonly roots: readonly string[]
  readonly dangling: boolean
  readonly threads?: number
  /** What was found in the files as they are. */
  readonly findings: readonly Finding[]
  /** And allowed there. */
  readonly suppressed: readonly Finding[]
  readonly tree: Tree
  readonly catalogue: Catalogue
}

export interface JoinedHistory {
  readonly findings: readonly Finding[]
  readonly measured: readonly (readonly [label: string, value: string])[]
  readonly gaps: readonly string[]
}

/**
 * What was found in the files, with the history of each key that is there too; and what only the history has. A key that
 * is still in a file is one finding: the file's.
 */
export async function joinHistory(request: JoinRequest): Promise<JoinedHistory> {
  const { directory, roots, catalogue, dangling, threads } = request
  const repositories = new Map<string, Repository>()
  const gaps: string[] = []
  for (const root of roots) {
    const found = findRepository(root)
    if (typeof found === 'string') gaps.push(`${relative(directory, root) || '.'}: no history was read: ${found}`)
    else repositories.set(found.commonFolder, found)
  }
  let findings = request.findings
  let commits = 0
  let versions = 0
  for (const repository of repositories.values()) {
    const { kinds, finder, mask } = catalogue
    const history = await readOrSay(gaps, {
      repository,
      kinds,
      finder,
      mask,
      dangling,
      ...(threads === undefined ? {} : { threads }),
    })
    if (!history) continue
    const shown = shownPaths(directory, repository)
    const secrets = history.secrets.map((secret) => shownSecret(secret, (path) => mask(shown(path))))
    findings = joinSecrets(findings, secrets, request, gaps)
    commits += history.commits
    versions += history.versions
    gaps.push(...history.gaps)
  }
  const measured: (readonly [string, string])[] =
    repositories.size === 0
      ? []
      : [
          ['commits', String(commits)],
          ['versions of files', String(versions)],
        ]
  return { findings, measured, gaps }
}

/** Undefined where the history is more than a thread has memory for, which is told. */
async function readOrSay(gaps: string[], request: HistoryRequest): Promise<History | undefined> {
  try {
    return await readHistory(request)
  } catch (error) {
    if (systemCode(error) !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
    gaps.push(`the history was not read: it needs more than ${limits.historyThreadMemoryMebibytesMax} MiB of a thread`)
    return undefined
  }
}

/** What is still in a file told there, and the rest by rules about the history. */
export function joinSecrets(
  findings: readonly Finding[],
  secrets: readonly HistorySecret[],
  { suppressed, tree, catalogue }: Pick<JoinRequest, 'suppressed' | 'tree' | 'catalogue'>,
  gaps: string[],
): Finding[] {
  const digestAt = digestsInTree([...findings, ...suppressed], tree, catalogue)
  const byDigest = new Map(secrets.map((secret) => [secret.literal.digest, secret] as const))
  const stillThere = new Set(suppressed.map(digestAt))
  const joined = findings.map((finding) => {
    const digest = digestAt(finding)
    const secret = digest === undefined ? undefined : byDigest.get(digest)
    if (!secret || digest === undefined) return finding
    stillThere.add(digest)
    return { ...finding, evidence: [...(finding.evidence ?? []), historyLine(secret, finding)] }
  })
  const gone = secrets.filter(({ literal }) => !stillThere.has(literal.digest))
  for (const rule of catalogue.rules)
    if (rule.about === 'history')
      joined.push(
        ...findingsOf(
          rule,
          () => rule.check({ secrets: gone }),
          'history',
          (gap) => gaps.push(gap),
        ),
      )
  return joined
}

function historyLine({ first, last, addedBy, paths }: HistorySecret, { at }: Finding): string {
  if (addedBy) return `added by commit ${addedBy.id.slice(0, 12)} of ${addedBy.authored}`
  const others = paths.filter((path) => !('file' in at) || path !== at.file).slice(0, 5)
  const as = others.length === 0 ? '' : `, also as ${others.join(', ')}`
  if (!first || !last) return `in the history: in no commit${as}`
  const until = first.id === last.id ? '' : `, last in ${last.id.slice(0, 12)} of ${last.authored}`
  return `in the history: first in commit ${first.id.slice(0, 12)} of ${first.authored}${until}${as}`
}

/** Which secret a finding about a file tells, as a digest: the file is read again, for findings hold no secret. */
function digestsInTree(findings: readonly Finding[], tree: Tree, { finder, kinds, mask, rules }: Catalogue) {
  const aboutFiles = new Set(rules.filter(({ about }) => about === 'file').map(({ id }) => id))
  const files = new Map<string, Map<string, string>>()
  const digestsOf = (path: string) => {
    const bytes = tree.bytes(path)
    const digests = new Map<string, string>()
    if (!bytes) return digests
    const file = sourceFile(path, bytes, mask)
    for (const { rule, start, end, digest } of placeSecrets(finder.findSecrets(bytes, path), file, kinds)) {
      const { line, column } = file.place(start, end)
      digests.set(`${rule} ${line}:${column}`, digest)
      // A finding may begin at the quote before it.
      digests.set(`${rule} ${line}:${column - 1}`, digest)
    }
    return digests
  }
  for (const { rule, at } of findings)
    if (aboutFiles.has(rule) && 'file' in at && !files.has(at.file)) files.set(at.file, digestsOf(at.file))
  return ({ rule, at }: Finding): string | undefined =>
    'file' in at ? files.get(at.file)?.get(`${rule} ${at.line}:${at.column}`) : undefined
}

/** Paths of a repository as findings name files: relative to `directory` where they are below it. */
export function shownPaths(directory: string, { workFolder }: Repository): (path: string) => string {
  if (workFolder === undefined) return (path) => path
  const down = relative(directory, workFolder).replaceAll('\\', '/')
  if (down === '') return (path) => path
  if (!down.startsWith('..')) return (path) => `${down}/${path}`
  const up = `${relative(workFolder, directory).replaceAll('\\', '/')}/`
  return (path) => (path.startsWith(up) ? path.slice(up.length) : path)
}

function shownSecret(secret: HistorySecret, shown: (path: string) => string): HistorySecret {
  const { literal, where, paths } = secret
  const path = where === 'file' || where === 'file name' ? shown(literal.file.path) : literal.file.path
  const file = {
    ...literal.file,
    path,
    text: literal.file.text,
    bytes: literal.file.bytes,
    place: (start: number, end: number) => ({ ...literal.file.place(start, end), file: path }),
  }
  return { ...secret, literal: { ...literal, file }, paths: paths.map(shown) }
}

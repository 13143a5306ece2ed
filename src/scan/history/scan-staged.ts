import { relative, resolve } from 'node:path'
import { SallyportError } from '../../errors.ts'
import type { Finding } from '../../finding/finding.ts'
import { type Allowance, allowancesOf, applyAllows } from '../allow/apply-allows.ts'
import { findAllows } from '../allow/find-allows.ts'
import { type Catalogue, loadCatalogue } from '../catalogue.ts'
import { findingsOf } from '../examine-file.ts'
import type { SecretLiteral } from '../literals/place-secrets.ts'
import { mergeFindings } from '../merge-findings.ts'
import type { PathsScan } from '../scan-paths.ts'
import { compareIndex } from './compare-index.ts'
import { treeReader } from './compare-trees.ts'
import { findRepository } from './find-repository.ts'
import { shownPaths } from './join-history.ts'
import { newSecrets } from './new-secrets.ts'
import { openObjectLookup } from './object-lookup.ts'
import { parseCommit } from './parse-objects.ts'
import { readIndex } from './read-index.ts'
import { readRefs } from './read-refs.ts'

/**
 * The secrets that are about to be committed: those of staged files that the same files of HEAD do not have. Reads
 * nothing but what differs. Raises FILE_UNREADABLE where there is no repository or its index cannot be read.
 */
export async function scanStaged(directory: string, paths: readonly string[]): Promise<PathsScan> {
  const repository = findRepository(resolve(directory, paths[0] ?? '.'))
  if (typeof repository === 'string') throw new SallyportError('FILE_UNREADABLE', `nothing is staged: ${repository}`)
  const index = readIndex(repository)
  if (typeof index === 'string') throw new SallyportError('FILE_UNREADABLE', index)
  const catalogue = await loadCatalogue()
  const objects = openObjectLookup(repository)
  try {
    const { head } = readRefs(repository)
    const commit = head === undefined ? undefined : objects.read(head)
    const tree = commit && typeof commit !== 'string' ? parseCommit(commit.content)?.tree : undefined
    const gaps = [...objects.gaps]
    if (typeof commit === 'string') gaps.push('HEAD could not be read: every staged file was searched as new')
    const trees = treeReader(objects, repository.idBytes)
    const compared = compareIndex(trees, index, tree)
    const shown = shownPaths(directory, repository)
    const isAsked = pathFilter(directory, repository.workFolder ?? directory, paths)
    const changed = compared.changed.filter(({ path }) => isAsked(path))
    const fresh = newSecrets(compared, objects, catalogue)
    const found = changed.map((file) => fresh.secretsOf(file, shown(file.path))).filter(({ length }) => length > 0)
    const unread = fresh.unread + trees.unread
    if (unread > 0) gaps.push(`${unread} objects of what is staged, or of HEAD, are not here or damaged: not searched`)
    const { findings, suppressed } = findingsIn(found, catalogue, gaps)
    return {
      findings,
      suppressed,
      rules: catalogue.rules,
      measured: [['staged files', String(changed.length)]],
      gaps,
    }
  } finally {
    objects.close()
  }
}

/** What rules about files say of these secrets, and what the files' own comments allow. */
function findingsIn(files: readonly (readonly SecretLiteral[])[], catalogue: Catalogue, gaps: string[]) {
  const findings: Finding[] = []
  const allowances = new Map<string, readonly Allowance[]>()
  const isRule = (id: string) => catalogue.rules.some((rule) => rule.id === id)
  for (const literals of files) {
    const [first] = literals
    if (!first) continue
    const { file } = first
    const allows = findAllows(file)
    allowances.set(file.path, allowancesOf(file, allows))
    const told = new Set<string>(literals.map(({ rule }) => rule))
    for (const rule of catalogue.rules) {
      if (rule.about === 'file' && told.has(rule.id))
        findings.push(
          ...findingsOf(
            rule,
            () => rule.check({ file, literals, allows, isRule }),
            file.path,
            (gap) => gaps.push(gap),
          ),
        )
    }
  }
  return applyAllows(mergeFindings(findings), allowances)
}

function pathFilter(directory: string, workFolder: string, paths: readonly string[]): (path: string) => boolean {
  const asked = paths.map((path) => relative(workFolder, resolve(directory, path)).replaceAll('\\', '/'))
  if (asked.length === 0 || asked.some((path) => path === '' || path.startsWith('..'))) return () => true
  return (path) => asked.some((one) => path === one || path.startsWith(`${one}/`))
}

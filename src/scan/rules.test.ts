import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exampleCertificates } from '../../test/support/example-certificates.ts'
import { gitRepository } from '../../test/support/git-repository.ts'
import type { SourcePlace } from '../finding/finding.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { randomText } from '../keys/random.ts'
import type { Example } from './rule.ts'
import { table } from './rules/index.ts'
import { scan } from './scan.ts'
import { scanPaths } from './scan-paths.ts'

const kinds = await loadKinds()
const rules = await Promise.all(table.map(({ load }) => load()))
/** The same keys in every run: chance also makes texts that nobody would take for a key. */
let draws = 0
const random = randomText((length) => createHash('shake256', { outputLength: length }).update(String(draws++)).digest())
const certificates = await exampleCertificates()

/** The example as files, with keys where placeholders stood. */
function filesOf(example: Example): { path: string; text: string }[] {
  const files = typeof example === 'string' ? { 'app.rb': example } : example
  return Object.entries(files).map(([path, text]) => ({
    path,
    text: text.replace(
      /\{\{(?:(certificate):)?([\w-]+)\}\}/g,
      (_whole, certificate: string | undefined, id: string) => {
        if (certificate) return certificates.get(id) ?? ''
        const kind = kinds.find((candidate) => candidate.id === id)
        if (!kind) throw new Error(`no kind ${id}`)
        return kind.example(random)
      },
    ),
  }))
}

/** What the example's commits come to, made by real git one after the other. */
async function scanCommits(example: Example) {
  const repository = gitRepository()
  const commits = Object.groupBy(filesOf(example), ({ path }) => path.split('/', 1)[0] ?? '')
  let before: string[] = []
  for (const [commit, files = []] of Object.entries(commits)) {
    const named = files.map(({ path, text }) => [path.slice(commit.length + 1), text] as const)
    const removed = before.filter((path) => !named.some(([name]) => name === path))
    repository.commit({ ...Object.fromEntries(named), ...Object.fromEntries(removed.map((path) => [path, undefined])) })
    before = named.map(([name]) => name)
  }
  try {
    return await scanPaths(repository.folder, ['.'], { takesIgnored: false, history: { dangling: false } })
  } finally {
    repository.remove()
  }
}

/** The files with a finding's correction in the place of what it is about. */
function correctIn(
  files: readonly { readonly path: string; readonly text: string }[],
  { file, line, column, endLine = line, endColumn = column }: SourcePlace,
  correction: string,
) {
  return files.map(({ path, text }) => {
    if (path !== file) return { path, text }
    const lines = text.split('\n')
    const offset = (of: number, at: number) => lines.slice(0, of - 1).join('\n').length + (of > 1 ? 1 : 0) + at - 1
    return {
      path,
      text: `${text.slice(0, offset(line, column))}${correction}${text.slice(offset(endLine, endColumn))}`,
    }
  })
}

async function findingsOf(example: Example, rule: string) {
  if (rules.find(({ id }) => id === rule)?.about === 'history')
    return (await scanCommits(example)).findings.filter((finding) => finding.rule === rule)
  return (await scan(filesOf(example))).findings.filter((finding) => finding.rule === rule)
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it.each(rule.examples.bad.map((example) => [example]))('finds one leak in %j', async (example) => {
    expect(await findingsOf(example, id)).toHaveLength(1)
  })

  it.each(rule.examples.good.map((example) => [example]))('finds nothing in %j', async (example) => {
    expect(await findingsOf(example, id)).toEqual([])
  })

  it.each(rule.examples.bad.map((example) => [example]))(
    'says for %j only code that is well-formed and is found no more',
    async (example) => {
      const files = filesOf(example)
      const { findings } = rule.about === 'history' ? await scanCommits(example) : await scan(files)
      for (const finding of findings) {
        if (finding.rule !== id || finding.correction === undefined || !('file' in finding.at)) continue
        const corrected = correctIn(files, finding.at, finding.correction)
        const after = await scan(corrected)
        expect(after.gaps).toEqual([])
        expect(
          after.findings.filter((other) => other.rule === id),
          finding.correction,
        ).toEqual([])
      }
    },
  )

  it('explains itself, and is named by its file', () => {
    expect(rule.explanation).toMatch(/\*\*Fix\.\*\*/)
    expect(rule.examples.bad.length).toBeGreaterThan(0)
    expect(rule.examples.good.length).toBeGreaterThan(0)
  })
})

it('finds nothing at all in the good examples of any rule', async () => {
  const found: string[] = []
  for (const rule of rules) {
    for (const example of rule.examples.good) {
      for (const finding of (await scan(filesOf(example))).findings)
        found.push(`${rule.id}: ${finding.rule} in ${JSON.stringify(example)}`)
    }
  }
  expect(found).toEqual([])
})

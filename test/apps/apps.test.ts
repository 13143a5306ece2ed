import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadKinds } from '../../src/keys/load-kinds.ts'
import { randomText } from '../../src/keys/random.ts'
import { scan } from '../../src/scan/scan.ts'
import { readTree } from '../support/read-tree.ts'

const kinds = await loadKinds()
const random = randomText()
const apps = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory())

/** Keys are made when they are needed: `{{kind-id}}` in a file stands for one. */
function filled(text: string): string {
  return text.replace(/\{\{([\w-]+)\}\}/g, (whole, id: string) => {
    return kinds.find((kind) => kind.id === id)?.example(random) ?? whole
  })
}

function filesOf(app: string) {
  return readTree(join(import.meta.dirname, app))
    .filter(({ path }) => path !== 'expected.txt')
    .map(({ path, text }) => ({ path, text: filled(text) }))
}

describe.each(apps.map(({ name }) => [name]))('%s', (app) => {
  it('gives exactly the findings that are listed, and no gap', async () => {
    const { findings, gaps } = await scan(filesOf(app))
    const found = findings.map(({ rule, at }) => ('file' in at ? `${at.file}:${at.line} ${rule}` : rule)).sort()
    const expected = readFileSync(join(import.meta.dirname, app, 'expected.txt'), 'utf8')
      .split('\n')
      .filter(Boolean)
    expect(found).toEqual(expected.sort())
    expect(gaps).toEqual([])
  })

  it('gives the same fingerprints when lines are added above', async () => {
    const files = filesOf(app).filter(({ path }) => /\.(?:rb|ru|rake)$/.test(path))
    const before = await scan(files)
    const after = await scan(files.map(({ path, text }) => ({ path, text: `# a line\n\n${text}` })))
    expect(after.findings.map((finding) => finding.fingerprint).sort()).toEqual(
      before.findings.map((finding) => finding.fingerprint).sort(),
    )
  })
})

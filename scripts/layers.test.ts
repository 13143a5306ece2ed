import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const forbidden = [
  ['src/scan/x.ts', "'node:net'", 'never opens a connection'],
  ['src/scan/rules/x.ts', "'node:child_process'", 'starts no program'],
  ['src/scan/x.ts', "'../probe/probe-service.ts'", 'src/scan/ may not import src/probe/'],
  ['src/probe/x.ts', "'../scan/source-file.ts'", 'never reads source'],
  ['src/egress/x.ts', "'zod'", 'no library may see them'],
  ['src/ingress/x.ts', "'@peculiar/x509'", 'no library may see them'],
  ['src/ingress/x.ts', "'../egress/door.ts'", 'src/ingress/ may not import src/egress/'],
  ['src/egress/x.ts', "'node:http2'", 'no key can be erased from it'],
  ['src/relay/x.ts', "'../keys/kind.ts'", 'src/relay/ may not import src/keys/'],
  ['src/gateway/x.ts', "'koffi'", 'the gateway is Node and our own code'],
  ['src/stores/kinds/x.ts', "'../../egress/door.ts'", 'src/stores/ may not import src/egress/'],
  ['src/report/x.ts', "'../scan/rules/index.ts'", 'a report is a function of findings'],
  ['src/secret/x.ts', "'../keys/kind.ts'", 'key bytes are handled with nothing but Node'],
] as const
const allowed = [
  ['src/egress/x.ts', "'../secret/masked.ts'"],
  ['src/config/x.ts', "'yaml'"],
  ['src/kernel/x.ts', "'koffi'"],
  ['src/scan/x.ts', "'node:fs'"],
  ['src/scan/rules/x.ts', "'../../keys/kind.ts'"],
  ['src/stores/kinds/x.ts', "'../accept-key.ts'"],
  ['src/egress/x.test.ts', "'zod'"],
] as const
let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport layers '))
  copyFileSync(join(root, 'biome.json'), join(directory, 'biome.json'))
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('the linter', () => {
  it.each(forbidden)('keeps %s from importing %s, and says why', (file, imported, message) => {
    expect(lint(file, imported)).toContain(message)
  })

  it.each(allowed)('lets %s import %s', (file, imported) =>
    expect(lint(file, imported)).not.toContain('noRestrictedImports'),
  )
})

/** What the linter says to a file that imports this and nothing else. */
function lint(file: string, imported: string): string {
  const path = join(directory, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `import * as imported from ${imported}\n\nexport const x = imported\n`)
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const args = [biome, 'lint', '--vcs-enabled=false', '--only=style/noRestrictedImports', file]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8', timeout: 20_000 })
  rmSync(path)
  return (stdout + stderr).replace(/\s+/g, ' ')
}

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { table as commands } from '../../src/cli/commands/index.ts'
import { readPlan } from '../../src/config/read-plan.ts'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'

const root = join(import.meta.dirname, '../..')
const pages = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
})
  .toString()
  .split('\0')
  .filter((name) => name !== '' && !name.startsWith('test/') && existsSync(join(root, name)))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))
const byHand = pages.filter(({ name }) => !name.startsWith('docs/reference/'))

describe.each(pages)('$name', ({ name, text }) => {
  it('links only to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !existsSync(join(root, dirname(name), target)))).toEqual([])
  })
})

it.each(byHand)('$name names only commands that there are', ({ text }) => {
  const named = [...text.matchAll(/(?:^|[`/ ])sallyport ([a-z]+)(?=[\s`])/gm)].map(([, command]) => command)
  const known = commands.map(({ id }) => id)
  expect([...new Set(named)].filter((command) => !known.includes(command ?? ''))).toEqual([])
})

describe('ARCHITECTURE.md', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

  it('has a row for every room, and for no other', () => {
    const rows = text.match(/^## Rooms$[\s\S]*?^## /m)?.[0].matchAll(/^\| ((?:`\w+\/`(?:, )?)+) \|/gm) ?? []
    const rooms = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)\/`/g)].map(([, room]) => room))
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(rooms.sort()).toEqual(folders.map(({ name }) => name).sort())
  })

  it('gives a reason for every dependency', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const table = text.match(/^## Dependencies$[\s\S]*?^## /m)?.[0] ?? ''
    const named = [...table.matchAll(/`((?:@[\w-]+\/)?[a-z][\w-]+)`/g)].map(([, name]) => name)
    expect([...new Set(named)].sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort())
  })
})

describe('a configuration that is shown', () => {
  const shown = byHand.flatMap(({ name, text }) =>
    [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml = '']) => ({ name, yaml })),
  )
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport docs '))
    await mkdir(join(folder, 'tls'))
    const authority = await createAuthority({ name: 'Docs' })
    const server = await issueCertificate(authority, { dns: ['localhost'], usages: 'server' })
    await writeFile(join(folder, 'tls/ca.pem'), authority.certificatePem)
    await writeFile(join(folder, 'tls/server.pem'), server.chainPem)
    await writeFile(join(folder, 'tls/server.key'), server.privateKeyPem, { mode: 0o600 })
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each(shown)('in $name is read without a problem', async ({ yaml }) => {
    await writeFile(join(folder, 'sallyport.yaml'), yaml)
    const outcome = await readPlan({ directory: folder, environment: {}, strict: false })
    expect(outcome).not.toHaveProperty('problems')
  })
})

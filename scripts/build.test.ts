import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { build } from './build.ts'

const run = promisify(execFile)
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport build '))
  await files({
    'package.json': '{"type":"module","version":"1.2.3","dependencies":{"kept":"1"}}',
    'src/cli/main.ts': "const { start } = await import('../room/start.ts')\nstart()",
    'src/room/start.ts': `import { spawn } from 'node:child_process'
      import { fileURLToPath } from 'node:url'
      const entry: URL = new URL('./deep/child.entry.ts', import.meta.url)
      export const start = () => spawn(process.execPath, [fileURLToPath(entry)], { stdio: 'inherit' })`,
    'src/room/deep/child.entry.ts': "import { version } from './version.ts'\nconsole.log('child', version)",
    'src/room/deep/version.ts': `import { readFileSync } from 'node:fs'
      import { license } from 'bundled'
      const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
      export const version: string = JSON.parse(text).version + license`,
    'node_modules/bundled/package.json': '{"name":"bundled","version":"4.5.6","license":"MIT","main":"index.js"}',
    'node_modules/bundled/index.js': "exports.license = ' with bundled'",
    'node_modules/bundled/LICENSE': 'Do as you like.',
  })
})
afterEach(() => rm(directory, { recursive: true }))

it('bundles each process of its own, which finds its files from where it lies then', async () => {
  expect(await build(directory, join(directory, 'dist'))).toEqual(
    new Map([
      ['cli.js', []],
      ['child.entry.js', [join(directory, 'node_modules/bundled')]],
    ]),
  )
  for (const gone of ['src', 'node_modules']) await rm(join(directory, gone), { recursive: true })
  const { stdout } = await run(process.execPath, [join(directory, 'dist/sallyport.js')])
  expect(stdout).toBe('child 1.2.3 with bundled\n')
})

it('puts what every scan loads into one file, however it is listed', async () => {
  await files({
    'src/cli/main.ts':
      "const { table } = await import('../scan/rules/index.ts')\nfor (const { load } of table) (await load())()",
    'src/scan/rules/index.ts': `export const table = [
      { id: 'a', load: async () => (await import('./a.ts')).first },
      { id: 'b', load: async () => (await import('./b.ts')).second },
    ]`,
    'src/scan/rules/a.ts': "export const first = () => console.log('a')",
    'src/scan/rules/b.ts': "export const second = () => console.log('b')",
  })
  await build(directory, join(directory, 'dist'))
  const { stdout } = await run(process.execPath, [join(directory, 'dist/sallyport.js')])
  expect(stdout).toBe('a\nb\n')
  const written = await readdir(join(directory, 'dist'))
  expect(written.filter((name) => name.startsWith('chunk-scan'))).toHaveLength(1)
  expect(written.filter((name) => /^chunk-[ab]-/.test(name))).toEqual([])
})

it('lists what it bundled, with the licence’s text', async () => {
  await build(directory, join(directory, 'dist'))
  expect(await readFile(join(directory, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8')).toContain(
    'bundled 4.5.6 (MIT)\n\nDo as you like.\n',
  )
})

it.each([
  [
    'a licence that nobody has looked at',
    { 'node_modules/bundled/package.json': '{"name":"bundled","license":"SSPL-1.0"}' },
    'SSPL-1.0',
  ],
  [
    'a path that would be another one then',
    { 'src/cli/main.ts': 'console.log(import.meta.dirname)' },
    'src/cli/main.ts: import.meta.dirname',
  ],
  [
    'a file that is not published',
    { 'src/cli/main.ts': "new URL('./x.json', import.meta.url)", 'src/cli/x.json': '{}' },
    'src/cli/x.json',
  ],
  ['two processes of one name', { 'src/cli/child.entry.ts': '' }, 'child.entry.js'],
  ['a package that is not there', { 'src/cli/main.ts': "import 'nowhere'" }, 'nowhere'],
] as const)('refuses %s, and leaves the last bundle as it is', async (_what, changed, named) => {
  await build(directory, join(directory, 'dist'))
  await files(changed)
  await expect(build(directory, join(directory, 'dist'))).rejects.toThrow(named)
  expect((await run(process.execPath, [join(directory, 'dist/sallyport.js')])).stdout).toContain('child 1.2.3')
})

it('says which Node it needs on an older one, and exits 2', async () => {
  await build(directory, join(directory, 'dist'))
  const old = `Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`
  const preload = join(directory, 'old.cjs')
  await writeFile(preload, old)
  await expect(
    run(process.execPath, ['--require', preload, join(directory, 'dist/sallyport.js')]),
  ).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'sallyport: needs Node 24 or later; this is Node 20.20.2\n',
  })
})

async function files(contents: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), content)
  }
}

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../scripts/build.ts'

const root = join(import.meta.dirname, '../..')
let directory: string
let packed: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport packed '))
  await build(root, join(root, 'dist'))
  await run('npm', ['pack', '--pack-destination', directory], root)
  packed = join(directory, (await readdir(directory))[0] ?? '')
  const project = join(directory, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{"private":true}')
  await run('npm', ['install', packed, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], project)
}, 240_000)
afterAll(() => rm(directory, { recursive: true }))

it('holds the bundle and the schema, and no source or test', async () => {
  const { stdout } = await run('tar', ['-tzf', packed], directory)
  const folders = new Set(stdout.split('\n').map((path) => path.split('/')[1]))
  folders.delete(undefined)
  expect([...folders].sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'schema'])
  expect(stdout).not.toMatch(/\.test\.|src\/|\.map$/m)
})

it('has nothing that publint objects to', async () => {
  const publint = join(root, 'node_modules/publint/src/cli.js')
  const { stdout } = await run(process.execPath, [publint, 'run', '--strict', packed], directory)
  expect(stdout).toContain('All good!')
})

it('says its version and what it does', async () => {
  const { version } = JSON.parse((await run('tar', ['-xzOf', packed, 'package/package.json'], directory)).stdout)
  expect((await sallyport('--version')).stdout).toBe(`sallyport ${version}\n`)
  expect((await sallyport('--help')).stdout).toContain('USAGE')
})

function sallyport(...args: string[]) {
  return run(join(directory, 'project/node_modules/.bin/sallyport'), args, join(directory, 'project'))
}

function run(program: string, args: readonly string[], cwd: string) {
  // npm's own variables, when the tests were started by it, would be settings of the npm that is started here.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
  return promisify(execFile)(program, args, { cwd, env: environment, timeout: 200_000 })
}

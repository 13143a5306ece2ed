import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../scripts/build.ts'
import { serviceIn } from '../examples/service-in.ts'
import { startLedger } from '../examples/start-ledger.ts'

const root = join(import.meta.dirname, '../..')
const oldest = join(root, 'tools/node-oldest')
const nodes = [
  ['the pinned Node', process.execPath],
  [
    'the oldest Node that it says it runs on',
    join(oldest, `node_modules/node-${process.platform}-${process.arch}/bin/node`),
  ],
] as const
let directory: string
let packed: string
let packages: ReadonlyMap<string, readonly string[]>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport packed '))
  packages = await build(root, join(root, 'dist'))
  await run('npm', ['pack', '--pack-destination', directory], root)
  packed = join(directory, (await readdir(directory))[0] ?? '')
  const project = join(directory, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{"private":true}')
  await run('npm', ['install', packed, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], project)
  if (!existsSync(nodes[1][1])) await run('npm', ['ci', '--no-audit', '--no-fund'], oldest)
}, 240_000)
afterAll(() => rm(directory, { recursive: true }))

it('holds the bundle and the schema, and no source or test', async () => {
  const { stdout } = await run('tar', ['-tzf', packed], directory)
  const folders = new Set(stdout.split('\n').map((path) => path.split('/')[1]))
  folders.delete(undefined)
  expect([...folders].sort()).toEqual(['LICENSE', 'README.md', 'dist', 'integrations', 'package.json', 'schema'])
  expect(stdout).not.toMatch(/\.test\.|src\/|\.map$/m)
})

it('has nothing that publint objects to', async () => {
  const publint = join(root, 'node_modules/publint/src/cli.js')
  const { stdout } = await run(process.execPath, [publint, 'run', '--strict', packed], directory)
  expect(stdout).toContain('All good!')
})

it('has a gateway that can load no library, and loads the others only where they belong', () => {
  expect(packages.get('gateway.entry.js')).toEqual([])
  expect(packages.get('cli.js')?.length).toBeGreaterThan(0)
})

describe.each(nodes)('on %s', (_which, node) => {
  it('says its version and what it does', async () => {
    const { version } = JSON.parse((await run('tar', ['-xzOf', packed, 'package/package.json'], directory)).stdout)
    expect((await sallyport(['--version'])).stdout).toBe(`sallyport ${version}\n`)
    expect((await sallyport(['--help'])).stdout).toContain('USAGE')
  })

  it('starts an app without its key, and puts the key into its requests', async () => {
    const ledger = await startLedger(join(directory, 'ledger'))
    try {
      const service = await serviceIn(directory, 'billing', ledger)
      const { stdout } = await sallyport(['run', '--', 'ruby', 'test/app_test.rb'], service, {
        HOME: directory,
        LEDGER_API_KEY: ledger.key,
      })
      expect(stdout).toContain('7 runs, 11 assertions, 0 failures, 0 errors, 0 skips')
      expect(stdout).toContain('with sk_live_PHANTOM')
      expect(stdout).not.toContain(ledger.key)
    } finally {
      await ledger.stop()
    }
  })

  it('scans a service, explains a rule and issues a certificate', async () => {
    const scanned = await sallyport(['scan', join(root, 'examples/billing')]).catch((failed) => failed)
    expect(scanned).toMatchObject({ code: 1, stderr: '' })
    for (const rule of ['key-in-log', 'key-in-exception', 'mutual-tls-setting-ignored', 'logging-off-is-on'])
      expect(scanned.stdout).toContain(rule)
    expect((await sallyport(['explain', 'key-in-log'])).stdout).toContain('Reported:')
    const folder = await mkdtemp(join(directory, 'authority '))
    await sallyport(['ca', 'init', '--dir', folder])
    const out = join(folder, 'billing')
    await sallyport([
      'ca',
      'issue',
      '--dir',
      folder,
      '--client',
      '--spiffe',
      'spiffe://example.org/billing',
      '--out',
      out,
    ])
    const verified = await run('openssl', ['verify', '-CAfile', join(folder, 'ca.pem'), `${out}.pem`], directory)
    expect(verified.stdout).toBe(`${out}.pem: OK\n`)
  })

  function sallyport(args: readonly string[], cwd = join(directory, 'project'), environment: NodeJS.ProcessEnv = {}) {
    // By its own first line: what is called `node` in PATH.
    const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`
    return run(join(directory, 'project/node_modules/.bin/sallyport'), args, cwd, { PATH, ...environment })
  }
})

function run(program: string, args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}) {
  // npm's own variables, when the tests were started by it, would be settings of the npm that is started here; where
  // packages come from is the machine's to say.
  const isOurs = (name: string) =>
    /^npm_/i.test(name) && !/^npm_config_(registry|cafile|userconfig|globalconfig)$/i.test(name)
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)))
  return promisify(execFile)(program, args, { cwd, env: { ...inherited, ...environment }, timeout: 200_000 })
}

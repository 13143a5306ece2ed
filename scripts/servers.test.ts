import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const script = join(import.meta.dirname, 'servers.sh')
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport servers '))
  await mkdir(join(directory, 'bin'))
  await mkdir(join(directory, 'run'))
  await mkdir(join(directory, 'usr/sbin'), { recursive: true })
  await writeFile(join(directory, 'installed'), '')
  await command('id', 'cat "$DPKG_ROOT/uid"')
  await writeFile(join(directory, 'uid'), '0')
  await command('dpkg-query', 'cat "$DPKG_ROOT/installed"; exit 1')
  // Installs what it is asked for, and notes whether servers were kept from starting meanwhile.
  await command(
    'apt-get',
    `echo "$*" >>"$DPKG_ROOT/asked"
    case " $* " in *" install "*) ;; *) exit 0 ;; esac
    [ ! -e "$DPKG_ROOT/broken" ] || { echo "E: broken"; exit 100; }
    sh "$DPKG_ROOT/usr/sbin/policy-rc.d" || echo "policy $?" >>"$DPKG_ROOT/asked"
    for word; do case $word in -* | DPkg* | install) ;; *) echo "$word installed" >>"$DPKG_ROOT/installed" ;; esac; done`,
  )
})
afterEach(() => rm(directory, { recursive: true }))

it('asks for exactly what is missing, starts no server, and leaves no trace of how it kept them from it', async () => {
  await writeFile(join(directory, 'installed'), 'ruby installed\npuma installed\nthin config-files\n')
  const { status, stderr } = await servers('demo')
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: 'sallyport: installing ruby-sinatra ruby-faraday thin ruby-webrick\n',
  })
  const asked = (await text('asked')).split('\n')
  expect(asked[0]).toMatch(/ update$/)
  expect(asked[1]).toMatch(/ --no-install-recommends install ruby-sinatra ruby-faraday thin ruby-webrick$/)
  expect(asked[2]).toBe('policy 101')
  await expect(text('usr/sbin/policy-rc.d')).rejects.toThrow('ENOENT')
})

it('asks for nothing when everything is there', async () => {
  await servers('test')
  await rm(join(directory, 'asked'))
  expect(await servers('test')).toEqual({ status: 0, stdout: '', stderr: '' })
  await expect(text('asked')).rejects.toThrow('ENOENT')
})

it('installs once when it is run twice at the same time', async () => {
  const runs = await Promise.all([servers('test'), servers('test')])
  expect(runs.map(({ status }) => status)).toEqual([0, 0])
  expect((await text('asked')).match(/ install /g)).toHaveLength(1)
})

it('leaves a policy of the machine’s own in place', async () => {
  await writeFile(join(directory, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 104\n')
  expect((await servers('demo')).status).toBe(0)
  expect(await text('asked')).toContain('policy 104')
  expect(await text('usr/sbin/policy-rc.d')).toContain('exit 104')
})

it('shows what apt-get said when that failed, and exits 2', async () => {
  await writeFile(join(directory, 'broken'), '')
  const { status, stderr } = await servers('demo')
  expect(status).toBe(2)
  expect(stderr).toContain('E: broken')
  await expect(text('usr/sbin/policy-rc.d')).rejects.toThrow('ENOENT')
})

it('names the one command to run when it is not root, and exits 2', async () => {
  await writeFile(join(directory, 'uid'), '1000')
  const { status, stderr } = await servers('test')
  expect(status).toBe(2)
  expect(stderr).toContain(`sudo sh '${script}' test`)
  await expect(text('asked')).rejects.toThrow('ENOENT')
})

it('names the packages on a system that it does not know, and exits 2', async () => {
  await rm(join(directory, 'bin/apt-get'))
  for (const name of ['cat', 'sed']) await symlink(join('/usr/bin', name), join(directory, 'bin', name))
  const { status, stderr } = await servers('demo', join(directory, 'bin'))
  expect(status).toBe(2)
  expect(stderr).toContain('not Debian or Ubuntu; install these yourself: ruby ruby-sinatra')
})

it('takes nothing but the name of a set', async () => expect((await servers('all')).status).toBe(2))

async function command(name: string, body: string): Promise<void> {
  const file = join(directory, 'bin', name)
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
}

function text(name: string): Promise<string> {
  return readFile(join(directory, name), 'utf8')
}

function servers(set: string, path = `${join(directory, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`) {
  const child = spawn('/bin/sh', [script, set], {
    env: { PATH: path, DPKG_ROOT: directory },
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

import { spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkout } from '../support/sallyport.ts'

const main = join(checkout, 'src/cli/main.ts')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-hostile-'))
  writeFileSync(join(folder, 'app.rb'), "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }\n")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Surroundings {
  readonly stdout?: number
  /** Closes our end of its standard output at its first byte. */
  readonly leavesEarly?: boolean
  readonly nodeFlags?: readonly string[]
}

async function scan(args: readonly string[], { stdout, leavesEarly, nodeFlags = [] }: Surroundings = {}) {
  const child = spawn(process.execPath, [...nodeFlags, main, 'scan', '--no-cache', ...args], {
    cwd: folder,
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    env: {},
  })
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
    if (leavesEarly) child.stdout?.destroy()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}

it('says in a line that standard output cannot be written, and not that there are findings', async () => {
  const full = openSync('/dev/full', 'w')
  const { code, err } = await scan([], { stdout: full })
  closeSync(full)
  expect(code).toBe(2)
  expect(err).toBe('sallyport: standard output cannot be written (ENOSPC) [FILE_UNWRITABLE]\n')
})

it('is quiet when its reader has seen enough, and exits as ever', async () => {
  writeFileSync(join(folder, 'many.rb'), `require 'sinatra'\n${"puts ENV['A_KEY']\n".repeat(1_000)}`)
  const { code, err } = await scan(['--format', 'json'], { leavesEarly: true })
  expect(err).toBe('')
  expect(code).toBe(1)
})

it('says in a line that the current folder is gone', async () => {
  const gone = join(folder, 'gone')
  mkdirSync(gone)
  const here = folder
  folder = gone
  const script = `process.chdir(${JSON.stringify(gone)}); require('fs').rmdirSync('.'.concat('/../gone')); import(${JSON.stringify(main)})`
  const outcome = await new Promise<{ code: number | null; err: string }>((resolve) => {
    const child = spawn(process.execPath, ['-e', script, 'scan', '.'], { cwd: here, env: {} })
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.on('close', (code) => resolve({ code, err }))
  })
  folder = here
  expect(outcome).toEqual({ code: 2, err: expect.stringContaining('the current folder is not there any more') })
  expect(outcome.err).not.toContain('    at ')
})

it.each([
  [['--jobs', '2'], 1],
  [['--history'], 1],
  [['--staged'], 0],
  // There is no commit to compare with.
  [['--since', 'HEAD'], 2],
])('opens no connection and runs nothing of what a repository has its tools run: %j', async (args, expected) => {
  const touch = `touch ${join(folder, 'pwned')}`
  const git = join(folder, '.git')
  for (const name of ['objects/pack', 'refs/heads', 'hooks']) mkdirSync(join(git, name), { recursive: true })
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n')
  const settings = `[core]\n\tfsmonitor = ${touch}\n\tsshCommand = ${touch}\n\tpager = ${touch}\n[filter "evil"]\n\tclean = ${touch}\n\tsmudge = ${touch}\n[diff]\n\texternal = ${touch}\n[include]\n\tpath = /dev/stdin\n[remote "origin"]\n\turl = ext::${touch}\n\tpromisor = true\n`
  writeFileSync(join(git, 'config'), settings)
  writeFileSync(join(git, 'hooks/post-index-change'), `#!/bin/sh\n${touch}\n`)
  chmodSync(join(git, 'hooks/post-index-change'), 0o755)
  writeFileSync(join(folder, '.gitattributes'), '* filter=evil diff=evil\n')
  for (const name of ['config.ru', 'Gemfile', 'Rakefile', 'a.erb'])
    writeFileSync(join(folder, name), `\`${touch}\`\nsystem('${touch}')\nURI.open('http://127.0.0.1:9/')\n`)
  const report = join(folder, '../', `${folder.split('/').at(-1)}.json`)
  // Node itself refuses processes, connections, add-ons and writing anywhere else.
  const nodeFlags = [
    '--permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${tmpdir()}/*`,
    '--allow-worker',
    '--allow-wasi',
  ]
  const { code, err } = await scan([...args, '--format', `json=${report}`, '--format', 'text'], { nodeFlags })
  expect(err).not.toMatch(/ERR_ACCESS_DENIED|bug in Sallyport/)
  expect(code).toBe(expected)
  rmSync(report, { force: true })
  expect(existsSync(join(folder, 'pwned'))).toBe(false)
})

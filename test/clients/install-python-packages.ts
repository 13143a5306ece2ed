import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkout } from '../support/sallyport.ts'

/**
 * Installs the clients, at the versions of their requirements file, into an environment of their own in the checkout's
 * cache, unless it has them, and returns the path of its Python. Throws with pip's output.
 */
export function installPythonPackages(): string {
  const wanted = join(import.meta.dirname, 'packages/python/requirements.txt')
  const to = join(checkout, '.cache/clients/python')
  const list = (folder: string) => join(folder, 'requirements.txt')
  const python = (folder: string) => join(folder, 'bin/python')
  if (existsSync(list(to)) && readFileSync(list(to), 'utf8') === readFileSync(wanted, 'utf8')) return python(to)
  mkdirSync(dirname(to), { recursive: true })
  const half = mkdtempSync(`${to}.half-`)
  try {
    run('python3', '-m', 'venv', half)
    run(python(half), '-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile', '--requirement', wanted)
    cpSync(wanted, list(half))
    rmSync(to, { recursive: true, force: true })
    renameSync(half, to)
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
  return python(to)
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed:\n${stdout}${stderr}`)
}

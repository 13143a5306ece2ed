import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from '../support/sallyport.ts'

/**
 * Installs the clients from their lockfile into the checkout's cache, unless it has them, and returns the path of their
 * `node_modules`. Throws with npm's output.
 */
export function installNodePackages(): string {
  const from = join(import.meta.dirname, 'packages/node')
  const to = join(checkout, '.cache/clients/node')
  const lock = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8')
  if (existsSync(to) && lock(to) === lock(from)) return join(to, 'node_modules')
  mkdirSync(join(to, '..'), { recursive: true })
  const half = mkdtempSync(`${to}.half-`)
  try {
    cpSync(from, half, { recursive: true })
    const { status, stdout, stderr } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: half, encoding: 'utf8' })
    if (status !== 0) throw new Error(`npm ci failed in ${from}:\n${stdout}${stderr}`)
    rmSync(to, { recursive: true, force: true })
    renameSync(half, to)
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
  return join(to, 'node_modules')
}

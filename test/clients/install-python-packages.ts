import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { checkout } from '../support/sallyport.ts'

/**
 * Installs what a folder of `packages/` asks for in its requirements file into an environment of its own in the
 * checkout's cache, unless that has it, and resolves to the path of its Python. Rejects with pip's output.
 */
export async function installPythonPackages(folder = 'python'): Promise<string> {
  const wanted = join(import.meta.dirname, 'packages', folder, 'requirements.txt')
  const to = join(checkout, '.cache/clients', folder)
  const list = (at: string) => join(at, 'requirements.txt')
  const python = (at: string) => join(at, 'bin/python')
  if (existsSync(list(to)) && readFileSync(list(to), 'utf8') === readFileSync(wanted, 'utf8')) return python(to)
  mkdirSync(dirname(to), { recursive: true })
  const words = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile', '--requirement', wanted]
  const half = mkdtempSync(`${to}.half-`)
  try {
    await run('python3', ['-m', 'venv', half])
    await run(python(half), words)
    cpSync(wanted, list(half))
    rmSync(to, { recursive: true, force: true })
    renameSync(half, to)
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
  return python(to)
}

const run = promisify(execFile)

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findGo } from './go.ts'
import { checkout } from './sallyport.ts'

/** Builds `target` of the Go module in `folder` into the checkout's cache and returns the program's path. */
export function buildGo(folder: string, name: string, target = '.'): string {
  const program = join(checkout, '.cache/go', name)
  mkdirSync(dirname(program), { recursive: true })
  const { error, status, stderr } = spawnSync(findGo(), ['build', '-trimpath', '-o', program, target], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
  })
  if (error) throw error
  if (status !== 0) throw new Error(`go build in ${folder}: ${stderr.trim()}`)
  return program
}

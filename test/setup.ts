import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Runs once before the tests: installs the real servers that they start (a missing one is an error, never a skip). */
export function setup(): void {
  const script = join(import.meta.dirname, '../scripts/servers.sh')
  const { status } = spawnSync('/bin/sh', [script, 'test'], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error('the servers that the tests start are not installed; see the lines above')
}

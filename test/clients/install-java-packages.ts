import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from '../support/sallyport.ts'

/**
 * Has Maven put the clients of packages/java/pom.xml and what they need into the checkout's cache, unless it has them,
 * and returns their class path. Throws with Maven's output.
 */
export function installJavaPackages(): string {
  const from = join(import.meta.dirname, 'packages/java')
  const to = join(checkout, '.cache/clients/java')
  const pom = (folder: string) => readFileSync(join(folder, 'pom.xml'), 'utf8')
  if (existsSync(to) && pom(to) === pom(from)) return join(to, 'jars/*')
  mkdirSync(join(to, '..'), { recursive: true })
  const half = mkdtempSync(`${to}.half-`)
  try {
    cpSync(from, half, { recursive: true })
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
    const { status, error, stdout, stderr } = spawnSync('mvn', ['-q', '-B', goal, '-DoutputDirectory=jars'], {
      cwd: half,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`mvn failed in ${from}:\n${error?.message ?? stdout + stderr}`)
    rmSync(to, { recursive: true, force: true })
    renameSync(half, to)
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
  return join(to, 'jars/*')
}

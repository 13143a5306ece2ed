/**
 * What a developer runs before a commit: `npm run check [-- WORD …]`, where a word picks the steps that have it in their
 * name. `--ci FILE` runs every step but the tests, whose report (vitest's JSON) is in FILE, and counts both.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({ options: { ci: { type: 'string' } }, allowPositionals: true })

const checks: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['generated files are fresh', ['scripts/generate.ts', '--check']],
  ['format, lint and layers', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['nothing unused', ['node_modules/knip/bin/knip.js', '--no-progress']],
  ['only processes touch the process', ['scripts/check-process.ts']],
  ['nothing committed that must not be', ['scripts/check-committed.ts']],
]
const tests = ['tests beside the code', ['node_modules/vitest/vitest.mjs', 'run', 'src', 'scripts']] as const
const steps = (values.ci === undefined ? [...checks, tests] : checks).filter(
  ([name]) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
)

const counts = values.ci === undefined ? { passed: 0, failed: 0 } : testCounts(values.ci)
for (const [name, args] of steps) {
  const started = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  counts[status === 0 ? 'passed' : 'failed']++
}
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0

/** A run that wrote no report, or says that it failed without naming a test, counts as one that failed. */
function testCounts(file: string): { passed: number; failed: number } {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    const failed = report.numTotalTests - report.numPassedTests
    return { passed: report.numPassedTests, failed: failed === 0 && !report.success ? 1 : failed }
  } catch (error) {
    console.error(`the tests left no report: ${error instanceof Error ? error.message : error}`)
    return { passed: 0, failed: 1 }
  }
}

/** What a developer runs before a commit: format, lint, layers, types, generated files, unused code, fast tests. */
import { spawnSync } from 'node:child_process'

const steps: readonly (readonly [string, readonly string[]])[] = [
  ['generated files are fresh', ['scripts/generate.ts', '--check']],
  ['format, lint and layers', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['nothing unused', ['node_modules/knip/bin/knip.js', '--no-progress']],
  ['tests beside the code', ['node_modules/vitest/vitest.mjs', 'run', 'src', 'scripts']],
]

const only = process.argv.slice(2)
let failed = 0
for (const [name, args] of steps) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue
  const started = performance.now()
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (status !== 0) failed++
}
process.exitCode = failed > 0 ? 1 : 0

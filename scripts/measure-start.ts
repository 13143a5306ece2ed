/**
 * What `./sallyport` costs over Node itself: `node scripts/measure-start.ts [ROUNDS]`. The two are started in turn, so
 * that a busy machine slows both; the medians and their difference are printed.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const rounds = Number(process.argv[2] ?? 40)
const script = join(root, 'sallyport')
const bare = [process.execPath, '--disable-warning=ExperimentalWarning', join(root, 'src/cli/main.ts')] as const

const times = { script: [] as number[], node: [] as number[] }
for (let round = 0; round <= rounds; round++) {
  const withScript = milliseconds(script, [])
  const withNode = milliseconds(bare[0], bare.slice(1))
  // The first round fills the compile cache.
  if (round === 0) continue
  times.script.push(withScript)
  times.node.push(withNode)
}
const medians = { script: median(times.script), node: median(times.node) }
console.log(`./sallyport --version   ${medians.script.toFixed(1)} ms (median of ${rounds})`)
console.log(`node src/cli/main.ts    ${medians.node.toFixed(1)} ms`)
console.log(`the script itself       ${(medians.script - medians.node).toFixed(1)} ms`)

function milliseconds(program: string, args: readonly string[]): number {
  const started = performance.now()
  const { status } = spawnSync(program, [...args, '--version'], { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${program} exited ${status}`)
  return performance.now() - started
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

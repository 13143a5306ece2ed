import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, release } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { processorName } from '../load.ts'
import { type Comparison, type Contender, compareScanners, contendersOf } from './compare-scanners.ts'
import { withoutNetwork } from './measure.ts'
import { labelledSets, measureRecall } from './recall.ts'
import { findScanner, type Scanner } from './scanner.ts'
import { sallyport } from './scanners/sallyport.ts'
import { chooseScanners, type FoundScanner, installScanners, peerScanners } from './scanners.ts'
import { recallText, scanText } from './table.ts'
import { allTrees, askedTrees, makeTree, treesText } from './trees.ts'

const peerNames = peerScanners.map(({ name }) => name)

const scanUsage = `npm run bench -- scan|scan-recall [OPTIONS]
  --peers LIST      of ${peerNames.join(', ')} (all)
  --install         install those of them that are missing, into .cache/bench/ where they are not the system's
  --limit SECONDS   of one run; whoever needs longer is ended and takes no further part (300)
  --json            for programs
  scan, on one tree after the other:
  --trees LIST      of ${treesText()} (${allTrees})
  --rounds N        each scanner once in each (3)
  --against FOLDER  one more scanner: the Sallyport of another checkout, built there
  scan-recall: what each reports of the programs that the tests have labelled
`

interface Options {
  readonly peers: readonly string[]
  readonly install: boolean
  readonly limitSeconds: number
  readonly json: boolean
  readonly trees: string
  readonly rounds: number
  readonly against: string | undefined
}

/** The scanner beside others; `directory` is removed by the caller. */
export async function runScanBench(
  name: 'scan' | 'scan-recall',
  args: readonly string[],
  directory: string,
  say: (text: string) => void,
): Promise<void> {
  const options = readArguments(args)
  const trees = askedTrees(options.trees)
  const root = join(import.meta.dirname, '../..')
  build(root)
  const prefix = withoutNetwork()
  const find = (scanner: Scanner) => findScanner(scanner, prefix)
  const { failed } = options.install ? installScanners(options.peers, find, say) : { failed: [] }
  const { found, absent } = chooseScanners(options.peers, find)
  const contenders = [
    ...contendersOf(foundHere(root), found, directory),
    ...(options.against === undefined ? [] : againstContenders(options.against, directory)),
  ]
  const missing = [
    ...failed,
    ...absent,
    ...(prefix.length > 0 ? [] : ['unshare does not work here: the scanners could reach the network']),
  ]
  const how = { ...options, prefix, directory, say }
  await warmUp(contenders, how)
  if (name === 'scan-recall') {
    const once = contenders.filter((contender) => contender.name !== 'unchanged')
    const recall = { ...(await measureRecall(await labelledSets(), once, how)), absent: missing }
    clear()
    process.stdout.write(options.json ? json({ recall }, options) : recallText(recall))
    return
  }
  const comparisons: Comparison[] = []
  for (const asked of trees) {
    say(`making ${asked.name}`)
    const folder = mkdtempSync(join(directory, 'tree-'))
    const comparison = await compareScanners(await makeTree(asked, folder), contenders, how)
    rmSync(folder, { recursive: true })
    clear()
    comparisons.push(comparison)
    if (!options.json) process.stdout.write(`${scanText(comparison)}\n`)
  }
  if (options.json) process.stdout.write(json({ comparisons, missing }, options))
  else for (const sentence of missing) process.stdout.write(`${sentence}\n`)
}

/** Once on a small tree, not measured: programs are read into memory, rules are compiled and kept. */
async function warmUp(
  contenders: readonly Contender[],
  how: Pick<Options, 'limitSeconds'> & {
    readonly prefix: readonly string[]
    readonly directory: string
    say(text: string): void
  },
): Promise<void> {
  const [seed] = askedTrees('seed')
  const folder = join(how.directory, 'warm-up')
  if (seed) await compareScanners(await makeTree(seed, folder), contenders, { ...how, rounds: 1 })
}

/** What is measured is what is there: a bundle of yesterday would be measured otherwise. */
function build(root: string): void {
  const { status, stderr, error } = spawnSync(process.execPath, [join(root, 'scripts/build.ts')], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`npm run build: ${error?.message ?? stderr.trim()}`)
}

function foundHere(root: string): FoundScanner {
  const scanner = sallyport(root)
  const installed = findScanner(scanner, [])
  if (!installed) throw new Error(`there is no built Sallyport in ${root}; npm run build there`)
  return { scanner, ...installed }
}

function againstContenders(root: string, directory: string): Contender[] {
  const home = join(directory, 'home-against')
  mkdirSync(home)
  const [cold] = contendersOf(foundHere(root), [], home)
  return cold ? [{ ...cold, name: 'against' }] : []
}

function json(results: object, { json: _json, ...asked }: Options): string {
  const machine = {
    processor: processorName(),
    cores: availableParallelism(),
    kernel: release(),
    node: process.version,
  }
  return `${JSON.stringify({ date: new Date().toISOString(), machine, options: asked, ...results }, null, 2)}\n`
}

function clear(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}

function readArguments(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      peers: text,
      install: { type: 'boolean' },
      limit: text,
      trees: text,
      rounds: text,
      against: text,
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(scanUsage)
    process.exit(0)
  }
  const peers = (values.peers ?? peerNames.join(',')).split(',').filter(Boolean)
  const unknown = peers.find((name) => !peerNames.includes(name))
  if (unknown !== undefined) throw new Error(`--peers ${unknown} is none of ${peerNames.join(', ')}\n${scanUsage}`)
  return {
    peers,
    install: values.install ?? false,
    limitSeconds: countOf('--limit', values.limit ?? '300'),
    json: values.json ?? false,
    trees: values.trees ?? allTrees,
    rounds: countOf('--rounds', values.rounds ?? '3'),
    against: values.against === undefined ? undefined : resolve(values.against),
  }
}

function countOf(flag: string, given: string): number {
  if (!/^[1-9]\d{0,5}$/.test(given)) throw new Error(`${flag} ${given} is not a number from 1\n${scanUsage}`)
  return Number(given)
}

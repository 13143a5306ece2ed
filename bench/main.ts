/**
 * Sallyport beside what a user would take instead: `npm run bench [-- egress | ingress] [OPTIONS]` the doors beside
 * proxies, `npm run bench -- scan | scan-recall [OPTIONS]` the scanner beside scanners. docs/benchmarks.md says what is
 * measured and how.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, release, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Comparison, compare } from './compare.ts'
import { type Payload, payloadKinds } from './door.ts'
import { egressScene } from './egress.ts'
import { ingressScene } from './ingress.ts'
import { type Curve, goGenerator, processorName, wrkGenerator } from './load.ts'
import { eventsPayload, gzipPayload, plainPayload } from './payload.ts'
import { hasEnvoy, installEnvoy, type PeerName, peerNames, versionOf } from './peers.ts'
import { stopAll } from './process.ts'
import { runScanBench } from './scan/command.ts'
import { readSlowly } from './slow.ts'
import { comparisonText, slowText } from './table.ts'

const usage = `npm run bench [-- [egress] [ingress] [OPTIONS]]
  --rounds N        rounds, each door once in each (6)
  --seconds N       of load in a round (3)
  --connections N   keep-alive connections (32)
  --kind LIST       what passes: plain answers, answers in gzip, event streams (plain,gzip,events)
  --body LIST       bytes of plain answers, one after the other (1024,65536,10485760; ingress: 1024)
  --upload BYTES    of each request; makes it a POST (0)
  --requests N      for the slope of memory; 0 leaves it out (200000)
  --starts N        of each door; the median is told (5)
  --peers LIST      of ${peerNames.join(', ')} (nginx,haproxy, and envoy where an earlier --peers has installed it)
  --built           one more door: the bundle in dist/, as it is published (npm run build first)
  --against FOLDER  one more door: the Sallyport of another checkout, to compare two revisions
  --with=FLAGS      one more door: the gateway with these flags of Node; may be repeated
  --curve NAME      key agreement of the handshakes: x25519 or x25519mlkem768 (x25519)
  --slow BYTES      instead: an answer of so many bytes (20GB) through the egress to a slow reader
  --rate BYTES      that it reads a second (200MB)
  --json            for programs
npm run bench -- scan --help: the scanner
`

const scenes = { egress: egressScene, ingress: ingressScene }
const numbers = { rounds: 6, seconds: 3, connections: 32, upload: 0, requests: 200_000, starts: 5 }

let directory: string | undefined
let isEnding = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void end(128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal]))
await main().then(
  () => end(0),
  (error: unknown) => {
    // A load that we stopped has failed, too.
    if (isEnding) return undefined
    process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`)
    return end(2)
  },
)

async function end(code: number): Promise<void> {
  if (isEnding) return
  isEnding = true
  await stopAll()
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
  process.exit(code)
}

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2)
  const isOfScanner = first === 'scan' || first === 'scan-recall'
  const asked = isOfScanner ? undefined : readArguments()
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  directory = folder
  if (isOfScanner) await runScanBench(first, rest, folder, say)
  if (asked) await compareDoors(asked, folder)
}

async function compareDoors({ names, options }: Asked, folder: string): Promise<void> {
  const go = goGenerator()
  const wrkVersion = versionOf('wrk')
  const missing = [
    ...(wrkVersion ? [] : ['wrk is not installed (apt-get install wrk): the egress is loaded by the generator in Go']),
    ...(go ? [] : ['Go is not installed: no ingress, no slope of memory']),
  ]
  const comparisons: Comparison[] = []
  for (const name of names) {
    const generate = name === 'egress' && wrkVersion ? wrkGenerator(folder) : go?.run
    if (!generate) throw new Error(`${name}: there is no load generator; ${missing.join('; ')}`)
    const scene = await scenes[name](
      {
        directory: mkdtempSync(join(folder, `${name}-`)),
        payloads: payloadsOf(name, options, go !== undefined),
        peers: options.peers,
        built: options.built,
        against: options.against,
        variants: options.with,
      },
      go,
    )
    if (options.slow > 0) {
      if (!go) throw new Error('a slow reader needs Go')
      const reads = await readSlowly(scene, go, options, say)
      await stopAll()
      process.stdout.write(options.json ? `${JSON.stringify(reads, null, 2)}\n` : slowText(reads))
      return
    }
    comparisons.push(
      await compare(scene, {
        ...options,
        load: options,
        go,
        generate,
        say,
      }),
    )
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    await stopAll()
    const last = comparisons.at(-1)
    if (last && !options.json) process.stdout.write(comparisonText(last, options))
  }
  if (options.json) {
    const machine = {
      processor: processorName(),
      cores: availableParallelism(),
      kernel: release(),
      node: process.version,
      openssl: process.versions.openssl,
      wrk: wrkVersion,
    }
    const { json: _json, ...asked } = options
    process.stdout.write(
      `${JSON.stringify({ date: new Date().toISOString(), machine, options: asked, missing, comparisons }, null, 2)}\n`,
    )
  } else for (const sentence of missing) process.stdout.write(`${sentence}\n`)
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

function payloadsOf(name: keyof typeof scenes, { bodies, kinds }: Options, hasGo: boolean): Payload[] {
  const isEgress = name === 'egress'
  const sizes = bodies ?? (isEgress ? [1024, 65_536, 10_485_760] : [1024])
  return [
    ...(kinds.includes('plain') ? sizes.map(plainPayload) : []),
    ...(isEgress && kinds.includes('gzip') ? [gzipPayload] : []),
    ...(isEgress && hasGo && kinds.includes('events') ? [eventsPayload] : []),
  ]
}

type Numbers = typeof numbers

interface Options extends Numbers {
  readonly kinds: Payload['kind'][]
  /** undefined: each door's own. */
  readonly bodies: number[] | undefined
  readonly slow: number
  readonly rate: number
  readonly peers: PeerName[]
  readonly with: string[]
  readonly curve: Curve
  readonly built: boolean
  readonly against: string | undefined
  readonly json: boolean
}

interface Asked {
  readonly names: (keyof typeof scenes)[]
  readonly options: Options
}

function readArguments(): Asked {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...(Object.fromEntries(Object.keys(numbers).map((name) => [name, text])) as Record<keyof Numbers, typeof text>),
      kind: text,
      body: text,
      slow: text,
      rate: text,
      peers: text,
      with: { type: 'string', multiple: true },
      curve: text,
      against: text,
      built: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    process.exit(0)
  }
  const counts = { ...numbers }
  for (const name of Object.keys(numbers) as (keyof Numbers)[]) {
    const given = values[name]
    if (given === undefined) continue
    if (!/^\d{1,9}$/.test(given)) throw new Error(`--${name} ${given} is not a whole number\n${usage}`)
    counts[name] = Number(given)
  }
  if (counts.rounds < 1 || counts.seconds < 1 || counts.connections < 1)
    throw new Error(`--rounds, --seconds and --connections are at least 1\n${usage}`)
  const listed = <T extends string>(flag: string, given: string, known: readonly T[]) =>
    given
      .split(',')
      .filter(Boolean)
      .map((name) => oneOf(flag, name, known))
  const peers = listed('--peers ', values.peers ?? (hasEnvoy() ? 'nginx,haproxy,envoy' : 'nginx,haproxy'), peerNames)
  if (peers.includes('envoy')) installEnvoy()
  const slow = values.slow === undefined ? 0 : bytesOf('--slow', values.slow)
  return {
    names: (slow > 0 ? ['egress'] : positionals.length > 0 ? positionals : Object.keys(scenes)).map((name) =>
      oneOf('', name, ['egress', 'ingress'] as const),
    ),
    options: {
      ...counts,
      kinds: listed('--kind ', values.kind ?? payloadKinds.join(','), payloadKinds),
      bodies: values.body?.split(',').map((given) => bytesOf('--body', given)),
      slow,
      rate: bytesOf('--rate', values.rate ?? '200MB'),
      peers,
      with: values.with ?? [],
      curve: oneOf('--curve ', values.curve ?? 'x25519', ['x25519', 'x25519mlkem768'] as const),
      built: values.built ?? false,
      against: values.against === undefined ? undefined : resolve(values.against),
      json: values.json ?? false,
    },
  }
}

function bytesOf(flag: string, given: string): number {
  const match = /^([1-9]\d{0,11})(|KB|MB|GB)$/.exec(given)
  if (!match) throw new Error(`${flag} ${given} is not a number of bytes, or of KB, MB or GB\n${usage}`)
  return Number(match[1]) * { '': 1, KB: 1e3, MB: 1e6, GB: 1e9 }[match[2] as '' | 'KB' | 'MB' | 'GB']
}

function oneOf<T extends string>(flag: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given)
  if (found === undefined) throw new Error(`${flag}${given} is none of ${known.join(', ')}\n${usage}`)
  return found
}

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Target } from './door.ts'
import { accepts, freePort, start, until } from './process.ts'

export interface Load {
  readonly connections: number
  /** Bytes of each request's body. */
  readonly upload: number
  readonly seconds: number
}

export interface LoadResult {
  readonly requests: number
  readonly errors: number
  /** One of them, where the generator knows. */
  readonly error?: string
  readonly seconds: number
  readonly p50Us: number
  readonly p99Us: number
  /** Version, cipher suite and key agreement, where TLS was spoken. */
  readonly tls?: string
}

/** Rejects when a request failed: a door that refuses quickly must not look fast. */
export type Generate = (target: Target, load: Load, moments?: Moments) => Promise<LoadResult>

/** For loads that take a while to begin and to end. */
export interface Moments {
  /** From here on it counts. */
  readonly began?: () => void
  /** It has counted, and what it opened is still open. */
  readonly counted?: () => void
}

const source = join(import.meta.dirname, 'load')
const program = join(import.meta.dirname, '../.cache/bench/load')

/** Builds the generator in Go at its first use; undefined where there is no Go. */
export function goGenerator(): GoGenerator | undefined {
  const files = readdirSync(source).map((file) => join(source, file))
  const isFresh = existsSync(program) && files.every((file) => statSync(file).mtimeMs <= statSync(program).mtimeMs)
  if (!isFresh) {
    mkdirSync(join(program, '..'), { recursive: true })
    const { error, status, stderr } = spawnSync('go', ['build', '-trimpath', '-o', program, '.'], {
      cwd: source,
      encoding: 'utf8',
      env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' },
    })
    if (error) return undefined
    if (status !== 0) throw new Error(`go build in ${source}: ${stderr.trim()}`)
  }
  return {
    run: (target, load) => runGo(target, load),
    handshakes: (target, load, curve) => runGo(target, load, ['-new-connections', '-curve', curve]),
    count: (target, load, requests, every, onProgress) =>
      runGo(target, load, ['-requests', String(requests), '-progress', String(every)], onProgress),
    events: (target, load, moments) => runGo(target, load, ['-events'], moments?.began, moments?.counted),
    readSlowly: (target, { bytesPerSecond, pauseSeconds }, onProgress) => {
      const more = ['-slow', String(bytesPerSecond), '-pause', `${pauseSeconds}s`]
      return runGo(target, { connections: 1, seconds: 0, upload: 0 }, more, onProgress)
    },
    serve: async ({ cert, key, authorization, body }) => {
      const port = await freePort()
      const args = ['-serve', '-address', `127.0.0.1:${port}`, '-cert', cert, '-key', key, '-body', body]
      const started = start(program, [...args, '-authorization', authorization, '-interval', `${eventIntervalMs}ms`], {
        // It says of each client that leaves inside a stream that it left.
        stdio: ['ignore', 'ignore', 'ignore'],
      })
      await until(started, () => accepts(port))
      return port
    },
  }
}

/** Between two events of a stream. */
export const eventIntervalMs = 10

export interface GoGenerator {
  readonly run: Generate
  /** A new connection for each request. */
  readonly handshakes: (target: Target, load: Load, curve: Curve) => Promise<LoadResult>
  /** So many requests; `onProgress` is called after every `every` of them. */
  readonly count: (
    target: Target,
    load: Load,
    requests: number,
    every: number,
    onProgress: (done: number) => void,
  ) => Promise<LoadResult>
  /** An event stream on each connection; a request of the result is an event, its latency the way from the upstream. */
  readonly events: Generate
  /** One request; `onProgress` is told how many bytes of its answer have been read. */
  readonly readSlowly: (
    target: Target,
    rate: { readonly bytesPerSecond: number; readonly pauseSeconds: number },
    onProgress: (done: number) => void,
  ) => Promise<LoadResult>
  /** Starts the upstream that sends event streams and long bodies; resolves to its port. */
  readonly serve: (upstream: {
    readonly cert: string
    readonly key: string
    readonly authorization: string
    readonly body: string
  }) => Promise<number>
}

export type Curve = 'x25519' | 'x25519mlkem768'

async function runGo(
  target: Target,
  load: Load,
  more: readonly string[] = [],
  onProgress?: (done: number) => void,
  onResult?: () => void,
): Promise<LoadResult> {
  const args = ['-address', `127.0.0.1:${target.port}`, '-host', target.host, '-path', target.path]
  args.push('-connections', String(load.connections), '-seconds', String(load.seconds), '-upload', String(load.upload))
  for (const header of target.headers) args.push('-header', header)
  if (target.tls) args.push('-ca', target.tls.ca)
  if (target.tls?.cert && target.tls.key) args.push('-cert', target.tls.cert, '-key', target.tls.key)
  return collect(program, [...args, ...more], onProgress, onResult)
}

/** wrk costs less per request than the generator in Go, and knows no client certificates. */
export function wrkGenerator(directory: string): Generate {
  return (target, { connections, seconds, upload }) => {
    const script = join(directory, 'wrk.lua')
    writeFileSync(
      script,
      `${upload > 0 ? `wrk.method = "POST"\nwrk.body = string.rep("u", ${upload})\n` : ''}done = function(summary, latency)
  local e = summary.errors
  io.stderr:write(string.format('{"requests":%d,"errors":%d,"seconds":%f,"p50Us":%d,"p99Us":%d}\\n',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99)))
end
`,
    )
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script]
    for (const header of target.headers) args.push('-H', header)
    return collect('wrk', [...args, `http://127.0.0.1:${target.port}${target.path}`])
  }
}

/** The last line that says how many requests there were. */
async function collect(
  command: string,
  args: readonly string[],
  onProgress?: (done: number) => void,
  onResult?: () => void,
): Promise<LoadResult> {
  // wrk writes its own report on standard output.
  const isWrk = command === 'wrk'
  const started = start(command, args, {
    stdio: ['ignore', isWrk ? 'ignore' : 'pipe', isWrk ? 'pipe' : 'inherit'],
  })
  const output = isWrk ? started.child.stderr : started.child.stdout
  if (!output) throw new Error(`${command} gave no output`)
  let result: LoadResult | undefined
  for await (const line of createInterface({ input: output })) {
    const said = JSON.parse(line) as LoadResult & { done?: number }
    if (said.done === undefined) {
      result = said
      onResult?.()
    } else onProgress?.(said.done)
  }
  await started.stop()
  if (!result || result.requests === 0 || result.errors > 0)
    throw new Error(
      `${result?.errors ?? 'all'} of the requests failed${result?.error === undefined ? '' : `: ${result.error}`}`,
    )
  return result
}

/** The processor as the kernel names it. */
export function processorName(): string {
  return /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? process.arch
}

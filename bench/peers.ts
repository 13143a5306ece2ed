import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, RunningDoor, Target } from './door.ts'
import { accepts, family, type Started, start, until } from './process.ts'

export const peerNames = ['nginx', 'nginx-log', 'haproxy'] as const
export type PeerName = (typeof peerNames)[number]

/** Makes the peers that are installed; `absent` says of each other one what is missing from the comparison. */
export function choosePeers(
  names: readonly PeerName[],
  make: Readonly<Record<PeerName, (version: string) => Contender>>,
): { contenders: readonly Contender[]; absent: readonly string[] } {
  const contenders: Contender[] = []
  const absent: string[] = []
  for (const name of names) {
    const version = versionOf(name === 'haproxy' ? 'haproxy' : 'nginx')
    if (version !== undefined) contenders.push(make[name](version))
    else absent.push(`${name} is not installed: nothing was compared with it (apt-get install nginx-light haproxy)`)
  }
  return { contenders, absent }
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

/** A peer that has just begun to listen. */
export function runningPeer(started: Started, target: Target): RunningDoor {
  return {
    target,
    startMs: performance.now() - started.startedAt,
    // Asked anew each time: nginx listens before its worker is there.
    pids: () => family(started.pid),
    stop: started.stop,
  }
}

/** `return 200` with a body of so many bytes; a literal of nginx's can only have 4,096. */
export function answerOfBytes(bytes: number): string {
  const block = 65_536
  return `set $kib "${'b'.repeat(1024)}";
    set $block "${'$kib'.repeat(64)}";
    return 200 "${'$block'.repeat(Math.floor(bytes / block))}${'$kib'.repeat(Math.floor((bytes % block) / 1024))}${'b'.repeat(bytes % 1024)}";`
}

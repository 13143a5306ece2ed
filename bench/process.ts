import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'

export interface Started {
  readonly pid: number
  readonly child: ChildProcess
  /** `performance.now()` of the moment before it was started. */
  readonly startedAt: number
  /** Sends SIGTERM, and SIGKILL where that does not help; resolves when it is gone. */
  stop(): Promise<void>
}

export interface Memory {
  readonly residentMiB: number
  /** Without the pages of files, which other processes may share. */
  readonly anonymousMiB: number
}

const running = new Set<Started>()
const stopTimeoutMs = 15_000

/** Starts a program that `stopAll` ends if nobody else has. What it says on standard error is in the error of `until`. */
export function start(program: string, args: readonly string[], options: SpawnOptions = {}): Started {
  const startedAt = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const started: Started = {
    pid: child.pid ?? -1,
    child,
    startedAt,
    async stop() {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
        child.kill('SIGTERM')
        const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
        await gone
        clearTimeout(killer)
      }
      running.delete(started)
    },
  }
  running.add(started)
  return started
}

/** The last started first: doors before what stands behind them. */
export async function stopAll(): Promise<void> {
  for (const started of [...running].reverse()) await started.stop()
}

/** A process and its descendants: nginx's workers are its master's children. */
export function family(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const parent = statFields(Number(entry))?.[1]
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(entry)])
  }
  const all = [pid]
  for (const member of all) all.push(...(children.get(member) ?? []))
  return all
}

/** User and system time of the processes up to now, in seconds. The kernel counts in hundredths. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    const fields = statFields(pid)
    if (!fields) throw new Error(`process ${pid} is gone`)
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / 100
}

/** User and system time of all processes that this one has started and that have ended, with theirs, in seconds. */
export function endedChildrenCpuSeconds(): number {
  const fields = statFields(process.pid) ?? []
  return (Number(fields[13]) + Number(fields[14])) / 100
}

/** Summed over the processes: pages that two of them share count twice. */
export function memory(pids: readonly number[]): Memory {
  let resident = 0
  let anonymous = 0
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    resident += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
    anonymous += Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1])
  }
  return { residentMiB: resident / 1024, anonymousMiB: anonymous / 1024 }
}

/** The fields of /proc/PID/stat behind the name, which may hold anything: state is 0, parent 1, utime 11, stime 12, of ended children 13, 14. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It ended since the folder was read.
    return undefined
  }
}

/** Asks every millisecond until the answer is yes. Throws when `started` ends before, or after `limitMs`. */
export async function until(started: Started, isSo: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const deadline = performance.now() + limitMs
  const name = started.child.spawnfile
  while (!(await isSo())) {
    if (started.child.exitCode !== null || started.child.signalCode !== null || started.pid < 0)
      throw new Error(`${name} ended at its start`)
    if (performance.now() > deadline) throw new Error(`${name} was not ready in ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** For programs that cannot choose one and say which. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port)
        else reject(new Error('no free port'))
      })
    })
  })
}

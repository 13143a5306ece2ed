import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { endedChildrenCpuSeconds, family, start } from '../process.ts'

/** What one run of a program took. */
export interface Run {
  readonly wallMs: number
  /** User and system, of the program and of all that it started and waited for. Counted in hundredths of a second. */
  readonly cpuMs: number
  /** The most that its processes held at one moment: looked at every few milliseconds. */
  readonly peakMiB: number
  /** undefined: it took longer than it was allowed to, and was ended. */
  readonly status: number | undefined
}

export interface RunOptions {
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** Files for what it says. */
  readonly output: string
  readonly errors: string
  readonly limitMs: number
}

const lookMs = 20
/** At its beginning, so that what ends soon is seen too. */
const firstLookMs = 2
const firstLooks = 50
/** Finding a program's processes means reading all of /proc: done at each so-manyth look. */
const looksForFamily = 8

/** Runs a program to its end. Nothing else that this process has started may end meanwhile. */
export async function runOnce([program = '', ...args]: readonly string[], options: RunOptions): Promise<Run> {
  const output = openSync(options.output, 'w')
  const errors = openSync(options.errors, 'w')
  const cpuBefore = endedChildrenCpuSeconds()
  const started = start(program, args, {
    cwd: options.directory,
    env: options.environment,
    stdio: ['ignore', output, errors],
  })
  closeSync(output)
  closeSync(errors)
  const memory = watchMemory(started.pid)
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    endFamily(started.pid)
  }, options.limitMs)
  const status = await new Promise<number>((resolve, reject) => {
    started.child.once('error', reject)
    started.child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  const wallMs = performance.now() - started.startedAt
  clearTimeout(timer)
  const cpuMs = (endedChildrenCpuSeconds() - cpuBefore) * 1000
  await started.stop()
  return { wallMs, cpuMs, peakMiB: memory.end(), status: isOver ? undefined : status }
}

function endFamily(pid: number): void {
  for (const member of family(pid).reverse()) {
    try {
      process.kill(member, 'SIGKILL')
    } catch {
      // It ended since.
    }
  }
}

function watchMemory(pid: number): { end(): number } {
  let pids = [pid]
  let most = 0
  let looks = 0
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    if (looks++ % looksForFamily === 0) pids = family(pid)
    most = Math.max(most, residentMiB(pids))
    timer = setTimeout(look, looks < firstLooks ? firstLookMs : lookMs)
  }
  look()
  return {
    end() {
      clearTimeout(timer)
      return most
    },
  }
}

/** What the processes hold together now, or the most that one of them ever held where that is more. */
function residentMiB(pids: readonly number[]): number {
  let together = 0
  let highest = 0
  for (const pid of pids) {
    const status = statusOf(pid)
    together += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    highest = Math.max(highest, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0))
  }
  return Math.max(together, highest) / 1024
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // It ended since.
    return ''
  }
}

/**
 * What a command begins with so that it reaches no network, not even this machine's own: a scanner that asks an issuer
 * or its maker something would be measured with the answer's time, and would send what it found. Empty where the system
 * does not allow it.
 */
export function withoutNetwork(): readonly string[] {
  const isRoot = process.getuid?.() === 0
  const command = ['unshare', isRoot ? '--net' : '--map-root-user', ...(isRoot ? [] : ['--net'])]
  return spawnSync('unshare', [...command.slice(1), 'true']).status === 0 ? command : []
}

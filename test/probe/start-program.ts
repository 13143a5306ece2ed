import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface Started {
  readonly port: number
  stop(): Promise<void>
}

const startTimeoutMs = 20_000
const stopTimeoutMs = 5_000

/** A free port of the loopback address. Somebody else could take it; a test would then fail and not pass. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Starts a server and waits until it accepts connections. A program that is missing or ends is an error. */
export async function startProgram(
  port: number,
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Started> {
  const child = spawn(command, args, {
    cwd,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin:/usr/sbin',
      HOME: cwd,
      LANG: 'C.UTF-8',
      APP_ENV: 'production',
      RACK_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk).slice(-8_192)
    })
  }
  let problem = ''
  child.once('error', (error) => {
    problem = error.message
  })
  const deadlineMs = Date.now() + startTimeoutMs
  while (!(await accepts(port))) {
    if (problem !== '' || child.exitCode !== null || Date.now() > deadlineMs) {
      await stop(child)
      throw new Error(`${command} ${args.join(' ')} did not start: ${problem}\n${output}`)
    }
    await wait(25)
  }
  return { port, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(killer)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

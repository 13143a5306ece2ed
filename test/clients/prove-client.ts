import { spawn } from 'node:child_process'
import { expect } from 'vitest'
import type { Seen } from '../support/upstream.ts'
import type { Client } from './client.ts'
import type { ClientDoor } from './open-door.ts'

type Environment = Readonly<Record<string, string>>

export interface Ways {
  /** Variables by which the ecosystem loads what we give it. */
  readonly preload: readonly string[]
  /** Variables with base URLs. */
  readonly baseUrls: readonly string[]
  readonly command: readonly string[]
  readonly directory: string
}

/**
 * Holds a row to the truth: by its means the key arrives, once and real; without it nothing arrives. Whatever needs no
 * preload must go on working with it.
 */
export async function proveClient(door: ClientDoor, client: Client, ways: Ways): Promise<void> {
  const { preload, baseUrls } = ways
  const given = door.environment
  const withoutUrls = without(given, baseUrls)
  const bare = without(withoutUrls, preload)
  const arrives = (environment: Environment) => expectKey(door, ways, environment)
  const fails = (environment: Environment) => expectNothing(door, ways, environment)
  switch (client.means) {
    case 'as it is':
      await arrives(bare)
      if (preload.length > 0) await arrives(withoutUrls)
      return
    case 'preload':
      await fails(bare)
      await arrives(withoutUrls)
      return
    case 'base URL':
      await fails(withoutUrls)
      await arrives(given)
      return
    case 'not':
      await fails(withoutUrls)
  }
}

async function expectKey(door: ClientDoor, ways: Ways, environment: Environment): Promise<void> {
  const { seen } = door.upstream
  const before = seen.length
  const { code, output } = await runProgram(ways.command, ways.directory, environment)
  const arrived = seen.slice(before)
  expect([code, arrived.length], output).toEqual([0, 1])
  const [request] = arrived
  expect(Object.values(door.secrets).some((secret) => request && shows(request, secret))).toBe(true)
  expect(Object.keys(door.secrets).some((name) => request && shows(request, environment[name] ?? ''))).toBe(false)
}

async function expectNothing(door: ClientDoor, ways: Ways, environment: Environment): Promise<void> {
  const before = door.upstream.seen.length
  const { code, output } = await runProgram(ways.command, ways.directory, environment)
  expect([code === 0, door.upstream.seen.length - before], output).toEqual([false, 0])
}

/** Whether a request carries `key`, in Basic credentials too. */
function shows({ url, fields, body }: Seen, key: string): boolean {
  const plain = fields.map((field) => Buffer.from(/^Basic (.*)/.exec(field)?.[1] ?? '', 'base64').toString())
  return [url, body, ...fields, ...plain].some((text) => text.includes(key))
}

export function without(environment: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)))
}

/** Runs a program to its end, or for 20 s. */
export function runProgram(
  [program = '', ...args]: readonly string[],
  directory: string,
  environment: Environment,
): Promise<{ code: number | string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    let output = ''
    const add = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', output }))
  })
}

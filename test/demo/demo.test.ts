import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkoutWithout, type Removal } from '../support/checkout-without.ts'
import { checkout, temporaryFolder, until } from '../support/sallyport.ts'

const timeoutMs = 180_000
const keyShape = /sk_(?:live|test)_[0-9A-Za-z]{24}/

interface Outcome {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
  /** What is left in its temporary folder, and of its processes. */
  readonly left: readonly string[]
}

interface Line {
  readonly id: string
  readonly bare: string | number | null
  readonly run: string | number | null
  readonly of?: readonly (number | null)[]
  readonly standing: string
}

describe('the demo on the Sinatra service', () => {
  it(
    'holds every claim, shows what is open, and leaves nothing behind',
    async () => {
      const { code, stdout, stderr, left } = await demo(['--format', 'json'])
      expect(stderr).not.toMatch(keyShape)
      expect({ code, left }).toEqual({ code: 0, left: [] })
      const { lines, claims, scan, key } = JSON.parse(stdout)
      expect(claims).toEqual({ held: 19, failed: [] })
      expect(key).toBe('sk_live_…(99 characters)')
      expect(stdout).not.toMatch(keyShape)
      expect(scan.findings).toContainEqual(expect.objectContaining({ rule: 'key-in-log', file: 'app.rb', line: 30 }))
      const line = linesById(lines)
      expect(line.environment).toMatchObject({ bare: 1, run: 0, of: [1, 2] })
      expect(line['app-memory']).toMatchObject({ bare: expect.any(Number), run: 0 })
      expect(line['gateway-memory']).toMatchObject({ bare: null, run: 0 })
      expect(line.log?.bare).toBeGreaterThan(20)
      expect(line.log?.run).toBe(0)
      expect(line['error-page']).toMatchObject({ bare: 'the key', run: 'a phantom' })
      expect(line.leak).toMatchObject({ bare: 200, run: 401 })
      expect(line['mutual-tls']).toMatchObject({ bare: 'not enforced', run: 'enforced' })
      expect(line.calls).toMatchObject({ bare: 1_000, run: 1_000 })
      expect(line.tests).toMatchObject({ bare: 7, run: 7 })
      for (const id of ['insides', 'phantom', 'phantom-at-door', 'own-port']) expect(line[id]?.standing).toBe('open')
    },
    timeoutMs,
  )

  it(
    'stops what it started and removes its folder when it is interrupted',
    async () => {
      const running = start([])
      await until(
        () => running.said().includes('the service as it is') && running.left().length > 2,
        60_000,
        () => running.said(),
      )
      running.child.kill('SIGINT')
      const { code, stdout, left } = await running.ended
      expect({ code, stdout, left }).toEqual({ code: 130, stdout: '', left: [] })
    },
    timeoutMs,
  )
})

describe('the demo on the Node service', () => {
  it(
    'says that it is another, and holds every claim',
    async () => {
      const { code, stdout, stderr, left } = await demo(['--app', 'node'])
      expect({ code, left }).toEqual({ code: 0, left: [] })
      expect(stderr).toContain('with the Node sample')
      expect(stdout).toMatch(/\n18 of 18 claims held, in \d+ s\n/)
      expect(stdout).toMatch(/\n! scan follows keys in this language +not yet +–\n/)
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
      expect(stdout + stderr).not.toMatch(keyShape)
    },
    timeoutMs,
  )
})

describe('without root', () => {
  it(
    'holds every claim that it may measure, and says that the app runs as the gateway does',
    async () => {
      const { code, stdout, left } = await demo(['--app', 'node', '--format', 'json'], { uid: 65_534 })
      expect({ code, left }).toEqual({ code: 0, left: [] })
      const line = linesById(JSON.parse(stdout).lines)
      expect(line['gateway-memory']).toMatchObject({ run: 'unreadable', standing: 'held' })
      expect(line['gateway-closed']).toMatchObject({ bare: 'yes', run: 'no', standing: 'held' })
      expect(line.user?.standing).toBe('open')
    },
    timeoutMs,
  )
})

describe('a claim that does not hold fails the demo by its name', () => {
  it(
    'when keys are no longer masked and wiped',
    async () => {
      const root = without(
        { file: 'src/secret/masked.ts', line: 'randomFillSync(pad)', instead: 'pad.fill(0)' },
        { file: 'src/secret/masked.ts', line: 'bytes.fill(0, start, end)', instead: 'return void [bytes, start, end]' },
      )
      const { code, stdout, stderr, left } = await demo(['--app', 'node', '--format', 'json'], { root })
      expect({ code, left }).toEqual({ code: 1, left: [] })
      expect(JSON.parse(stdout).claims.failed).toContain('gateway-memory')
      expect(stderr).toMatch(/not held: .*gateway-memory.* \[DEMO_CLAIM_FAILED\]\n$/)
    },
    timeoutMs,
  )

  it(
    'when the app finds its key where its phantom should be',
    async () => {
      const root = without(
        { file: 'src/run/app-environment.ts', line: 'result[variable] = phantom', instead: 'void [variable, phantom]' },
        { file: 'src/run/launch.ts', line: '|| removed.has(name)', instead: '' },
        { file: 'src/run/launch.ts', line: 'withMarks(value, byKey)', instead: '(void [withMarks, removed], value)' },
        {
          file: 'src/run/run-gateway.ts',
          line: 'withoutKeys(handover.environment, gateway.keys),',
          instead: '(void withoutKeys, handover.environment),',
        },
      )
      const { code, stdout, stderr, left } = await demo(['--app', 'node'], { root })
      expect({ code, left }).toEqual({ code: 1, left: [] })
      expect(stdout).toMatch(/\n✗ processes with it in \/proc\/PID\/environ +1 of 1 +1 of 2\n/)
      // Not the log: what the app prints passes the gateway, which takes the key out.
      for (const id of ['environment', 'app-memory', 'error-page', 'leak'])
        expect(stderr).toMatch(new RegExp(`not held: .*\\b${id}\\b`))
      expect(stdout + stderr).not.toMatch(keyShape)
    },
    timeoutMs,
  )
})

describe('without Ruby', () => {
  it(
    'says what to run, and that there is another sample',
    async () => {
      const bin = join(temporaryFolder(), 'bin')
      mkdirSync(bin)
      for (const tool of ['sh', 'uname', 'cmp', 'sed', 'id', 'dirname', 'cat', 'readlink'])
        symlinkSync(join('/usr/bin', tool), join(bin, tool))
      // Debian, with nothing installed.
      for (const tool of ['apt-get', 'dpkg-query'])
        writeFileSync(join(bin, tool), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
      for (const folder of [join(bin, '..'), bin]) chmodSync(folder, 0o755)
      const { code, stdout, stderr, left } = await demo([], { path: bin, uid: 65_534 })
      expect({ code, stdout, left }).toEqual({ code: 2, stdout: '', left: [] })
      expect(stderr).toContain(`sudo sh '${join(checkout, 'scripts')}/servers.sh' demo\n`)
      expect(stderr).toContain('./sallyport demo --app node [COMPONENT_MISSING]\n')
    },
    timeoutMs,
  )
})

function without(...removals: readonly Removal[]): string {
  const root = checkoutWithout(...removals)
  cpSync(join(checkout, 'examples'), join(root, 'examples'), { recursive: true })
  return root
}

interface Options {
  readonly root?: string
  readonly path?: string
  readonly uid?: number
}

function demo(args: readonly string[], options?: Options): Promise<Outcome> {
  return start(args, options).ended
}

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Outcome>
  said(): string
  left(): readonly string[]
}

/** The real command, with a temporary folder of its own. */
function start(
  args: readonly string[],
  { root = checkout, path = process.env.PATH ?? '', uid }: Options = {},
): Started {
  const folder = temporaryFolder()
  // The sample's user passes through it.
  chmodSync(folder, 0o777)
  const child = spawn(join(root, 'sallyport'), ['demo', ...args], {
    env: { PATH: path, HOME: folder, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs - 10_000,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const left = () => [...readdirSync(folder), ...processesIn(folder)]
  return {
    child,
    ended: once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, stdout, stderr, left: left() })),
    said: () => stderr,
    left,
  }
}

/** Processes that stand in `folder`: everything that the demo starts does, but its own short-lived commands. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) ? [readFileSync(`/proc/${pid}/comm`, 'utf8')] : []
    } catch {
      return []
    }
  })
}

function linesById(lines: readonly Line[]): Partial<Record<string, Line>> {
  return Object.fromEntries(lines.map((line) => [line.id, line]))
}

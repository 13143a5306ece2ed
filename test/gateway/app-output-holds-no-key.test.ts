import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { limits } from '../../src/limits.ts'
import { spellings } from '../../src/secret/spellings.ts'
import { checkoutWithout } from '../support/checkout-without.ts'
import { checkout, runSallyport, temporaryFolder, until } from '../support/sallyport.ts'
import { scanMemory } from '../support/scan-memory.ts'

const random = randomText()

/** A folder with a key in a file, which no app should have: how it came there is not what is tested. */
function setUp(root = checkout) {
  const key = stripeSecretKey.example(random)
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'key'), key)
  const sallyport = join(root, 'sallyport')
  const environment = { PATH: process.env.PATH ?? '', HOME: folder, STRIPE_API_KEY: key }
  return { key, folder, sallyport, options: { cwd: folder, env: environment } }
}

/** Runs `script` in a shell under the gateway and gives all that came out. */
function runShell(script: string, root = checkout) {
  const { key, sallyport, options, folder } = setUp(root)
  const result = spawnSync(sallyport, ['run', '--', 'sh', '-c', script], {
    ...options,
    timeout: 20_000,
    maxBuffer: 1e9,
  })
  return { ...result, key, folder, all: Buffer.concat([result.stdout, result.stderr]) }
}

const writeSpellings = `
import { readFileSync, writeSync } from 'node:fs'
for (const line of readFileSync('spellings', 'latin1').split('\\n')) {
  const bytes = Buffer.from(line, 'base64')
  for (const descriptor of [1, 2]) {
    for (let at = 0; at < bytes.length; at += 5) writeSync(descriptor, bytes.subarray(at, at + 5))
    writeSync(descriptor, '|')
  }
}`

describe('what the app prints', () => {
  function printed(root: string) {
    const { key, folder, sallyport, options } = setUp(root)
    const all = spellings(Buffer.from(key))
    writeFileSync(join(folder, 'spellings'), all.map(({ bytes }) => bytes.toString('base64')).join('\n'))
    writeFileSync(join(folder, 'app.mjs'), writeSpellings)
    const { stdout, stderr } = spawnSync(sallyport, ['run', '--', process.execPath, 'app.mjs'], options)
    const found = (output: Buffer) => all.filter(({ bytes }) => output.includes(bytes)).map(({ name }) => name)
    return { all, stdout, found: { stdout: found(stdout), stderr: found(stderr) } }
  }

  it('holds no key in any spelling, on standard output and error, and everything else', () => {
    const { found, stdout, all } = printed(checkout)
    expect(found).toEqual({ stdout: [], stderr: [] })
    expect(stdout.filter((byte) => byte === 0x7c)).toHaveLength(all.length)
  })

  it('would hold it in all of them', () => {
    const { found, all } = printed(
      checkoutWithout({
        file: 'src/run/run-gateway.ts',
        line: 'createMatcher(secretsOf(gateway.keys))',
        instead: 'createMatcher([])',
      }),
    )
    expect(found).toEqual({ stdout: all.map(({ name }) => name), stderr: all.map(({ name }) => name) })
  })

  it('has the phantom where the key was', () => {
    expect(runShell('cat key; echo; echo "$STRIPE_API_KEY"').stdout.toString()).toMatch(/^(sk_live_PHANTOM\w+)\n\1\n$/)
  })

  it('shows of a key whose beginning had been let go only that', () => {
    const half = 20
    const { stdout, key } = runShell(`head -c ${half} key; sleep 0.5; tail -c +${half + 1} key; echo ' more'`)
    expect(stdout.toString().startsWith(key.slice(0, half))).toBe(true)
    expect(stdout.toString()).toHaveLength(key.length + ' more\n'.length)
    expect(stdout.toString()).not.toContain(key.slice(half))
    expect(stdout.toString()).toMatch(/ more\n$/)
  })

  it('comes in its order where both go to one place', () => {
    for (let round = 0; round < 5; round++) {
      const { sallyport, options } = setUp()
      const script = 'i=0; while [ $i -lt 200 ]; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); done'
      const { stdout } = spawnSync('sh', ['-c', `exec "$0" run -- sh -c '${script}' 2>&1`, sallyport], options)
      const lines = stdout
        .toString()
        .split('\n')
        .filter((line) => /^(?:out|err) /.test(line))
      expect(lines).toEqual(Array.from({ length: 200 }, (_, i) => [`out ${i}`, `err ${i}`]).flat())
    }
  })

  it('can be written through /dev/stdout and /dev/stderr', () => {
    const { stdout, stderr } = runShell('echo one > /dev/stdout; echo two > /dev/stderr')
    expect(stdout.toString()).toBe('one\n')
    expect(stderr.toString()).toMatch(/\ntwo\n$/)
  })

  it('goes where ours goes, without us between, when there is no key', () => {
    const folder = temporaryFolder()
    const file = openSync(join(folder, 'out'), 'w')
    const command = ['run', '--', 'sh', '-c', 'stat -L -c %i /proc/self/fd/1']
    const environment = { PATH: process.env.PATH ?? '', HOME: folder }
    for (const [env, isOurs] of [
      [environment, true],
      [{ ...environment, STRIPE_API_KEY: stripeSecretKey.example(random) }, false],
    ] as const) {
      writeFileSync(join(folder, 'out'), '')
      const stdio = ['ignore', openSync(join(folder, 'out'), 'w'), 'ignore'] as const
      spawnSync(join(checkout, 'sallyport'), command, { cwd: folder, env, stdio: [...stdio] })
      closeSync(stdio[1])
      expect(Number(readFileSync(join(folder, 'out'), 'utf8')) === statSync(join(folder, 'out')).ino).toBe(isOurs)
    }
    closeSync(file)
  })
})

it('leaves no copy of a key that the app printed in the gateway', async () => {
  const { key, folder, options } = setUp()
  const running = await runSallyport({
    folder,
    config: 'audit: { file: audit.jsonl }',
    environment: options.env,
    command: ['sh', '-c', 'for i in $(seq 300); do cat key; echo; base64 key; cat key >&2; done; echo done; sleep 600'],
  })
  onTestFinished(() => void running.stop())
  await until(() => running.output().includes('done'), 20_000, running.output)
  expect(running.output()).not.toContain(key)
  const later = Date.now() + 1_000
  await until(
    () => Date.now() >= later,
    2_000,
    () => '',
  )
  expect(scanMemory(running.ready.pid, Buffer.from(key))).toEqual({})
}, 60_000)

describe('much output', () => {
  it('stops the app while nobody reads, takes little memory, and arrives whole', async () => {
    const { sallyport, options, folder } = setUp()
    const size = 200_000_000
    const script = `i=0; while [ $i -lt 2000 ]; do head -c 100000 /dev/zero; i=$((i+1)); echo $i > progress; done`
    const child = spawn(sallyport, ['run', '--', 'sh', '-c', script], {
      ...options,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const progress = () => (existsSync(join(folder, 'progress')) ? readFileSync(join(folder, 'progress'), 'utf8') : '')
    // A child's stream reads a little before anybody listens; then it stands still.
    let seen = ''
    let since = Date.now()
    await until(
      () => {
        if (progress() !== seen) since = Date.now()
        seen = progress()
        return seen !== '' && Date.now() - since > 1_000
      },
      20_000,
      () => `went on to ${seen}`,
    )
    expect(Number(seen)).toBeLessThan(30)
    let length = 0
    child.stdout.on('data', (bytes: Buffer) => {
      length += bytes.length
    })
    let peak = 0
    await until(
      () => {
        peak = Math.max(peak, peakOf(child))
        return child.exitCode !== null && child.stdout.readableEnded
      },
      60_000,
      () => `${length} bytes came`,
    )
    expect([length, child.exitCode]).toEqual([size, 0])
    expect(peak).toBeGreaterThan(20_000)
    expect(peak).toBeLessThan(110_000)
  }, 90_000)

  it('arrives whole through a pipe that somebody made non-blocking', async () => {
    const { sallyport, options, folder } = setUp()
    const fifo = join(folder, 'fifo')
    spawnSync('mkfifo', [fifo])
    const ours = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
    const child = spawn(sallyport, ['run', '--', 'head', '-c', '3000000', '/dev/zero'], {
      ...options,
      stdio: ['ignore', ours, 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const buffer = Buffer.alloc(65_536)
    let length = 0
    await until(
      () => {
        try {
          length += readSync(ours, buffer)
        } catch (error) {
          expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN')
        }
        return length === 3_000_000 && child.exitCode !== null
      },
      20_000,
      () => `${length} bytes came`,
    )
    closeSync(ours)
  })
})

/** Of a process that runs: the most that it had resident, KiB; 0 when it is gone. */
function peakOf({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

describe('the end', () => {
  it('of who reads us is the end of who writes', async () => {
    const { sallyport, options, folder } = setUp()
    spawnSync('bash', ['-c', `"$0" run -- sh -c 'yes; echo $? > status' | head -n 1`, sallyport], {
      ...options,
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    expect(readFileSync(join(folder, 'status'), 'utf8')).toBe('141\n')
  })

  it('is not awaited for ever where a child of the app keeps its output', () => {
    const root = checkoutWithout({
      file: 'src/limits.ts',
      line: 'drainTimeoutMs: 10_000',
      instead: 'drainTimeoutMs: 300',
    })
    const { stdout, status, signal } = runShell('sleep 40 & echo started; exit 5', root)
    expect([stdout.toString(), status, signal]).toEqual(['started\n', 5, null])
  })

  it('brings the last that a child of the app wrote after it', () => {
    expect(limits.drainTimeoutMs).toBeGreaterThan(5_000)
    expect(runShell('(sleep 0.5; echo late) & echo early').stdout.toString()).toBe('early\nlate\n')
  })
})

it('is said not to be searched where the system gives nothing to do it with, and --strict does not start', () => {
  const root = checkoutWithout({
    file: 'src/kernel/kernel.ts',
    line: 'return from < 0 ? undefined : { from, to }',
    instead: 'return undefined',
  })
  const { sallyport, options, key } = setUp(root)
  const run = (...args: string[]) => spawnSync(sallyport, ['run', ...args, '--', 'cat', 'key'], options)
  const without = run()
  expect([without.status, without.stdout.toString()]).toEqual([0, key])
  expect(without.stderr.toString()).toContain('not in force: keys are taken out of what the app prints')
  const strict = run('--strict')
  expect([strict.status, strict.stdout.toString()]).toEqual([2, ''])
})

describe('on a terminal', () => {
  /** `command` in a terminal of util-linux's `script`. */
  function openTerminal(command: string, { options, sallyport }: ReturnType<typeof setUp>) {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      ...options,
      env: { ...options.env, SALLYPORT: sallyport, PS1: 'prompt> ', TERM: 'dumb' },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes
    })
    const sees = (wanted: string | RegExp, times = 1) =>
      until(
        () => text.split(wanted).length > times || child.exitCode !== null,
        15_000,
        () => `did not see ${wanted}:\n${text}`,
      ).then(() => expect(text).toMatch(wanted))
    return { child, sees, type: (keys: string) => void child.stdin.write(keys), text: () => text }
  }

  it('the app has one, our size, and no key comes through', async () => {
    const set = setUp()
    const terminal = openTerminal(
      `stty rows 40 cols 100; "$SALLYPORT" run -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo all; stty size <&1; stty size <&2; cat key; echo; cat key >&2; echo; echo done'`,
      set,
    )
    await terminal.sees('done')
    expect(terminal.text()).toMatch(/\nall\r\n40 100\r\n40 100\r\n(sk_live_PHANTOM\w+)\r\n\1\r\ndone/)
    expect(terminal.text()).not.toContain(set.key)
  })

  it('a new size reaches the app, with a signal', async () => {
    const set = setUp()
    writeFileSync(
      join(set.folder, 'app.mjs'),
      `import { execFileSync } from 'node:child_process'
process.stdout.on('resize', () => console.log('size', process.stdout.rows, process.stdout.columns))
// The gateway sleeps while the app gets the signal of our terminal: it finds the size of its own as it was.
process.kill(process.ppid, 'SIGSTOP')
process.once('SIGWINCH', () => setImmediate(() => process.kill(process.ppid, 'SIGCONT')))
execFileSync('stty', ['rows', '33', 'cols', '77'], { stdio: 'inherit' })
setInterval(() => undefined, 1000)`,
    )
    const terminal = openTerminal(`"$SALLYPORT" run -- ${process.execPath} app.mjs`, set)
    await terminal.sees('size 33 77')
  })

  it('a mode that the app sets on its output is set on what the keys are pressed on, and line ends stay', async () => {
    const terminal = openTerminal(
      `"$SALLYPORT" run -- sh -c 'stty -echo <&1; echo off; until stty -a | grep -q -- "-echo "; do sleep 0.05; done; echo mirrored; stty echo <&1; echo on; until stty -a | grep -q " echo "; do sleep 0.05; done; echo back'`,
      setUp(),
    )
    await terminal.sees('back')
    expect(terminal.text()).toMatch(/off\r\nmirrored\r\non\r\nback\r\n/)
  })

  it('control-C interrupts the app once, and it can go on', async () => {
    const terminal = openTerminal(
      `"$SALLYPORT" run -- bash -c 'trap "echo got-it" INT; echo up; read line; echo "read <$line>"'`,
      setUp(),
    )
    await terminal.sees(/up\r/)
    terminal.type('\x03')
    await terminal.sees('got-it')
    terminal.type('typed\n')
    await terminal.sees('read <typed>')
    expect(terminal.text().split('got-it')).toHaveLength(2)
  })

  it('control-Z stops it and the shell brings it back', async () => {
    const terminal = openTerminal('bash --norc --noprofile -i', setUp())
    await terminal.sees('prompt> ')
    terminal.type(`"$SALLYPORT" run -- sh -c 'echo up; read line; echo "read <$line>"; cat key; exit 6'\n`)
    await terminal.sees(/\nup\r/)
    terminal.type('\x1a')
    await terminal.sees(/Stopped/)
    terminal.type('fg\n')
    terminal.type('typed\n')
    await terminal.sees('read <typed>')
    await terminal.sees(/sk_live_PHANTOM\w+prompt/)
    terminal.type('echo "status $?"; exit\n')
    await terminal.sees('status 6')
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { githubPersonalToken } from '../../src/keys/kinds/github-personal-token.ts'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { checkoutWithout } from '../support/checkout-without.ts'
import { checkout, runSallyport, temporaryFolder, until } from '../support/sallyport.ts'

const random = randomText()

function run(
  args: readonly string[],
  { environment = {}, input }: { environment?: Record<string, string>; input?: string } = {},
) {
  const folder = temporaryFolder()
  const result = spawnSync(join(checkout, 'sallyport'), ['run', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, ...environment },
    encoding: 'utf8',
    timeout: 30_000,
    ...(input === undefined ? {} : { input }),
  })
  return { ...result, folder }
}

describe('without a configuration', () => {
  it('keys of the environment that travel are phantoms in the app, under every name, and inside other values', () => {
    const stripe = stripeSecretKey.example(random)
    const github = githubPersonalToken.example(random)
    const { stdout, status } = run(['--', 'env'], {
      environment: {
        STRIPE_API_KEY: stripe,
        BILLING: stripe,
        GIT_URL: `https://x:${github}@github.com/a/b`,
        GITHUB_TOKEN: github,
        DATABASE_URL: 'postgres://u:p@h/d',
      },
    })
    expect(status).toBe(0)
    expect(stdout).not.toContain(stripe)
    expect(stdout).not.toContain(github)
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? ''
    expect(value('STRIPE_API_KEY')).toMatch(/^sk_live_PHANTOM\w+$/)
    expect(value('STRIPE_API_KEY')).toHaveLength(stripe.length)
    expect(value('BILLING')).toBe(value('STRIPE_API_KEY'))
    expect(value('GIT_URL')).toBe(`https://x:${value('GITHUB_TOKEN')}@github.com/a/b`)
    expect(value('DATABASE_URL')).toBe('postgres://u:p@h/d')
  })

  it('a variable with a key’s name and another shape stays, and is told of without its value', () => {
    const { stdout, stderr } = run(['--', 'env'], { environment: { STRIPE_API_KEY: 'not-a-key-at-all' } })
    expect(stdout).toContain('STRIPE_API_KEY=not-a-key-at-all')
    expect(stderr).toContain('STRIPE_API_KEY has the name of a Stripe secret key')
    expect(stderr).not.toContain('not-a-key-at-all')
  })

  it('a key on the command line is refused, because everybody can read it there', () => {
    const stripe = stripeSecretKey.example(random)
    const { status, stderr, stdout } = run(['--', 'echo', stripe], { environment: { STRIPE_API_KEY: stripe } })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('command holds a key')
    expect(stderr).not.toContain(stripe)
  })
})

describe('the app', () => {
  it('gets our standard input and output, its arguments as they are, and its exit code becomes ours', () => {
    const { stdout, status } = run(['--', 'sh', '-c', 'cat; printf "<%s>" "$@"; exit 7', 'sh', 'a b', '--help', ''], {
      input: 'hello ',
    })
    expect([stdout, status]).toEqual(['hello <a b><--help><>', 7])
  })

  it('that ends by a signal ends us by the same', () => {
    expect(run(['--', 'sh', '-c', 'kill -KILL $$']).signal).toBe('SIGKILL')
  })

  it('gets the signals that we get', async () => {
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'app.sh'),
      'trap "echo got-hup" HUP; trap "echo got-term; exit 3" TERM; echo up; while :; do sleep 0.05; done',
    )
    const running = await runSallyport({ folder, command: ['sh', 'app.sh'], config: 'audit: { file: audit.jsonl }' })
    await until(() => running.output().includes('up'), 5_000, running.output)
    running.process.kill('SIGHUP')
    await until(() => running.output().includes('got-hup'), 5_000, running.output)
    expect(await running.stop()).toBe(3)
    expect(running.output()).toContain('got-term')
  })

  it('that is not there is an error that names it', () => {
    const { status, stderr } = run(['--', 'no-such-program'])
    expect(status).toBe(2)
    expect(stderr).toContain('no-such-program: not found')
  })

  it('dies when the gateway is killed', async () => {
    const folder = temporaryFolder()
    const running = await runSallyport({
      folder,
      command: ['sh', '-c', 'echo $$ > app.pid; exec sleep 600'],
      config: 'audit: { file: audit.jsonl }',
    })
    await until(() => existsSync(join(folder, 'app.pid')), 5_000, running.output)
    const pid = Number(readFileSync(join(folder, 'app.pid'), 'utf8'))
    process.kill(running.ready.pid, 'SIGKILL')
    await running.ended
    await until(
      () => !existsSync(`/proc/${pid}`),
      5_000,
      () => `the app ${pid} outlived the gateway`,
    )
  })

  it('outlives the gateway when nothing ties them', async () => {
    const folder = temporaryFolder()
    const root = checkoutWithout({
      file: 'src/run/start-app.ts',
      line: "'--pdeathsig', 'TERM'",
      instead: "'--no-new-privs'",
    })
    const running = await runSallyport({
      root,
      folder,
      command: ['sh', '-c', 'echo $$ > app.pid; exec sleep 30 >/dev/null 2>&1'],
      config: 'audit: { file: audit.jsonl }',
    })
    await until(() => existsSync(join(folder, 'app.pid')), 5_000, running.output)
    const pid = Number(readFileSync(join(folder, 'app.pid'), 'utf8'))
    process.kill(running.ready.pid, 'SIGKILL')
    await running.ended
    expect(existsSync(`/proc/${pid}`)).toBe(true)
    process.kill(pid, 'SIGKILL')
  })

  it('leaves no folder of ours behind', () => {
    const before = new Set(readdirSync(tmpdir()))
    const { stdout } = run(['--', 'sh', '-c', 'echo "$SSL_CERT_FILE"; grep -c BEGIN "$SSL_CERT_FILE"'], {
      environment: { STRIPE_API_KEY: stripeSecretKey.example(random) },
    })
    const [file = '', certificates] = stdout.trim().split('\n')
    expect(Number(certificates)).toBeGreaterThan(100)
    expect(before.has(file.split('/').at(-2) as string)).toBe(false)
    expect(existsSync(file)).toBe(false)
  })
})

describe('the gateway', () => {
  it('has the process id that was started, and an empty environment', async () => {
    const folder = temporaryFolder()
    const stripe = stripeSecretKey.example(random)
    const running = await runSallyport({
      folder,
      command: ['sleep', '600'],
      environment: { STRIPE_API_KEY: stripe },
      config: 'audit: { file: audit.jsonl }',
    })
    expect(running.ready.pid).toBe(running.process.pid)
    expect(readFileSync(`/proc/${running.ready.pid}/environ`, 'latin1')).toBe('')
    expect(readFileSync(`/proc/${running.ready.pid}/cmdline`, 'latin1')).not.toContain(stripe)
    expect(readFileSync(`/proc/${running.ready.pid}/coredump_filter`, 'latin1').trim()).toBe('00000000')
    expect(readFileSync(`/proc/${running.ready.pid}/limits`, 'latin1')).toMatch(/Max core file size\s+0\s+0/)
    await running.stop()
  })

  it('opens nothing when a key is missing, and says which', () => {
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'sallyport.yaml'),
      'keys:\n  stripe: { kind: stripe-secret-key, from: env:NOT_SET, env: STRIPE_API_KEY }\n',
    )
    const { status, stderr } = spawnSync(
      join(checkout, 'sallyport'),
      ['run', '--ready', 'ready.json', '--', 'touch', 'started'],
      {
        cwd: folder,
        env: { PATH: process.env.PATH ?? '', HOME: folder },
        encoding: 'utf8',
      },
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(/sallyport\.yaml:2:\d+ keys\.stripe.*NOT_SET is not set/)
    expect(readdirSync(folder)).not.toContain('started')
    expect(readdirSync(folder)).not.toContain('ready.json')
  })
})

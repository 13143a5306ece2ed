import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { checkoutWithout } from '../support/checkout-without.ts'
import { checkout, runSallyport, temporaryFolder, until } from '../support/sallyport.ts'

/** What a hostile app of any user tries on its parent; each attempt writes what it got. */
const attack = `
import { openSync, readFileSync, readdirSync, readlinkSync, readSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
const pid = process.ppid
const got = {}
const attempt = async (name, act) => { try { got[name] = await act() } catch (error) { got[name] = error.code ?? error.message } }
await attempt('environ', () => readFileSync('/proc/' + pid + '/environ', 'latin1'))
await attempt('maps', () => readFileSync('/proc/' + pid + '/maps', 'latin1').length > 0 ? 'readable' : 'empty')
await attempt('descriptors', () => readdirSync('/proc/' + pid + '/fd').map((fd) => { try { return readlinkSync('/proc/' + pid + '/fd/' + fd) } catch { return '' } }).length)
await attempt('memory', () => {
  const memory = openSync('/proc/' + pid + '/mem', 'r')
  const bytes = Buffer.alloc(4096)
  for (const line of readFileSync('/proc/' + pid + '/maps', 'latin1').split('\\n')) {
    const match = /^([0-9a-f]+)-[0-9a-f]+ rw/.exec(line)
    if (match && readSync(memory, bytes, 0, 4096, Number.parseInt(match[1], 16)) > 0) return 'readable'
  }
})
await attempt('inspector', async () => {
  process.kill(pid, 'SIGUSR1')
  const tried = () =>
    new Promise((resolve) => connect(9229, '127.0.0.1', () => resolve('open')).on('error', (error) => resolve(error.code)))
  let answer
  for (const deadline = Date.now() + 1_000; answer !== 'open' && Date.now() < deadline; ) answer = await tried()
  return answer
})
await attempt('identity', () => readFileSync(process.env.IDENTITY, 'latin1'))
await attempt('own environment', () => readFileSync('/proc/self/environ', 'latin1'))
writeFileSync(process.env.RESULT, JSON.stringify(got))
setInterval(() => {}, 1000)
`

interface Attack {
  readonly root?: string
  readonly uid: number | undefined
  readonly user?: string
}

async function attackFromInside({ root = checkout, uid, user }: Attack) {
  const folder = temporaryFolder()
  const owner = uid ?? 0
  const result = join(folder, 'result.json')
  const identity = join(folder, 'identity.txt')
  const secret = stripeSecretKey.example(randomText())
  writeFileSync(join(folder, 'app.mjs'), attack)
  writeFileSync(identity, 'the identity of the key store', { mode: 0o600 })
  writeFileSync(result, '', { mode: 0o666 })
  chmodSync(result, 0o666)
  chmodSync(folder, 0o755)
  for (const path of [folder, join(folder, 'app.mjs'), identity]) chownSync(path, owner, owner)
  const running = await runSallyport({
    root,
    folder,
    ...(uid === undefined ? {} : { uid }),
    command: [process.execPath, join(folder, 'app.mjs')],
    environment: { STRIPE_API_KEY: secret, RESULT: result, IDENTITY: identity, NODE_OPTIONS: '' },
    config: `
audit: { file: audit.jsonl }
app: { command: [x]${user === undefined ? '' : `, user: ${user}`} }
`,
  })
  try {
    await until(
      () => existsSync(result) && readFileSync(result, 'utf8') !== '',
      15_000,
      () => `the attack did not finish:\n${running.output()}`,
    )
    return {
      got: JSON.parse(readFileSync(result, 'utf8')) as Record<string, unknown>,
      secret,
      output: running.output(),
    }
  } finally {
    await running.stop()
  }
}

const nobody = 65_534
const denied = /^E(ACCES|PERM)$/

describe('a hostile app', () => {
  it.each([
    ['of the gateway’s own user', { uid: nobody }],
    ['of another user', { uid: undefined, user: 'nobody' }],
    ['as root beside a root gateway', { uid: undefined }],
  ] as const)('%s reads neither memory nor environment, and opens no inspector', async (_name, options) => {
    const { got, secret, output } = await attackFromInside(options)
    expect(got.memory).toMatch(denied)
    expect(got.maps).toMatch(denied)
    expect(got.environ).toMatch(denied)
    expect(got.inspector).not.toBe('open')
    expect(got['own environment']).not.toContain(secret)
    expect(got['own environment']).toContain('PHANTOM')
    expect(output).not.toContain(secret)
  })

  it('of another user reads no file of the key store', async () => {
    const { got } = await attackFromInside({ uid: undefined, user: 'nobody' })
    expect(got.identity).toMatch(denied)
  })

  it('reads the memory when the gateway is left dumpable', async () => {
    const root = checkoutWithout({
      file: 'src/kernel/kernel.ts',
      line: 'prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)',
      instead: 'prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)',
    })
    chmodSync(root, 0o755)
    const { got } = await attackFromInside({ root, uid: nobody })
    expect(got.memory).toBe('readable')
    // And still there is nothing in the environment: that was emptied, not hidden.
    expect(got.environ).toBe('')
  })

  it('as root reads the memory when it keeps its capabilities', async () => {
    const root = checkoutWithout({
      file: 'src/run/start-app.ts',
      line: "'-sys_ptrace,-sys_admin,",
      instead: "'-sys_admin,",
    })
    const { got } = await attackFromInside({ root, uid: undefined })
    expect(got.memory).toBe('readable')
  })

  it('opens the inspector when signals may', async () => {
    const root = checkoutWithout(
      { file: 'src/run/launch.ts', line: "'--disable-sigusr1',", instead: '' },
      { file: 'src/run/start-app.ts', line: "'SIGUSR1',", instead: '' },
    )
    chmodSync(root, 0o755)
    const { got } = await attackFromInside({ root, uid: nobody })
    expect(got.inspector).toBe('open')
  })
})

describe('an app of the gateway’s own user', () => {
  const files = (folder: string) => {
    const identity = join(folder, '.config/sallyport/identity.txt')
    const set = (name: string, value: string) =>
      spawnSync(
        'setpriv',
        [
          '--reuid',
          '65534',
          '--regid',
          '65534',
          '--clear-groups',
          '--',
          join(checkout, 'sallyport'),
          'keys',
          'set',
          name,
        ],
        {
          cwd: folder,
          input: value,
          encoding: 'utf8',
          env: { PATH: process.env.PATH ?? '', HOME: folder },
        },
      )
    return { identity, set }
  }

  it.each([
    ['is told of what the app can read', [], 0],
    ['is refused under --strict', ['--strict'], 2],
  ] as const)('%s', async (_name, args, status) => {
    const folder = temporaryFolder()
    chownSync(folder, nobody, nobody)
    const { identity, set } = files(folder)
    const kept = set('stripe', stripeSecretKey.example(randomText()))
    expect([kept.status, kept.stderr]).toEqual([0, expect.anything()])
    writeFileSync(
      join(folder, 'sallyport.yaml'),
      'keys: { stripe: { kind: stripe-secret-key, from: file:stripe, env: STRIPE_API_KEY } }\n',
    )
    const result = spawnSync(
      'setpriv',
      [
        '--reuid',
        '65534',
        '--regid',
        '65534',
        '--clear-groups',
        '--',
        join(checkout, 'sallyport'),
        'run',
        ...args,
        '--',
        'sh',
        '-c',
        'echo "$STRIPE_API_KEY"',
      ],
      { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: folder } },
    )
    expect(result.stderr).toContain(`can read ${join(folder, '.local/share/sallyport/keys')}, ${identity}`)
    expect(result.status).toBe(status)
    expect(result.stdout).toMatch(status === 0 ? /^sk_live_PHANTOM/ : /^$/)
  })
})

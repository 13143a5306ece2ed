import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slackBotToken } from '../../src/keys/kinds/slack-bot-token.ts'
import { temporaryFolder } from '../support/sallyport.ts'
import { installPythonPackages } from './install-python-packages.ts'
import { ledgerKey } from './ledger-key.ts'
import { type ClientDoor, type DoorKey, openaiKey, openDoor, stripeKey, twilioToken } from './open-door.ts'
import { proveClient, runProgram, without } from './prove-client.ts'
import { type PythonClient, pythonClients } from './python-clients.ts'
import { pythonTraffic } from './python-traffic.ts'
import { Traffic } from './traffic.ts'

const slackToken: DoorKey = {
  variable: 'SLACK_BOT_TOKEN',
  host: 'slack.com',
  yaml: 'kind: slack-bot-token, hosts: [slack.com]',
  example: slackBotToken.example,
}

const { clients } = pythonClients
const folder = temporaryFolder()
const [python, older] = await Promise.all([installPythonPackages(), installPythonPackages('python-older')])
let door: ClientDoor
beforeAll(async () => {
  door = await openDoor([ledgerKey, stripeKey, openaiKey, twilioToken, slackToken])
})
afterAll(() => door?.stop())

function program(name: string, source: string): string {
  const file = join(folder, name)
  writeFileSync(file, source)
  return file
}

describe('Python', () => {
  it.each(clients)('$title: $means', async (client) => {
    await proveClient(door, client, {
      preload: ['PYTHONPATH'],
      baseUrls: ['LEDGER_URL', 'OPENAI_BASE_URL', 'STRIPE_URL'],
      command: [client.older ? older : python, program(`${client.id}-client.py`, client.source)],
      directory: folder,
    })
  })

  it('openai finds the door by its base URL alone', async () => {
    const { OPENAI_API_KEY = '', OPENAI_BASE_URL = '', PATH = '' } = door.environment
    const source = clients.find(({ id }) => id === 'openai')?.source ?? ''
    const before = door.upstream.seen.length
    const ended = await runProgram([python, program('openai-base.py', source)], folder, {
      PATH,
      OPENAI_API_KEY,
      OPENAI_BASE_URL,
    })
    expect(ended).toEqual({ code: 0, output: '' })
    expect(door.upstream.seen.slice(before)).toMatchObject([{ method: 'GET', url: expect.stringMatching(/models$/) }])
    expect(door.upstream.seen.at(-1)?.fields).toContain(`Bearer ${door.secrets.OPENAI_API_KEY}`)
  })

  it.each([
    ['newest', python, (client: PythonClient) => !client.older],
    ['older', older, (client: PythonClient) => client.older === true],
  ] as const)('the versions of the table are those that ran: the %s', (_name, runtime, isOne) => {
    const named = clients.filter(isOne).flatMap((client) => client.package ?? [])
    const script = 'import sys, importlib.metadata as m; [print(m.version(name)) for name in sys.argv[1:]]'
    const versions = execFileSync(runtime, ['-c', script, ...named.map(({ name }) => name)], { encoding: 'utf8' })
    expect(versions.trim().split('\n')).toEqual(named.map(({ version }) => version))
  })
})

describe.each(pythonTraffic)('$title through the door', (programs) => {
  let own: ClientDoor
  const traffic = new Traffic((field) => field === `Bearer ${own.secrets.LEDGER_KEY}`)
  beforeAll(async () => {
    own = await openDoor([ledgerKey], { respond: traffic.respond })
  })
  afterAll(() => own?.stop())

  it.each(['download', 'upload', 'events'] as const)('%s', async (kind) => {
    await traffic.prove(kind, [python, program(`${kind}-${programs.title}.py`, programs[kind])], own)
  })
})

describe('the preload of Python', () => {
  let count = 0
  const run = (source: string, environment: Readonly<Record<string, string>> = door.environment) =>
    runProgram([python, program(`preload-${count++}.py`, source)], folder, environment)
  const bare = () => without(door.environment, ['PYTHONPATH'])
  const isPatched = `
import urllib3
print(urllib3.PoolManager.connection_from_host.__name__ == 'from_host')
`

  /** The app's environment where its user has a sitecustomize too, with and without ours. */
  function beside(source: string) {
    const own = join(folder, `own-${count++}`)
    mkdirSync(own)
    writeFileSync(join(own, 'sitecustomize.py'), source)
    return {
      own,
      both: { ...door.environment, PYTHONPATH: `${door.environment.PYTHONPATH}:${own}` },
      alone: { ...door.environment, PYTHONPATH: own },
    }
  }

  it('imports nothing and leaves no folder in the path', async () => {
    const source = `
import sys
print(sorted(sys.modules.keys() - {'sitecustomize'}), sys.path)
`
    expect(await run(source)).toEqual(await run(source, bare()))
  })

  it('runs the sitecustomize that it hides', async () => {
    const { own, both } = beside('import sys\nsys.mark = 1')
    const ended = await run(`${isPatched}\nimport sys, sitecustomize\nprint(sys.mark, sitecustomize.__file__)`, both)
    expect(ended).toEqual({ code: 0, output: `True\n1 ${own}/sitecustomize.py\n` })
  })

  it.each(['raise ValueError("own")', 'import no_such_module', 'x ='])(
    'lets a sitecustomize fail as it would alone: %s',
    async (source) => {
      const { both, alone } = beside(source)
      const ended = await run('print(1)', both)
      expect(ended.output).toContain('Error in sitecustomize')
      expect(ended).toEqual(await run('print(1)', alone))
      expect((await run(isPatched, both)).output).toMatch(/^True$/m)
    },
  )

  it('patches what was imported before it', async () => {
    // As a .pth file does.
    const source = `
import sys, importlib.util
import urllib3.poolmanager
spec = importlib.util.spec_from_file_location('sitecustomize', ${JSON.stringify('PLACE')})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
${isPatched}`.replace('PLACE', join(door.environment.PYTHONPATH ?? '', 'sitecustomize.py'))
    expect(await run(source, bare())).toEqual({ code: 0, output: 'True\n' })
  })

  it('leaves a patched module’s loader, source and data to whoever asks for them', async () => {
    const source = `
import certifi, inspect, importlib.resources, pkgutil, urllib3.poolmanager
print(type(urllib3.poolmanager.__loader__).__name__, 'exec_module' in vars(urllib3.poolmanager.__loader__))
print(len(inspect.getsource(urllib3.poolmanager)) > 1000, len(pkgutil.get_data('certifi', 'cacert.pem')) > 1000)
print(importlib.resources.files('certifi').joinpath('cacert.pem').is_file())
`
    expect(await run(source)).toEqual({ code: 0, output: 'SourceFileLoader False\nTrue True\nTrue\n' })
  })

  it('raises nothing where a module that it knows is another', async () => {
    mkdirSync(join(folder, 'aiohttp'), { recursive: true })
    for (const name of ['stripe.py', 'certifi.py', 'aiohttp/__init__.py', 'aiohttp/client.py'])
      program(name, 'here = __name__')
    try {
      const source = 'import stripe, certifi, aiohttp.client\nprint(stripe.here, certifi.here, aiohttp.client.here)'
      expect(await run(source)).toEqual({ code: 0, output: 'stripe certifi aiohttp.client\n' })
    } finally {
      for (const name of ['stripe.py', 'certifi.py', 'aiohttp']) rmSync(join(folder, name), { recursive: true })
    }
  })

  it.each(['ledger.test', '.test', 'other,LEDGER.test', '*'])(
    'goes straight to what no_proxy=%s names',
    async (list) => {
      const source = clients.find(({ id }) => id === 'urllib3')?.source ?? ''
      const ended = await run(source, { ...without(door.environment, ['LEDGER_URL']), no_proxy: list, NO_PROXY: list })
      expect(ended).toMatchObject({ code: 1, output: expect.stringContaining('NameResolutionError') })
    },
  )

  it('leaves calls to other hosts as they were', async () => {
    const source = `
import asyncio, aiohttp, httpx, urllib3
from http.client import HTTPSConnection
async def by_aiohttp(url):
    async with aiohttp.ClientSession() as session:
        await session.get(url)
def by_hand(url):
    HTTPSConnection(url.split('/')[2]).request('GET', '/')
calls = [
    lambda url: urllib3.PoolManager(retries=False).request('GET', url),
    lambda url: httpx.Client(trust_env=False).get(url),
    lambda url: asyncio.run(by_aiohttp(url)),
    by_hand,
]
for call in calls:
    for url in ['https://other.test/', 'https://ledger.test:444/', 'https://a.ledger.test/']:
        try:
            call(url)
        except Exception as error:
            print('Name or service not known' in str(error))
`
    expect(await run(source)).toEqual({ code: 0, output: 'True\n'.repeat(12) })
  })
})

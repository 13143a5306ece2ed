import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/sallyport.ts'
import { installJavaPackages } from './install-java-packages.ts'
import { javaClients } from './java-clients.ts'
import { type ClientDoor, openDoor, stripeKey } from './open-door.ts'
import { proveClient, runProgram } from './prove-client.ts'

const { clients } = javaClients
const folder = temporaryFolder()
let door: ClientDoor
let classPath: string

/** Every row, and what prints the system properties. */
const programs = [
  ...clients,
  {
    id: 'properties',
    body: `
    for (var name : new String[] { "javax.net.ssl.trustStore", "http.nonProxyHosts", "mine" })
      System.out.println("property " + System.getProperty(name));
    for (var host : arguments)
      System.out.println("proxy " + ProxySelector.getDefault().select(URI.create("https://" + host + "/")).get(0).type());`,
  },
]

const classOf = (id: string) => `C${id.replaceAll('-', '')}`

beforeAll(async () => {
  classPath = [folder, installJavaPackages()].join(delimiter)
  const files = programs.map(({ id, body }) => {
    const file = join(folder, `${classOf(id)}.java`)
    writeFileSync(
      file,
      `import java.net.*; import java.net.http.*;
public class ${classOf(id)} { public static void main(String[] arguments) throws Exception {${body}
  }
}
`,
    )
    return file
  })
  const { status, error, stderr } = spawnSync('javac', ['-cp', classPath, '-d', folder, ...files], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (status !== 0) throw new Error(`javac failed: ${error?.message ?? stderr}`)
  door = await openDoor([stripeKey])
}, 300_000)
afterAll(() => door?.stop())

const java = (id: string, ...words: string[]) => [
  'java',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  '-cp',
  classPath,
  classOf(id),
  ...words,
]

describe('Java', () => {
  it.each(clients)('$title: $means', async (client) => {
    await proveClient(door, client, {
      preload: [],
      baseUrls: ['STRIPE_URL'],
      command: java(client.id),
      directory: folder,
    })
  })

  it('does not reach the upstream with a key where JAVA_TOOL_OPTIONS is taken away', async () => {
    const { JAVA_TOOL_OPTIONS: _, ...rest } = door.environment
    const before = door.upstream.seen.length
    expect((await runProgram(java('http-client'), folder, rest)).code).toBe(1)
    expect(door.upstream.seen.length).toBe(before)
  })
})

describe('JAVA_TOOL_OPTIONS', () => {
  it('keeps its user’s options, finds the truststore in a folder with quotes and spaces, and goes straight to NO_PROXY', async () => {
    const spaced = join(temporaryFolder(), `it's a "quoted" folder`)
    mkdirSync(spaced)
    const other = await openDoor([stripeKey], {
      environment: {
        TMPDIR: spaced,
        JAVA_TOOL_OPTIONS: '-Dmine=kept',
        NO_PROXY: 'a.test,.b.test,*.c.test,10.1.2.3,fd00::1,[fd00::2],d.test:8443,10.0.0.0/8',
      },
    })
    try {
      const hosts = [
        'a.test',
        'x.a.test',
        'xa.test',
        'b.test',
        'x.b.test',
        'x.c.test',
        '10.1.2.3',
        '[fd00::1]',
        '[fd00::2]',
      ]
      const more = ['d.test:8443', '10.9.9.9', 'localhost', '127.0.0.1', '[::1]', '169.254.169.254', 'api.stripe.com']
      const ended = await runProgram(java('properties', ...hosts, ...more), folder, other.environment)
      const lines = ended.output.split('\n').filter((line) => /^(property|proxy) /.test(line))
      expect(lines.slice(0, 3), ended.output).toEqual([
        expect.stringMatching(/^property .*\/it's a "quoted" folder\/sallyport-.*\/java\/truststore\.jks$/),
        expect.stringContaining('a.test|*.a.test|b.test|*.b.test'),
        'property kept',
      ])
      const ways = Object.fromEntries([...hosts, ...more].map((host, index) => [host, lines[index + 3]?.slice(6)]))
      expect(ways).toEqual({
        'a.test': 'DIRECT',
        'x.a.test': 'DIRECT',
        'xa.test': 'HTTP',
        'b.test': 'DIRECT',
        'x.b.test': 'DIRECT',
        'x.c.test': 'DIRECT',
        '10.1.2.3': 'DIRECT',
        '[fd00::1]': 'DIRECT',
        '[fd00::2]': 'DIRECT',
        // Java's list has neither ports nor blocks: the door is the safe side.
        'd.test:8443': 'HTTP',
        '10.9.9.9': 'HTTP',
        localhost: 'DIRECT',
        '127.0.0.1': 'DIRECT',
        '[::1]': 'DIRECT',
        '169.254.169.254': 'DIRECT',
        'api.stripe.com': 'HTTP',
      })
      const ended2 = await runProgram(java('http-client'), folder, other.environment)
      expect([ended2.code, other.upstream.seen.length], ended2.output).toEqual([0, 1])
    } finally {
      await other.stop()
    }
  })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { runProgram } from '../clients/prove-client.ts'
import { startConnectProxy } from './connect-proxy.ts'
import { environmentOf } from './environment-of.ts'
import { runSallyport, temporaryFolder } from './sallyport.ts'
import { startUpstream, type TestUpstream } from './upstream.ts'

/** What a test has started: closed after it, the last first. */
export const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

export async function upstreamFor(...names: string[]): Promise<TestUpstream> {
  const upstream = await startUpstream(names)
  closing.push(upstream.close)
  return upstream
}

export async function proxyTo(port: number, options: Omit<Parameters<typeof startConnectProxy>[0], 'port'> = {}) {
  const proxy = await startConnectProxy({ port, ...options })
  closing.push(proxy.close)
  return proxy
}

/** A gateway whose app waits, in an environment that knows the proxy. */
export async function gatewayBehind(
  upstream: TestUpstream,
  variables: Readonly<Record<string, string>>,
  egress = '',
  hosts = ['ledger.test'],
) {
  const folder = temporaryFolder()
  const secret = stripeSecretKey.example(randomText())
  writeFileSync(join(folder, 'ca.pem'), upstream.caPem)
  const running = await runSallyport({
    folder,
    command: ['sh', '-c', 'env -0 > half && mv half environment && exec sleep 600'],
    environment: { LEDGER_KEY: secret, ...variables },
    config: `
keys:
  ledger: { kind: stripe-secret-key, hosts: [${hosts.map((host) => `"${host}"`).join(', ')}], from: env:LEDGER_KEY, env: LEDGER_KEY }
egress:
  hosts: { ${hosts.map((host) => `"${host}": { ca: ca.pem }`).join(', ')} }
${egress}
audit: { file: audit.jsonl }
`,
  })
  closing.push(running.stop)
  const environment = await environmentOf(join(folder, 'environment'), running.output)
  return {
    secret,
    environment,
    running,
    folder,
    /** The app's curl: its status, its output, and the door's problem where there is one. */
    async curl(url: string, ...words: string[]) {
      const authorization = `Authorization: Bearer ${environment.LEDGER_KEY}`
      const all = ['-sS', '-i', '--max-time', '50', '-H', authorization, ...words, url]
      const { code: status, output } = await runProgram(['curl', ...all], folder, environment)
      const problem = /sallyport-problem: ([A-Z_]+)/i.exec(output)?.[1]
      return { status, output, ...(problem === undefined ? {} : { problem }) }
    },
  }
}

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'

export interface Ledger {
  /** `https://localhost:PORT` */
  readonly url: string
  /** PEM file that its certificate chains to. */
  readonly ca: string
  /** The only key that it takes. */
  readonly key: string
  stop(): Promise<void>
}

/** Starts the sample upstream with a fresh key; its CA's certificate is written into `folder`. */
export async function startLedger(folder: string): Promise<Ledger> {
  const key = stripeSecretKey.example(randomText())
  const sha256 = createHash('sha256').update(key).digest('hex')
  const script = join(import.meta.dirname, '../../examples/billing/upstream.ts')
  const child = spawn(process.execPath, [script, '--key-sha256', sha256, '--listen', '127.0.0.1:0', '--tls', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 600_000,
  })
  const closed = once(child, 'close')
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    closed.then(([status]) => Promise.reject(new Error(`the ledger exited with ${status}`))),
  ])
  const { url, ca } = JSON.parse(line)
  return {
    url,
    ca,
    key,
    async stop() {
      child.kill()
      await closed
    },
  }
}

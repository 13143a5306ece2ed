import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { environmentOf } from './environment-of.ts'
import { type RunningSallyport, runSallyport, temporaryFolder } from './sallyport.ts'
import { startUpstream, type TestUpstream } from './upstream.ts'

/** A gateway whose app only sleeps: the test itself speaks to the door, with the app's environment in hand. */
export interface EgressFixture {
  readonly running: RunningSallyport
  readonly upstream: TestUpstream
  readonly folder: string
  readonly secret: string
  readonly phantom: string
  /** All that the app got. */
  readonly environment: Readonly<Record<string, string>>
  /** `http://127.0.0.1:PORT` */
  readonly forward: string
  readonly reverse: string
  /** `ledger.test:PORT` */
  readonly authority: string
  audit(): Record<string, unknown>[]
  stop(): Promise<void>
}

export interface EgressFixtureOptions {
  /** YAML lines under `egress:`, indented by two. */
  readonly egress?: string
  /** The key's kind as YAML, without its hosts: those are the upstream's. Default: stripe-secret-key. */
  readonly kind?: (hosts: string) => string
  /** The key itself. Default: one of the shape of a Stripe key. */
  readonly secret?: string
  /** YAML lines under `keys: ledger:`, indented by four. */
  readonly key?: string
  readonly respond?: Parameters<typeof startUpstream>[1]
  readonly names?: readonly string[]
  /** Instead of the usual upstream. */
  readonly upstream?: { readonly port: number; readonly caPem: string; close(): Promise<void> }
  readonly root?: string
  /** Another file for the audit log. */
  readonly audit?: string
}

/** Starts an upstream for `ledger.test` and a gateway that holds a Stripe-shaped key for it. */
export async function startEgress(options: EgressFixtureOptions = {}): Promise<EgressFixture> {
  const upstream: TestUpstream = options.upstream
    ? { ...options.upstream, seen: [] }
    : await startUpstream(options.names ?? ['ledger.test'], options.respond)
  const folder = temporaryFolder()
  const secret = options.secret ?? stripeSecretKey.example(randomText())
  const authority = `ledger.test:${upstream.port}`
  writeFileSync(join(folder, 'ca.pem'), upstream.caPem)
  const running = await runSallyport({
    ...(options.root === undefined ? {} : { root: options.root }),
    folder,
    command: ['sh', '-c', 'env -0 > half && mv half environment && exec sleep 600'],
    environment: { LEDGER_KEY: secret },
    config: `
keys:
  ledger:
    ${options.kind ? `kind: ${options.kind(`["${authority}"]`)}` : `kind: stripe-secret-key\n    hosts: ["${authority}"]`}
    from: env:LEDGER_KEY
    env: LEDGER_KEY
    url_env: LEDGER_URL
${options.key ?? ''}
egress:
  unsafe_resolve: { ledger.test: 127.0.0.1, other.test: 127.0.0.1 }
  unsafe_addresses: [127.0.0.0/8]
  hosts: { "${authority}": { ca: ca.pem } }
${options.egress ?? ''}
audit: { file: ${options.audit ?? 'audit.jsonl'} }
`,
  })
  const environment = await environmentOf(join(folder, 'environment'), running.output)
  return {
    running,
    upstream,
    folder,
    secret,
    environment,
    phantom: environment.LEDGER_KEY ?? '',
    forward: running.ready.egress?.forward ?? '',
    reverse: running.ready.egress?.reverse.ledger ?? '',
    authority,
    audit: () =>
      readFileSync(join(folder, 'audit.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    async stop() {
      await running.stop()
      await upstream.close()
    },
  }
}

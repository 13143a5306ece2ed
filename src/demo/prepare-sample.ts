import { createHash } from 'node:crypto'
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { SallyportError } from '../errors.ts'
import type { SampleApp } from './sample-apps.ts'
import type { Completed, Running, SampleUser, Stage } from './stage.ts'

/** What the demo has in hand before it begins. */
export interface Props {
  readonly app: SampleApp
  readonly stage: Stage
  /** The checkout, or a copy of it. */
  readonly root: string
  readonly user: SampleUser | undefined
  /** What every process gets: PATH, HOME. */
  readonly environment: Readonly<Record<string, string>>
  readonly key: string
  /** Runs `sallyport ARGS` in `directory`. */
  sallyport(args: readonly string[], directory: string, input?: string): Promise<Completed>
}

export interface Sample {
  /** The service: a copy of examples/, and what its sallyport.yaml names. */
  readonly service: string
  readonly port: number
  readonly ledger: Ledger
  readonly console: Certificate
  /** Of the same authority; the policy does not name it. */
  readonly other: Certificate
  readonly revoked: Certificate
  /** PEM. */
  readonly ca: string
}

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

export interface Ledger {
  /** `https://localhost:PORT` */
  readonly url: string
  /** Readable by the sample's user. */
  readonly caFile: string
  readonly ca: string
}

/** A copy of the sample, as it is in the repository. Throws COMPONENT_MISSING in an installation that has none. */
export function copySample({ app, stage, root }: Pick<Props, 'app' | 'stage' | 'root'>): string {
  const service = join(stage.open, app.folder)
  cpSync(join(root, 'examples', app.folder), service, { recursive: true })
  return service
}

/** Mints the certificates, starts the ledger, and points the sample's own sallyport.yaml at free ports. */
export async function prepareSample(props: Props, service: string): Promise<Sample> {
  const { stage, user } = props
  const tls = join(service, 'tls')
  const issue = async (name: string, ...options: readonly string[]): Promise<Certificate> => {
    const out = join(tls, name)
    await succeed(props, ['ca', 'issue', '--dir', tls, ...options, '--out', out], service)
    const [certFile, keyFile] = [`${out}.pem`, `${out}.key`]
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  }
  await succeed(props, ['ca', 'init', '--dir', tls], service)
  await issue('server', '--server', '--dns', 'localhost', '--ip', '127.0.0.1')
  const console = await issue('console', '--client', '--dns', 'console.example.test')
  const other = await issue('other', '--client', '--dns', 'other.example.test')
  const revoked = await issue('revoked', '--client', '--dns', 'console.example.test')
  await succeed(props, ['ca', 'revoke', '--dir', tls, revoked.certFile, '--reason', 'keyCompromise'], service)

  const ledger = await startLedger(props)
  copyFileSync(ledger.caFile, join(tls, 'ledger-ca.pem'))
  const port = await freePort()
  const file = join(service, 'sallyport.yaml')
  const config = readFileSync(file, 'utf8')
    .replaceAll('localhost:9543', new URL(ledger.url).host)
    .replaceAll('127.0.0.1:4567', `127.0.0.1:${port}`)
    .replaceAll('127.0.0.1:8443', '127.0.0.1:0')
  writeFileSync(file, user ? config.replace(/^app:$/m, `app:\n  user: ${user.name}`) : config)
  stage.signal.throwIfAborted()
  return { service, port, ledger, console, other, revoked, ca: readFileSync(join(tls, 'ca.pem'), 'utf8') }
}

/** Files of the sample's code that are not as in the repository. sallyport.yaml is the one that a user writes. */
export function changedFiles({ app, root }: Props, service: string): { changed: number; files: number } {
  const original = join(root, 'examples', app.folder)
  const names = readdirSync(original, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:rb|mjs|ts)$/.test(name),
  )
  const changed = names.filter((name) => !readFileSync(join(original, name)).equals(readFileSync(join(service, name))))
  return { changed: changed.length, files: names.length }
}

/** It is told the SHA-256 of the key and nothing else of it. */
async function startLedger({ stage, root, environment, key }: Props): Promise<Ledger> {
  const folder = join(stage.open, 'ledger')
  mkdirSync(folder, { mode: 0o755 })
  const log = join(stage.folder, 'ledger.log')
  const script = join(root, 'examples/billing/upstream.ts')
  const sha256 = createHash('sha256').update(key).digest('hex')
  const args = [script, '--key-sha256', sha256, '--listen', '127.0.0.1:0', '--tls', folder]
  const ledger: Running = await stage.start(process.execPath, args, { directory: folder, environment, log })
  const said = () => readFileSync(log, 'utf8')
  await stage.until(
    () => said().includes('"url"') || ledger.outcome() !== undefined,
    () => new SallyportError('APP_NOT_STARTED', 'the sample’s upstream did not start in time'),
  )
  const line = said()
    .split('\n')
    .find((text) => text.startsWith('{'))
  if (line === undefined)
    throw new SallyportError(
      'APP_NOT_STARTED',
      `the sample’s upstream ended with ${ledger.outcome()}: ${said().trim()}`,
    )
  const { url, ca } = JSON.parse(line) as { url: string; ca: string }
  return { url, caFile: ca, ca: readFileSync(ca, 'utf8') }
}

/** A step of the product that the demo relies on: its failure is the demo's. */
async function succeed(props: Props, args: readonly string[], directory: string): Promise<void> {
  const { code, stderr } = await props.sallyport(args, directory)
  if (code === 0) return
  throw new SallyportError(
    'DEMO_CLAIM_FAILED',
    `sallyport ${args.slice(0, 2).join(' ')} ended with ${code}: ${stderr.trim()}`,
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomText } from '../../src/keys/random.ts'
import { environmentOf } from './environment-of.ts'
import { exchangeInside, portOf } from './raw.ts'
import { type RunningSallyport, runSallyport, temporaryFolder } from './sallyport.ts'
import { type Seen, startUpstream, type TestUpstream } from './upstream.ts'

/** A door that holds a key for each of several carriers, each for the host `NAME.test`. */
export interface CarrierDoor {
  readonly running: RunningSallyport
  readonly upstream: TestUpstream
  readonly folder: string
  /** All that the app got; the phantom of `name` under `NAME_KEY`. */
  readonly environment: Readonly<Record<string, string>>
  readonly keys: Readonly<Record<string, string>>
  phantom(name: string): string
  /** `NAME.test:PORT` */
  authority(name: string): string
  /** Sends a request to the host of `name` through CONNECT; resolves to the answer, and to what the upstream saw, if it did. */
  ask(
    name: string,
    line: string,
    fields: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<{ readonly answer: string; readonly seen: Seen | undefined }>
  stop(): Promise<void>
}

/** `carriers`: by name, the carrier as the configuration has it, in YAML's flow form. */
export async function openCarrierDoor(carriers: Readonly<Record<string, string>>): Promise<CarrierDoor> {
  const names = Object.keys(carriers)
  const upstream = await startUpstream(names.map((name) => `${name}.test`))
  const folder = temporaryFolder()
  const authority = (name: string) => `${name}.test:${upstream.port}`
  const variable = (name: string) => `${name.toUpperCase()}_KEY`
  const keys = Object.fromEntries(names.map((name) => [name, randomText().base62(40)]))
  writeFileSync(join(folder, 'ca.pem'), upstream.caPem)
  const running = await runSallyport({
    folder,
    command: ['sh', '-c', 'env -0 > half && mv half environment && exec sleep 600'],
    environment: Object.fromEntries(names.map((name) => [variable(name), keys[name] ?? ''])),
    config: `
keys:
${names.map((name) => `  ${name}: { kind: { hosts: ["${authority(name)}"], carrier: ${carriers[name]} }, from: env:${variable(name)}, env: ${variable(name)} }`).join('\n')}
egress:
  unsafe_resolve: { ${names.map((name) => `${name}.test: 127.0.0.1`).join(', ')} }
  unsafe_addresses: [127.0.0.0/8]
  hosts: { ${names.map((name) => `"${authority(name)}": { ca: ca.pem }`).join(', ')} }
audit: { file: audit.jsonl }
`,
  })
  const environment = await environmentOf(join(folder, 'environment'), running.output)
  const ca = readFileSync(environment.SSL_CERT_FILE ?? '', 'utf8')
  return {
    running,
    upstream,
    folder,
    environment,
    keys,
    authority,
    phantom: (name) => environment[variable(name)] ?? '',
    async ask(name, line, fields, body = '') {
      const before = upstream.seen.length
      const framing = fields['Transfer-Encoding'] ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
      const head = Object.entries({ Host: authority(name), ...framing, ...fields })
      const text = `${line} HTTP/1.1\r\n${head.map(([field, value]) => `${field}: ${value}\r\n`).join('')}\r\n${body}`
      const inside = { authority: authority(name), serverName: `${name}.test`, ca }
      const answer = await exchangeInside(portOf(running.ready.egress?.forward ?? ''), inside, text, { until: '}' })
      return { answer, seen: upstream.seen[before] }
    },
    async stop() {
      await running.stop()
      await upstream.close()
    },
  }
}

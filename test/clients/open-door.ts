import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { githubPersonalToken } from '../../src/keys/kinds/github-personal-token.ts'
import { openaiApiKey } from '../../src/keys/kinds/openai-api-key.ts'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { type Random, randomText } from '../../src/keys/random.ts'
import { environmentOf } from '../support/environment-of.ts'
import { type RunningSallyport, runSallyport, temporaryFolder } from '../support/sallyport.ts'
import { startUpstream, type TestUpstream } from '../support/upstream.ts'

/** A key that the door holds: `yaml` is what stands under its name, without `from` and `env`. */
export interface DoorKey {
  readonly variable: string
  readonly host: string
  readonly yaml: string
  example(random: Random): string
}

export const stripeKey: DoorKey = {
  variable: 'STRIPE_API_KEY',
  host: 'api.stripe.com',
  yaml: 'kind: stripe-secret-key, url_env: STRIPE_URL',
  example: stripeSecretKey.example,
}

export const openaiKey: DoorKey = {
  variable: 'OPENAI_API_KEY',
  host: 'api.openai.com',
  yaml: 'kind: openai-api-key, url_env: OPENAI_BASE_URL',
  example: openaiApiKey.example,
}

export const githubToken: DoorKey = {
  variable: 'GITHUB_TOKEN',
  host: 'api.github.com',
  yaml: 'kind: github-personal-token, hosts: [api.github.com]',
  example: githubPersonalToken.example,
}

/** The same for git. */
export const gitToken: DoorKey = {
  ...githubToken,
  host: 'github.com',
  yaml: 'kind: github-personal-token, hosts: [github.com]',
}

export const twilioToken: DoorKey = {
  variable: 'TWILIO_AUTH_TOKEN',
  host: 'api.twilio.com',
  yaml: 'kind: { hosts: [api.twilio.com], carrier: { basic: password } }',
  example: (random) => random.hex(32),
}

/** A door whose app only waits: a test starts real clients with the environment that the app got. */
export interface ClientDoor {
  readonly running: RunningSallyport
  readonly upstream: TestUpstream
  /** All that the app got. */
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly folder: string
  stop(): Promise<void>
}

/** Every key's host is `upstream`, at its own port 443; no name of theirs can be resolved outside of the door. */
export async function openDoor(
  keys: readonly DoorKey[],
  options: {
    readonly environment?: Readonly<Record<string, string>>
    readonly respond?: Parameters<typeof startUpstream>[1]
    readonly upgrade?: Parameters<typeof startUpstream>[2]
    /** YAML lines under `egress:`, indented by two. */
    readonly egress?: string
  } = {},
): Promise<ClientDoor> {
  const hosts = [...new Set(keys.map(({ host }) => host))]
  const upstream = await startUpstream(hosts, options.respond, options.upgrade)
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'upstream-ca.pem'), upstream.caPem)
  const secrets = Object.fromEntries(keys.map(({ variable, example }) => [variable, example(randomText())]))
  const running = await runSallyport({
    folder,
    command: ['sh', '-c', 'env -0 > half && mv half environment && exec sleep 600'],
    environment: { ...secrets, ...options.environment },
    config: `
keys:
${keys.map(({ variable, yaml }) => `  ${variable.toLowerCase()}: { ${yaml}, from: env:${variable}, env: ${variable} }`).join('\n')}
egress:
  unsafe_resolve: { ${hosts.map((host) => `${host}: "127.0.0.1:${upstream.port}"`).join(', ')} }
  hosts: { ${hosts.map((host) => `${host}: { ca: upstream-ca.pem }`).join(', ')} }
${options.egress ?? ''}
audit: { file: audit.jsonl }
`,
  })
  const environment = await environmentOf(join(folder, 'environment'), running.output)
  return {
    running,
    upstream,
    folder,
    secrets,
    environment,
    async stop() {
      await running.stop()
      await upstream.close()
    },
  }
}

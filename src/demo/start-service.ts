import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SallyportError } from '../errors.ts'
import { maskSecret } from '../finding/mask.ts'
import { type Asking, ask, outcomeOf } from './ask.ts'
import { descendantsOf, type EnvironmentWatch, lookAtEnvironments } from './inspect-process.ts'
import type { Certificate, Props, Sample } from './prepare-sample.ts'
import type { Completed, Running } from './stage.ts'

/** The sample while it runs. */
export interface Service {
  readonly name: 'bare' | 'run'
  /** Where its clients come in. */
  readonly origin: string
  /** What its clients show. */
  readonly certificate?: Certificate
  readonly log: string
  /** The process that has the key: the app, or the gateway in front of it. */
  readonly keyHolder: number
  readonly gateway?: number
  /** The egress door, for requests with the key. */
  readonly egress?: string
  readonly audit?: string
  readonly environments: EnvironmentWatch
  /** Whether the key stood in the environment of what was started, before the doors were open. */
  readonly startedWithKey: boolean
  /** Processes of the app, as they are now. */
  appProcesses(): readonly number[]
  /** Runs the app's own tests in the same way; the service is stopped before. */
  test(): Promise<Completed>
  stop(): Promise<void>
}

/** As its users start it, with the key in its environment. */
export async function startBare(props: Props, sample: Sample): Promise<Service> {
  const { app, stage, key, user } = props
  const { ledger, port } = sample
  const log = join(stage.folder, 'bare.log')
  const options = {
    directory: sample.service,
    environment: {
      ...props.environment,
      PORT: String(port),
      LEDGER_URL: ledger.url,
      LEDGER_API_KEY: key,
      SSL_CERT_FILE: ledger.caFile,
      NODE_EXTRA_CA_CERTS: ledger.caFile,
    },
    ...(user ? { user } : {}),
  }
  const [program = '', ...args] = app.command
  const main = await stage.start(program, args, { ...options, log })
  const environments = { seen: new Set<number>(), holding: new Set<number>() }
  const [test = '', ...testArgs] = app.tests
  const service: Service = {
    name: 'bare',
    origin: `http://127.0.0.1:${port}`,
    log,
    keyHolder: main.pid,
    environments,
    startedWithKey: holdsAtStart(main.pid, key),
    appProcesses: () => [main.pid, ...descendantsOf(main.pid)],
    test: () => stage.run(test, testArgs, options),
    stop: main.stop,
  }
  await untilHealthy(props, sample, service, main, 'APP_NOT_STARTED')
  return service
}

/** The same code, started by `sallyport run` with both doors. */
export async function startUnderRun(props: Props, sample: Sample): Promise<Service> {
  const { app, stage, root, key } = props
  const log = join(stage.folder, 'run.log')
  const ready = join(stage.folder, 'ready.json')
  const program = join(root, 'sallyport')
  const options = {
    directory: sample.service,
    environment: { ...props.environment, PORT: String(sample.port), LEDGER_API_KEY: key },
  }
  const main = await stage.start(program, ['run', '--ready', ready], { ...options, log })
  const startedWithKey = holdsAtStart(main.pid, key)
  const failed = (says: string) => new SallyportError('DEMO_CLAIM_FAILED', `${says}: ${endOf(log, key)}`)
  await stage.until(
    () => {
      if (main.outcome() !== undefined) throw failed(`sallyport run ended with ${main.outcome()}`)
      return existsSync(ready)
    },
    () => failed('sallyport run did not open its doors in time'),
  )
  const { pid, ingress, egress } = JSON.parse(readFileSync(ready, 'utf8')) as {
    pid: number
    ingress: string
    egress: { reverse: { ledger: string } }
  }
  const service: Service = {
    name: 'run',
    origin: ingress,
    certificate: sample.console,
    log,
    keyHolder: pid,
    gateway: pid,
    egress: egress.reverse.ledger,
    audit: join(props.environment.XDG_STATE_HOME ?? '', 'sallyport/audit.jsonl'),
    environments: { seen: new Set<number>(), holding: new Set<number>() },
    startedWithKey,
    appProcesses: () => descendantsOf(pid),
    test: () => stage.run(program, ['run', '--', ...app.tests], options),
    stop: main.stop,
  }
  await untilHealthy(props, sample, service, main, 'DEMO_CLAIM_FAILED')
  return service
}

export function asking({ stage }: Props, { ca }: Sample, service: Service, path: string): Asking {
  const { origin, certificate } = service
  return { url: origin + path, ca, signal: stage.signal, ...(certificate ? { certificate } : {}) }
}

async function untilHealthy(
  props: Props,
  sample: Sample,
  service: Service,
  main: Running,
  code: 'APP_NOT_STARTED' | 'DEMO_CLAIM_FAILED',
): Promise<void> {
  const failed = (says: string) => new SallyportError(code, `${says}: ${endOf(service.log, props.key)}`)
  await props.stage.until(
    async () => {
      const outcome = main.outcome()
      if (outcome !== undefined) throw failed(`the sample ended with ${outcome}`)
      lookAtEnvironments([service.keyHolder, ...service.appProcesses()], props.key, service.environments)
      return outcomeOf(await ask(asking(props, sample, service, '/health'))) === 200
    },
    () => failed('the sample did not answer in time'),
  )
}

function holdsAtStart(pid: number, key: string): boolean {
  const watch = { seen: new Set<number>(), holding: new Set<number>() }
  lookAtEnvironments([pid], key, watch)
  return watch.holding.size > 0
}

/** Of a log, without the key that it may show. */
function endOf(log: string, key: string): string {
  const text = readFileSync(log, 'utf8').replaceAll(key, maskSecret(key))
  return text.trim().split('\n').slice(-3).join(' / ').slice(-600)
}

import { existsSync, readFileSync } from 'node:fs'
import { Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SallyportError } from '../errors.ts'
import { stripeSecretKey } from '../keys/kinds/stripe-secret-key.ts'
import { ask, type Outcome, outcomeOf, type Reply } from './ask.ts'
import { type KeyLines, keyLinesIn, lookAtEnvironments, type Memory, memoryOf } from './inspect-process.ts'
import type { Certificate, Props, Sample } from './prepare-sample.ts'
import { type Probed, readProbe } from './read-report.ts'
import { asking, type Service } from './start-service.ts'

/** Calls that the service makes to its upstream before its memory is read, and errors provoked among them. */
export const callCount = 1_000
const provocationCount = 20
/** At once; Puma has five threads. */
const concurrency = 4
/** From the last call to the reading of the memory. */
const settleMs = 1_000

/** What was measured of one running service. */
export interface Measured {
  /** Of `callCount`: answered with what only the right key gets from the upstream. */
  readonly answered: number
  readonly medianMs: number
  readonly app: Memory
  readonly gateway?: Memory
  readonly environments: { readonly processes: number; readonly holding: number }
  readonly startedWithKey: boolean
  /** Whether the user that the app runs as may read the process that has the key. */
  readonly keyHolderIsReadable: boolean
  readonly errorPage: 'the key' | 'a phantom' | 'neither'
  /** What the upstream answers to whoever takes the error page's word for the key. */
  readonly leakAtUpstream: Outcome
  /** The same at the egress door, from another process of this machine. */
  readonly leakAtDoor?: Outcome
  /** A request with what the app has for its key, by a method that no route names. */
  readonly deletion: Outcome
  /** The app's own port, in clear, from this machine. */
  readonly ownPort: Outcome
  readonly otherClient?: Outcome
  readonly revokedClient?: Outcome
  readonly log: KeyLines
  readonly audit?: KeyLines
  /** How many of the app's own tests passed; undefined: not all. */
  readonly testsPassed: number | undefined
  readonly probe: Probed
  /** The probe's own report, which saw what the service shows. */
  readonly report: KeyLines
}

/** Measures a service and stops it, also when a measurement fails. */
export async function measureService(props: Props, sample: Sample, service: Service): Promise<Measured> {
  const { app, stage, key } = props
  const { gateway, environments } = service
  try {
    const calls = await callService(props, sample, service)
    // Before anything else is asked: what is read is what the calls left.
    await delay(settleMs, undefined, { signal: stage.signal })
    const memory = { app: memoryOf(service.appProcesses(), key) }
    const doorMemory = gateway === undefined ? {} : { gateway: memoryOf([gateway], key) }
    lookAtEnvironments([service.keyHolder, ...service.appProcesses()], key, environments)
    const keyHolderIsReadable = await mayRead(props, service.keyHolder)
    const leak = await useLeak(props, sample, service)
    const ownPort = outcomeOf(await ask({ url: `http://127.0.0.1:${sample.port}/health`, signal: stage.signal }))
    const others = service.certificate ? await knock(props, sample, service) : {}
    const probed = await runProbe(props, sample, service)
    await service.stop()
    const tests = await service.test()
    const passed = app.testsPassed.exec(tests.stdout)?.[1]
    return {
      ...calls,
      ...memory,
      ...doorMemory,
      environments: { processes: environments.seen.size, holding: environments.holding.size },
      startedWithKey: service.startedWithKey,
      keyHolderIsReadable,
      ...leak,
      ownPort,
      ...others,
      log: keyLinesIn(service.log, key),
      ...(service.audit === undefined ? {} : { audit: keyLinesIn(service.audit, key) }),
      testsPassed: passed === undefined ? undefined : Number(passed),
      ...probed,
    }
  } finally {
    await service.stop()
  }
}

/** The calls, with errors provoked among them, over a few connections that are kept. */
async function callService(
  props: Props,
  sample: Sample,
  service: Service,
): Promise<Pick<Measured, 'answered' | 'medianMs'>> {
  const options = { keepAlive: true, maxSockets: concurrency }
  const agent = service.certificate ? new TlsAgent(options) : new PlainAgent(options)
  const took: number[] = []
  let answered = 0
  let next = 0
  const work = async () => {
    for (let index = next++; index < callCount; index = next++) {
      if (index % (callCount / provocationCount) === 0)
        await ask({ ...asking(props, sample, service, props.app.leakPath), agent })
      const path = index % 2 === 0 ? '/balance' : '/charges/ch_1'
      const started = performance.now()
      const reply = await ask({ ...asking(props, sample, service, path), agent })
      took.push(performance.now() - started)
      if ('body' in reply && reply.status === 200 && /"(?:available|amount)":\d/.test(reply.body)) answered++
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, work))
  } finally {
    agent.destroy()
  }
  return { answered, medianMs: took.sort((a, b) => a - b)[took.length >> 1] ?? 0 }
}

type Leak = Pick<Measured, 'errorPage' | 'leakAtUpstream' | 'leakAtDoor' | 'deletion'>

/** Does what a thief would: takes the text of a key's shape out of an error page, and uses it. */
async function useLeak(props: Props, sample: Sample, service: Service): Promise<Leak> {
  const { signal } = props.stage
  const leaked = keyShapeIn(await ask(asking(props, sample, service, props.app.leakPath)))
  const headers = { Authorization: `Bearer ${leaked}` }
  const upstream = { url: `${sample.ledger.url}/v1/balance`, ca: sample.ledger.ca, headers, signal }
  const door = service.egress === undefined ? undefined : { ...upstream, url: `${service.egress}/v1/balance` }
  return {
    errorPage: leaked === props.key ? 'the key' : leaked.includes('PHANTOM') ? 'a phantom' : 'neither',
    leakAtUpstream: outcomeOf(await ask(upstream)),
    ...(door ? { leakAtDoor: outcomeOf(await ask(door)) } : {}),
    deletion: outcomeOf(await ask({ ...(door ?? upstream), method: 'DELETE' })),
  }
}

function keyShapeIn(reply: Reply): string {
  return ('body' in reply && stripeSecretKey.shape?.pattern.exec(reply.body)?.[0]) || ''
}

/** With certificates of the right authority that must not open the door. */
async function knock(
  props: Props,
  sample: Sample,
  service: Service,
): Promise<Pick<Measured, 'otherClient' | 'revokedClient'>> {
  const by = async (certificate: Certificate) =>
    outcomeOf(await ask({ ...asking(props, sample, service, '/health'), certificate }))
  return { otherClient: await by(sample.other), revokedClient: await by(sample.revoked) }
}

async function runProbe(
  { app, stage, key, sallyport }: Props,
  sample: Sample,
  service: Service,
): Promise<Pick<Measured, 'probe' | 'report'>> {
  const { console, service: directory } = sample
  const output = join(stage.folder, `probe-${service.name}.json`)
  const args = [
    ...[
      'probe',
      service.origin.replace('http:', 'https:'),
      '--routes',
      ['/balance', app.leakPath, ...app.routes].join(','),
    ],
    ...['--cert', console.certFile, '--key', console.keyFile, '--ca', 'tls/ca.pem'],
    // With the authority's key it also tries what only the authority could sign: an expired certificate.
    ...['--client-ca', 'tls/ca.pem', '--ca-key', 'tls/ca.key'],
    ...['--canary-stdin', '--format', 'json', '--output', output],
  ]
  const { code, stderr } = await sallyport(args, directory, key)
  if (!existsSync(output))
    throw new SallyportError('DEMO_CLAIM_FAILED', `sallyport probe ended with ${code}: ${stderr.trim()}`)
  return { probe: readProbe(readFileSync(output, 'utf8')), report: keyLinesIn(output, key) }
}

/** `cat`, as the user that the app runs as: what the app itself could do. */
async function mayRead({ stage, environment, user }: Props, pid: number): Promise<boolean> {
  const { code } = await stage.run('cat', [`/proc/${pid}/maps`, `/proc/${pid}/environ`], {
    directory: stage.open,
    environment,
    ...(user ? { user } : {}),
  })
  return code === 0
}

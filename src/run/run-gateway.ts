import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { Plan } from '../config/plan.ts'
import { type HeldKey, secretsOf, withPhantoms } from '../egress/key-ring.ts'
import { errorEntry, framesOf, SallyportError, systemCode } from '../errors.ts'
import { type Gateway, openGateway } from '../gateway/open-gateway.ts'
import { openKernel, protectMemory } from '../kernel/kernel.ts'
import { createMatcher } from '../scrub/matcher.ts'
import { table as storeKinds } from '../stores/kinds/index.ts'
import { runChild } from '../stores/run-child.ts'
import { appEnvironment, type EgressAddresses } from './app-environment.ts'
import { type AppOutput, openAppOutput } from './app-output.ts'
import { certificatesIn } from './certificate-bundle.ts'
import { type ReceivedHandover, readHandover } from './handover.ts'
import { type App, findUser, forwardSignals, protectApp, startApp } from './start-app.ts'

/** How the process ends; given in, because only entries end processes. */
type Exit = (code: number) => never

/** What an entry gives of its process. */
export interface NodeProcess {
  readonly exit: Exit
  /** With these a child of ours is started as we were. */
  readonly execPath: string
  readonly execArgv: readonly string[]
}

/** What `run` becomes (launch.ts): takes the handover, opens the doors, starts the app, ends as the app ends. */
export async function runGateway(descriptor: number, node: NodeProcess): Promise<void> {
  const { exit } = node
  try {
    await main(descriptor, node)
  } catch (error) {
    const known = error instanceof SallyportError
    say(
      known
        ? `${error.message} [${error.code}]`
        : `this is a bug in Sallyport, not in what you gave it; please report it\n${error instanceof Error ? [error.name, ...framesOf(error)].join('\n') : ''}`,
    )
    exit(known ? errorEntry(error.code).exit : 70)
  }
}

async function main(descriptor: number, { exit, execPath, execArgv }: NodeProcess): Promise<void> {
  // Before a key is read.
  const kernel = openKernel()
  const protections = protectMemory(kernel)
  const handover = readHandover(descriptor)
  const { plan } = handover
  const { app } = plan
  if (!app || app.command.length === 0) {
    const what = 'there is no command to run: sallyport run -- COMMAND, or app.command in sallyport.yaml'
    throw new SallyportError('CLI_USAGE', what)
  }
  for (const notice of handover.notices) say(notice)
  const missing = protections
    .filter(({ inForce }) => !inForce)
    .map(({ name, otherwise }) => `not in force: ${name}; ${otherwise}`)
  const user = app.user === undefined ? undefined : findUser(app.user)
  const isRoot = process.getuid?.() === 0
  const protection = protectApp(user, isRoot)
  missing.push(...protection.missing)
  const secretFiles = isRoot || user ? [] : await secretFilesOf(plan)
  if (secretFiles.length > 0) {
    missing.push(
      `the app runs as the gateway’s own user and can read ${secretFiles.join(', ')}; name another user with app.user`,
    )
  }
  for (const sentence of missing) say(sentence)
  if (plan.strict && missing.length > 0)
    throw new SallyportError('PROTECTION_MISSING', '--strict demands every protection; see above')

  const gateway = await openGateway(plan, {
    variable: (name) => handover.secrets.get(name)?.slice(),
    child: (entry, request, bytesMax, signal) => runChild(entry, request, bytesMax, signal, { execPath, execArgv }),
  })
  for (const bytes of handover.secrets.values()) bytes.fill(0)
  const folder = gateway.egress ? mkdtempSync(join(handover.environment.TMPDIR ?? tmpdir(), 'sallyport-')) : undefined
  try {
    const addresses = gateway.egress && folder ? writeBundle(gateway.egress, folder, handover) : undefined
    announce(gateway, addresses, plan.ready)
    const environment = await appEnvironment(
      withoutKeys(handover.environment, gateway.keys),
      gateway.keys,
      addresses,
      plan.egress.direct,
    )
    if (user) Object.assign(environment, { HOME: user.home, USER: user.name, LOGNAME: user.name })
    const output = searchOutput(gateway, kernel, plan)
    const started = await startApp(app, environment, protection, output)
    forwardSignals(started, output)
    await endWith(started, output, gateway, folder, exit)
  } catch (error) {
    await gateway.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Undefined where there is no key to search for, or where the output cannot be had, which is said. */
function searchOutput(gateway: Gateway, opened: ReturnType<typeof openKernel>, plan: Plan): AppOutput | undefined {
  if (gateway.keys.length === 0) return undefined
  const output = 'kernel' in opened ? openAppOutput(opened.kernel, createMatcher(secretsOf(gateway.keys))) : undefined
  if (output) return output
  say('not in force: keys are taken out of what the app prints; the system gave no pipe or terminal for it')
  if (plan.strict) throw new SallyportError('PROTECTION_MISSING', '--strict demands every protection; see above')
  return undefined
}

/** Files of the plan that hold a secret or open one. */
async function secretFilesOf(plan: Plan): Promise<string[]> {
  const files = Object.values(plan.egress.hosts).flatMap(({ certificate }) => certificate?.keyFile ?? [])
  if (plan.ingress) files.push(plan.ingress.certificate.keyFile)
  for (const name of new Set(plan.keys.map(({ store }) => store))) {
    const store = plan.stores[name]
    const kind = await storeKinds.find(({ id }) => id === store?.kind)?.load()
    const config = (store?.config ?? {}) as Record<string, unknown>
    for (const path of kind?.paths ?? []) if (typeof config[path] === 'string') files.push(config[path])
  }
  return files
}

/** A variable can quote a key that came from a store: the launcher could not know it. */
function withoutKeys(
  environment: Readonly<Record<string, string>>,
  keys: readonly HeldKey[],
): Readonly<Record<string, string>> {
  const result: Record<string, string> = { ...environment }
  for (const [name, value] of Object.entries(environment)) {
    const replaced = withPhantoms(keys, value)
    if (replaced === undefined) continue
    result[name] = replaced
    say(
      `${name} quoted a key from a store and has its phantom now; unset it where you start sallyport: a copy of it stays in the gateway's memory`,
    )
  }
  return result
}

/** The system's roots, or those that the user's own variable names, and ours behind them. `folder` becomes readable to the app. */
function writeBundle(
  egress: NonNullable<Gateway['egress']>,
  folder: string,
  { environment }: ReceivedHandover,
): EgressAddresses {
  const own = environment.SSL_CERT_FILE
  const roots = readFirst([
    ...(own === undefined ? [] : [own]),
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/cert.pem',
  ])
  // mkdtemp gives 0700, whatever is made later follows the umask, and the app may be another user.
  chmodSync(folder, 0o755)
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name)
    if (dirname(path) !== folder) {
      mkdirSync(dirname(path), { recursive: true })
      chmodSync(dirname(path), 0o755)
    }
    writeFileSync(path, content)
    chmodSync(path, 0o644)
    return path
  }
  const certificates = roots === undefined ? rootCertificates : certificatesIn(roots)
  const bundleRoots = [...certificates, egress.rootPem].join('\n')
  write('sallyport-ca.pem', egress.rootPem)
  return {
    forward: egress.forward,
    bundle: write('ca.pem', bundleRoots),
    roots: bundleRoots,
    root: egress.rootPem,
    reverse: egress.reverse,
    write,
  }
}

function readFirst(files: readonly string[]): string | undefined {
  for (const file of files) {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      // The next system keeps them elsewhere.
    }
  }
  return undefined
}

/** Says where the doors are, and writes it for programs: at once and whole, so that who waits for the file can read it. */
function announce(gateway: Gateway, addresses: EgressAddresses | undefined, ready: string | undefined): void {
  if (gateway.ingress) say(`ingress ${gateway.ingress}`)
  if (addresses) say(`egress ${addresses.forward}, keys ${gateway.keys.map(({ name }) => name).join(', ')}`)
  if (!addresses) say('no keys: the app calls out as it always did')
  if (ready === undefined) return
  const egress = addresses && { forward: addresses.forward, ca: addresses.bundle, reverse: addresses.reverse }
  const text = JSON.stringify({
    pid: process.pid,
    ...(gateway.ingress ? { ingress: gateway.ingress } : {}),
    ...(egress ? { egress } : {}),
  })
  try {
    writeFileSync(`${ready}.${process.pid}`, `${text}\n`)
    renameSync(`${ready}.${process.pid}`, ready)
  } catch (error) {
    throw new SallyportError('FILE_UNWRITABLE', `--ready ${ready}: could not be written (${systemCode(error)})`, {
      cause: error,
    })
  }
}

/** Ends as the app ended: same exit code, or by the same signal. */
async function endWith(
  app: App,
  output: AppOutput | undefined,
  gateway: Gateway,
  folder: string | undefined,
  exit: Exit,
): Promise<void> {
  const { code, signal } = await app.ended
  await output?.drained()
  await gateway.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
  if (signal === null) exit(code ?? 70)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // A signal that does not end us (we may be process 1): the shell's convention.
  setTimeout(() => exit(128 + (constants.signals[signal] ?? 0)), 100)
}

/** On standard error, at once: the descriptor belongs to the app as well, so Node's stream on it is never made. */
function say(text: string): void {
  try {
    writeSync(2, `sallyport: ${text}\n`)
  } catch {
    // Nobody reads it.
  }
}

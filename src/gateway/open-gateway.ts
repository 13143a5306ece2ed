import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { openAudit } from '../audit/audit.ts'
import type { Address, Plan } from '../config/plan.ts'
import { createEgressDoor } from '../egress/door.ts'
import { forgetKeys, type HeldKey, loadKeyRing } from '../egress/key-ring.ts'
import { createResolve } from '../egress/resolve.ts'
import { directHosts, type OutwardProxy, throughProxy } from '../egress/way-out.ts'
import { SallyportError, systemCode } from '../errors.ts'
import { createRunAuthority } from '../identity/run-authority.ts'
import { createIngressDoor } from '../ingress/door.ts'
import { limits } from '../limits.ts'
import { readShared } from '../relay/shared-reads.ts'
import { mask } from '../secret/masked.ts'
import { table as storeKinds } from '../stores/kinds/index.ts'
import type { Store, StoreWorld } from '../stores/store.ts'

export interface Gateway {
  readonly keys: readonly HeldKey[]
  /** Absent where there is no key. */
  readonly egress?: {
    readonly forward: string
    /** PEM of the per-run authority: the root that an app must trust. */
    readonly rootPem: string
    readonly reverse: Readonly<Record<string, string>>
  }
  /** `https://host:port` */
  readonly ingress?: string
  /** Stops listening, lets running exchanges end within the drain limit, ends the keys. */
  close(): Promise<void>
}

/**
 * Opens the doors of a plan. Everything is made first (stores, keys, certificates, audit); nothing listens before all of
 * it is good. Rejects with the SallyportError of what is not, and has then opened nothing.
 */
export async function openGateway(plan: Plan, world: StoreWorld): Promise<Gateway> {
  const stores = await openStores(plan, world)
  const keys = await loadKeyRing(plan.keys, (name) => stores.get(name) as Store)
  const audit = openAudit(plan.audit.file, randomBytes(5).toString('hex'))
  const listeners: Listener[] = []
  try {
    const egress = keys.length > 0 ? prepareEgress(plan, keys, audit, outwardProxy(plan, world)) : undefined
    const ingress =
      plan.ingress && plan.app?.listen ? createIngressDoor(plan.ingress, plan.app.listen, audit) : undefined
    if (egress)
      listeners.push(
        await listen(
          plan.egress.listen,
          createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
            egress.door.accept(readShared(socket)),
          ),
          'egress.listen',
          egress.door.close,
        ),
      )
    if (ingress && plan.ingress)
      listeners.push(await listen(plan.ingress.listen, ingress.server, 'ingress.listen', ingress.close))
    const [first] = listeners
    const forward = egress && first ? `http://${first.address}` : undefined
    const last = ingress ? listeners.at(-1) : undefined
    return {
      keys,
      ...(egress && forward
        ? {
            egress: {
              forward,
              rootPem: egress.rootPem,
              reverse: Object.fromEntries(keys.map(({ name }) => [name, `${forward}/${name}`])),
            },
          }
        : {}),
      ...(last ? { ingress: `https://${last.address}` } : {}),
      async close() {
        await Promise.all(listeners.map(({ close }) => close()))
        for (const store of stores.values()) await store.close?.()
        forgetKeys(keys)
        audit.close()
      },
    }
  } catch (error) {
    await Promise.all(listeners.map(({ close }) => close()))
    forgetKeys(keys)
    audit.close()
    throw error
  }
}

async function openStores(plan: Plan, world: StoreWorld): Promise<Map<string, Store>> {
  const stores = new Map<string, Store>()
  for (const name of new Set(plan.keys.map(({ store }) => store))) {
    const { kind, config, at } = plan.stores[name] ?? { kind: name, config: {}, at: name }
    const entry = storeKinds.find(({ id }) => id === kind)
    if (!entry) throw new SallyportError('CONFIG_INVALID', `${at}: there is no store kind ${kind}`)
    stores.set(name, (await entry.load()).open(config, world))
  }
  return stores
}

function prepareEgress(
  plan: Plan,
  keys: readonly HeldKey[],
  audit: ReturnType<typeof openAudit>,
  proxy: OutwardProxy | undefined,
) {
  const { hosts, unsafeResolve, unsafeAddresses, others } = plan.egress
  // One permitted name a host: the authority can pose as no other, should its key ever be had.
  const names = [...new Set(keys.flatMap((key) => key.hosts.map((host) => host.slice(0, host.lastIndexOf(':')))))]
  const authority = createRunAuthority({ hosts: names, now: new Date() })
  const resolver = (addresses: readonly string[]) => {
    const direct = createResolve(unsafeResolve, addresses)
    return proxy ? throughProxy(direct, proxy) : direct
  }
  const posing = new Map<string, Kept>()
  const upstream = new Map<string, Kept>()
  const door = createEgressDoor({
    keys,
    audit,
    others,
    resolveChecked: resolver(unsafeAddresses),
    resolveAny: resolver(['0.0.0.0/0', '::/0']),
    hostContext: (host) =>
      kept(posing, host, () => {
        const { chainPem, privateKeyPem, notAfter } = authority.leafFor(host)
        const context = createSecureContext({
          cert: chainPem,
          key: privateKeyPem,
          minVersion: 'TLSv1.2',
          secureOptions: noTickets,
        })
        return { context, until: notAfter.getTime() - dayMs }
      }).context,
    upstreamTrust: (text) => {
      const { context } = kept(upstream, text in hosts ? text : '', () => {
        const host = hosts[text]
        const context = createSecureContext({
          minVersion: 'TLSv1.2',
          secureOptions: cleansePlaintext,
          ...(host?.ca === undefined ? {} : { ca: host.ca }),
          ...(host?.certificate
            ? { cert: host.certificate.chain, key: readKeyFile(host.certificate.keyFile, host.at) }
            : {}),
        })
        return { context, until: Number.POSITIVE_INFINITY }
      })
      const pins = hosts[text]?.pins
      return { context, ...(pins ? { pins } : {}) }
    },
  })
  // Made now, so that a key file that cannot be read stops the start and not the first request.
  for (const [text, { certificate, at }] of Object.entries(hosts))
    if (certificate) readKeyFile(certificate.keyFile, `${at} of ${text}`).fill(0)
  return { door, rootPem: authority.rootPem }
}

/** What the plan says of the way out; its password is masked. */
function outwardProxy({ egress: { proxy, unsafeResolve } }: Plan, world: StoreWorld): OutwardProxy | undefined {
  if (proxy === undefined || typeof proxy === 'string') return undefined
  const { host, port, tls, ca, direct, secret } = proxy
  const isDirect = directHosts(direct)
  const authorization = secret === undefined ? undefined : world.variable(secret)
  return {
    host,
    port,
    ...(tls ? { context: createSecureContext({ minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) }) } : {}),
    ...(authorization ? { authorization: mask(authorization) } : {}),
    isDirect: (name, at) => Object.hasOwn(unsafeResolve, name) || isDirect(name, at),
  }
}

/** SSL_OP_CLEANSE_PLAINTEXT: what an upstream sent, a key perhaps, does not stay in OpenSSL's buffers. */
const cleansePlaintext = 0x2

/** A ticket would let an app resume into another host's context. */
const noTickets = 0x4000

interface Kept {
  readonly context: SecureContext
  /** When it is to be made anew, ms. */
  readonly until: number
}

const dayMs = 86_400_000

function kept(cache: Map<string, Kept>, name: string, make: () => Kept): Kept {
  const present = cache.get(name)
  if (present && present.until > Date.now()) return present
  if (cache.size >= limits.leafCacheMax) cache.delete(cache.keys().next().value as string)
  const made = make()
  cache.set(name, made)
  return made
}

/** A private key's file as bytes; the caller wipes them when it can. */
function readKeyFile(file: string, at: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new SallyportError('FILE_UNREADABLE', `${at}: ${file} could not be read (${systemCode(error)})`, {
      cause: error,
    })
  }
}

interface Listener {
  /** `host:port` as it was really opened. */
  readonly address: string
  close(): Promise<void>
}

async function listen({ host, port }: Address, server: Server, setting: string, end: () => void): Promise<Listener> {
  const open = new Set<Socket>()
  server.maxConnections = limits.connectionsMax
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new SallyportError(
          'ADDRESS_UNAVAILABLE',
          `${setting}: ${host}:${port} could not be opened (${systemCode(error)}); name another address, or port 0 for any free one`,
          { cause: error },
        ),
      ),
    )
    server.listen({ host, port }, resolve)
  })
  const bound = server.address()
  const boundPort = typeof bound === 'object' && bound ? bound.port : port
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of open) socket.destroy()
        }, limits.drainTimeoutMs)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        end()
      }),
  }
}

import { randomBytes } from 'node:crypto'
import type { Elsewhere, KeyPlan } from '../config/plan.ts'
import { SallyportError } from '../errors.ts'
import type { Carrier, CarrierPlan } from '../keys/carrier.ts'
import { table as carrierForms } from '../keys/carriers/index.ts'
import { type KeyKind, likenessOf } from '../keys/kind.ts'
import { table as kinds } from '../keys/kinds/index.ts'
import { phantomMark, type Random, randomText } from '../keys/random.ts'
import { limits } from '../limits.ts'
import { type AuthorityPattern, compileAuthorityPattern } from '../policy/authority-pattern.ts'
import { type CompiledRoutes, compileRoutes } from '../policy/route.ts'
import { secretFingerprint } from '../secret/fingerprint.ts'
import { forget, type Masked, mask, secretBytes, withUnmasked } from '../secret/masked.ts'
import type { Store } from '../stores/store.ts'

/** A key that is held: masked, with the phantom that stands for it in the app. */
export interface HeldKey {
  readonly name: string
  readonly hosts: readonly string[]
  readonly patterns: readonly AuthorityPattern[]
  readonly carriers: readonly Carrier[]
  readonly masked: Masked
  readonly phantom: Buffer
  /** A part of the key that answers must not hold either, and what stands in its place. */
  readonly core: { readonly masked: Masked; readonly phantom: Buffer } | undefined
  /** Absent: everything on its hosts. */
  readonly routes: CompiledRoutes | undefined
  /** What a route allows besides, by its place; only those that do. */
  readonly extras: ReadonlyMap<string, RouteExtras>
  readonly environment: readonly string[]
  /** Variables under which the app finds the base URL of the door for this key, with `path` behind it. */
  readonly urls: readonly { readonly variable: string; readonly path: string }[]
  readonly fingerprint: string
}

export interface RouteExtras {
  readonly always: boolean
  readonly ownCredentials: boolean
  readonly elsewhere: readonly Elsewhere[]
}

/**
 * Reads every key of the plan from its store, once, and masks it. Rejects with the store's error, the key's place in
 * front, when one cannot be had: nothing listens before all are there.
 */
export async function loadKeyRing(
  plans: readonly KeyPlan[],
  storeOf: (name: string) => Store,
  random: Random = randomText(),
): Promise<readonly HeldKey[]> {
  const salt = randomBytes(32)
  return Promise.all(plans.map((plan) => loadKey(plan, storeOf(plan.store), random, salt)))
}

async function loadKey(plan: KeyPlan, store: Store, random: Random, salt: Uint8Array): Promise<HeldKey> {
  const kind = plan.kind === undefined ? undefined : await kinds.find(({ id }) => id === plan.kind)?.load()
  const carriers = plan.carriers
    ? await Promise.all(plan.carriers.map((carrier) => openCarrier(carrier, plan.at)))
    : (kind as KeyKind).carriers
  const always = plan.routes?.find((route) => route.always)
  if (always && !carriers.some(({ place }) => place === 'field'))
    throw new SallyportError(
      'CONFIG_INVALID',
      `${always.at}: key ${plan.name} is carried in no field, so it cannot go along with a request that does not carry its phantom; remove \`always\``,
    )
  const bytes = await read(plan, store)
  const like = kind ? likenessOf(kind, bytes) : undefined
  const fingerprint = secretFingerprint(salt, bytes)
  const core = maskCore(bytes, carriers)
  const masked = mask(bytes)
  const phantom = Buffer.from(kind && like ? kind.phantom(random, like) : phantomOf(carriers, random, masked.length))
  return {
    name: plan.name,
    hosts: plan.hosts,
    patterns: plan.hosts.map((host) => compileHost(host, plan.at)),
    carriers,
    masked,
    phantom,
    core: core && { masked: core.masked, phantom: Buffer.from(core.of(phantom)) },
    routes: plan.routes && compileRoutes(plan.routes),
    extras: new Map(
      (plan.routes ?? [])
        .filter(({ always, ownCredentials, elsewhere }) => always || ownCredentials || elsewhere)
        .map(({ at, always = false, ownCredentials = false, elsewhere = [] }) => [
          at,
          { always, ownCredentials, elsewhere },
        ]),
    ),
    environment: plan.environment,
    urls: plan.urls,
    fingerprint,
  }
}

function maskCore(key: Uint8Array, carriers: readonly Carrier[]) {
  for (const carrier of carriers) {
    if (carrier.place !== 'target' || !carrier.core) continue
    const part = carrier.core(key)
    // A shorter one would be found by chance.
    if (part.length < coreBytesMin || part.length === key.length) continue
    const own = secretBytes(part.length)
    own.set(part)
    return { masked: mask(own), of: carrier.core }
  }
  return undefined
}

const coreBytesMin = 16

function phantomOf(carriers: readonly Carrier[], random: Random, length: number): string {
  for (const carrier of carriers)
    if (carrier.place === 'signature' && carrier.phantom) return carrier.phantom(random, length)
  return plainPhantom(random, length)
}

/** For a key of no known kind: as long as the key where that leaves room for 64 random bits. */
function plainPhantom(random: Random, length: number): string {
  const mark = length >= 29 ? `sallyport-${phantomMark}-` : phantomMark
  return mark + random.base62(Math.max(11, length - mark.length))
}

async function read(plan: KeyPlan, store: Store): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = await store.read(plan.reference, AbortSignal.timeout(limits.storeTimeoutMs))
  } catch (error) {
    if (error instanceof SallyportError)
      throw new SallyportError(error.code, `${plan.at}: key ${plan.name}: ${error.message}`, { cause: error })
    throw new SallyportError(
      'STORE_UNREACHABLE',
      `${plan.at}: key ${plan.name}: its store did not answer in ${limits.storeTimeoutMs} ms`,
      { cause: error },
    )
  }
  // RFC 9110 §5.5: what a field value can hold and no proxy rewrites; a line end in a key would be a field of its own.
  const isSendable =
    bytes.length >= limits.keyBytesMin &&
    bytes.length <= limits.keyBytesMax &&
    bytes.every((byte) => byte > 0x20 && byte < 0x7f)
  if (!isSendable) {
    bytes.fill(0)
    throw new SallyportError(
      'STORE_KEY_INVALID',
      `${plan.at}: key ${plan.name}: is shorter than ${limits.keyBytesMin} bytes, longer than ${limits.keyBytesMax}, or holds a character other than visible ASCII`,
    )
  }
  return bytes
}

function compileHost(host: string, at: string): AuthorityPattern {
  const compiled = compileAuthorityPattern(host)
  if ('problem' in compiled) throw new SallyportError('CONFIG_INVALID', `${at}: ${host}: ${compiled.problem}`)
  return compiled.pattern
}

async function openCarrier({ form, parameters }: CarrierPlan, at: string): Promise<Carrier> {
  const entry = carrierForms.find(({ id }) => id === form)
  if (!entry) throw new SallyportError('CONFIG_INVALID', `${at}: there is no carrier ${form}`)
  return (await entry.load()).open(parameters)
}

/**
 * `text` with the phantom in each place where a key stands, or undefined where none does. For variables of the app's that
 * quote a key from a store without the launcher having known it.
 */
export function withPhantoms(keys: readonly HeldKey[], text: string): string | undefined {
  let bytes = Buffer.from(text)
  let found = false
  for (const { masked, phantom } of keys) {
    withUnmasked(masked, (key) => {
      for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at + phantom.length)) {
        const replaced = Buffer.concat([bytes.subarray(0, at), phantom, bytes.subarray(at + key.length)])
        bytes.fill(0)
        bytes = replaced
        found = true
      }
    })
  }
  return found ? bytes.toString() : undefined
}

/** Everything of the keys that may come out nowhere, and what stands in its place. */
export function secretsOf(keys: readonly HeldKey[]): Pick<HeldKey, 'masked' | 'phantom'>[] {
  return keys.flatMap((key) => (key.core ? [key, key.core] : [key]))
}

/** Ends all keys. */
export function forgetKeys(keys: readonly HeldKey[]): void {
  for (const { masked, core } of keys) {
    forget(masked)
    if (core) forget(core.masked)
  }
}

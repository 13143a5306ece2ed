import { isAbsolute, join } from 'node:path'
import type { z } from 'zod'
import { SallyportError } from '../errors.ts'
import type { CarrierPlan } from '../keys/carrier.ts'
import { builtInStores, defaultPlan, type PlanOptions } from './default-plan.ts'
import { explainIssue, listKnownNames } from './explain-issue.ts'
import type { ConfigFiles } from './files.ts'
import { nearest } from './nearest.ts'
import { type ParsedYaml, parseYaml } from './parse-yaml.ts'
import type {
  EgressPlan,
  IngressPlan,
  KeyPlan,
  KeyRoutePlan,
  Plan,
  RoutePlan,
  StorePlan,
  UpstreamPlan,
} from './plan.ts'
import { type ConfigProblem, describePlace, holdsKey, type Path, pathText, type Show, showerOf } from './problem.ts'
import { covers, hostOf, readAuthority, readHost } from './read-authority.ts'
import { type Checked, readAuthorities, readCertificate, readRevocationLists } from './read-certificates.ts'
import { type Config, configSchema, type Known, loadKnown } from './schema.ts'

export interface MakePlanOptions extends PlanOptions {
  readonly files: ConfigFiles
  /** As the user named the file, for messages. */
  readonly file: string
  /** Absolute path of the folder that paths in the file are relative to. */
  readonly folder: string
  readonly now?: Date
  /** For tests: other kinds than the product's. */
  readonly known?: Known
}

type Made =
  | { readonly plan: Plan; readonly notices: readonly ConfigProblem[] }
  | { readonly problems: readonly ConfigProblem[] }

const problemsMax = 100

/** From the text of a configuration to its plan. Everything that is wrong is told at once. */
export async function makePlan(text: string, options: MakePlanOptions): Promise<Made> {
  const { report, plan } = await draftPlan(text, options)
  return plan && report.problems.length === 0 ? { plan, notices: report.notices } : report.end()
}

/** The stores alone, for commands that need nothing else: what is wrong elsewhere is not told. */
export async function makeStores(
  text: string,
  options: MakePlanOptions,
): Promise<Pick<Plan, 'stores'> | { readonly problems: readonly ConfigProblem[] }> {
  const { report, plan } = await draftPlan(text, options)
  const problems = report.end().problems.filter(({ path }) => !plan || path === '' || /^stores\b/.test(path))
  return plan && problems.length === 0 ? { stores: plan.stores } : { problems }
}

/** Without a plan where the text is no configuration at all. */
async function draftPlan(text: string, options: MakePlanOptions): Promise<{ report: Report; plan?: Plan }> {
  const known = options.known ?? (await loadKnown())
  const yaml = parseYaml(text)
  const show = showerOf(known.kinds)
  const report = openReport(yaml, options.file, show)
  for (const { line, column, path, message } of yaml.problems)
    report.problems.push({ file: options.file, line, column, path: pathText(path, show), message })
  if (report.problems.length > 0) return { report }
  if (yaml.data === undefined || yaml.data === null) {
    report.problem([], 'is empty; remove the file to run with the defaults, or name a key under `keys:`')
    return { report }
  }
  reportKeys(yaml.data, [], known, report)
  const config = readSections(yaml.data, known, report, show)
  const plan = planOf(config, { ...options, known, report, show, data: yaml.data })
  if (options.strict) {
    for (const notice of report.notices)
      report.problems.push({ ...notice, message: `${notice.message} (refused because of --strict)` })
  }
  return { report, plan }
}

/** Every section may lack what did not fit the schema. */
type PartialConfig = Pick<Config, 'stores' | 'keys'> & {
  [Section in 'app' | 'egress' | 'ingress' | 'audit']?: Partial<NonNullable<Config[Section]>> | undefined
}

interface Report {
  readonly problems: ConfigProblem[]
  readonly notices: ConfigProblem[]
  problem(path: Path, message: string, on?: 'name' | 'value'): void
  notice(path: Path, message: string): void
  /** What a plan's `at` holds. */
  at(path: Path): string
  end(): { readonly problems: readonly ConfigProblem[] }
}

function openReport(yaml: ParsedYaml, file: string, show: Show): Report {
  const problems: ConfigProblem[] = []
  const notices: ConfigProblem[] = []
  const place = (path: Path, on?: 'name' | 'value') => ({ file, ...yaml.place(path, on), path: pathText(path, show) })
  return {
    problems,
    notices,
    problem: (path, message, on) => problems.push({ ...place(path, on), message }),
    notice: (path, message) => notices.push({ ...place(path), message }),
    at: (path) => describePlace(place(path, 'name')),
    end() {
      const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
      const more = sorted.length - problemsMax
      const last = sorted[problemsMax - 1]
      if (more <= 0 || !last) return { problems: sorted }
      return {
        problems: [
          ...sorted.slice(0, problemsMax),
          { ...last, path: '', message: `and ${more} more problems after this one` },
        ],
      }
    },
  }
}

/**
 * What of the configuration fits the schema; what does not is reported and left out, section by section and key by key,
 * so that the checks across sections still see the rest.
 */
function readSections(data: unknown, known: Known, report: Report, show: Show): PartialConfig {
  const schema = configSchema(known)
  const options = { error: listKnownNames, reportInput: false }
  const whole = schema.safeParse(data, options)
  if (whole.success) return whole.data
  for (const issue of whole.error.issues) {
    for (const { path, on, message } of explainIssue(issue, { data, show })) report.problem(path, message, on)
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return {}
  const kept: Record<string, unknown> = {}
  for (const [name, section] of Object.entries(schema.shape)) {
    const given = (data as Record<string, unknown>)[name]
    if (!isRecord(given)) continue
    const parts = section.unwrap()
    const shape = 'shape' in parts ? (parts.shape as Record<string, z.ZodType>) : undefined
    kept[name] = Object.fromEntries(
      Object.entries(given).flatMap(([property, value]) => {
        if (!shape) {
          const one = parts.safeParse({ [property]: value })
          return one.success ? Object.entries(one.data as object) : []
        }
        const one = Object.hasOwn(shape, property) ? shape[property]?.safeParse(value) : undefined
        return one?.success ? [[property, one.data]] : []
      }),
    )
  }
  return kept as PartialConfig
}

/** A key itself has no place anywhere in the file. */
function reportKeys(data: unknown, path: Path, known: Known, report: Report): void {
  const tell = (text: string, at: Path, on: 'name' | 'value') => {
    const kind = holdsKey(known.kinds, text)
    const message =
      'take it out of this file, revoke it if others could read the file, and keep the new one in a store: `sallyport keys set NAME`'
    if (kind) report.problem(at, `this is a key itself (${kind.title}); ${message}`, on)
  }
  if (typeof data === 'string') tell(data, path, 'value')
  if (typeof data !== 'object' || data === null) return
  for (const [name, value] of Object.entries(data)) {
    const inner = [...path, Array.isArray(data) ? Number(name) : name]
    if (!Array.isArray(data)) tell(name, inner, 'name')
    reportKeys(value, inner, known, report)
  }
}

interface Context extends MakePlanOptions {
  readonly known: Known
  readonly report: Report
  readonly show: Show
  /** As it was written, before the schema: what does not fit it still has a name. */
  readonly data: unknown
}

function planOf(config: PartialConfig, context: Context): Plan {
  const base = defaultPlan(context, context.known.stores)
  const stores = planStores(config, context)
  const keys = planKeys(config, context, stores)
  const egress = planEgress(config, context, keys, base.egress)
  const ingress = planIngress(config, context)
  const app = planApp(config, context)
  if (config.app?.listen && config.ingress === undefined && !isWritten(context.data, 'ingress'))
    context.report.notice(['app', 'listen'], 'nothing reads this without `ingress`; add that, or remove this')
  return {
    ...base,
    stores,
    keys: keys.map((key) => withRoutes(key, config, context)),
    ...(app ? { app } : {}),
    egress,
    ...(ingress ? { ingress } : {}),
    audit: config.audit?.file ? { file: absolutePath(config.audit.file, context) } : base.audit,
  }
}

function planStores(config: PartialConfig, context: Context): Record<string, StorePlan> {
  const { known, report } = context
  const stores = builtInStores(context, known.stores)
  for (const [name, given] of Object.entries(config.stores ?? {})) {
    const { kind: id, ...rest } = given as { kind: string } & Record<string, unknown>
    const kind = known.stores.find((one) => one.id === id)
    if (!kind) continue
    if (known.stores.some((one) => one.id === name) && name !== id) {
      report.problem(
        ['stores', name],
        `is named as another kind of store; choose another name, or \`kind: ${name}\``,
        'name',
      )
      continue
    }
    const own = Object.fromEntries(
      Object.entries(rest).map(([property, value]) => [
        property,
        kind.paths.includes(property) && typeof value === 'string' ? absolutePath(value, context) : value,
      ]),
    )
    const defaults = stores[kind.id]?.config ?? {}
    stores[name] = { kind: id, config: { ...defaults, ...own }, at: report.at(['stores', name]) }
  }
  return stores
}

function planKeys(config: PartialConfig, context: Context, stores: Readonly<Record<string, StorePlan>>): KeyPlan[] {
  const taken = new Map<string, string>()
  const keys: KeyPlan[] = []
  for (const [name, given] of Object.entries(config.keys ?? {})) {
    const path = ['keys', name]
    const source = readReference(given.from, [...path, 'from'], context, stores)
    const environment = given.env ?? (source?.kind === 'env' ? [source.reference] : [])
    if (environment.length === 0 && given.url_env === undefined)
      context.report.problem(
        path,
        'the app would never find it; set `env`, the variable in which the app looks for the key',
        'name',
      )
    const kind = planKind(given, path, context)
    const urls = planUrls(given, path, context)
    for (const variable of [...environment, ...urls.map((url) => url.variable)]) {
      const other = taken.get(variable)
      const isUrl = urls.some((url) => url.variable === variable)
      const where = isUrl ? 'url_env' : given.env === undefined ? 'from' : 'env'
      if (other)
        context.report.problem(
          [...path, where],
          `the variable ${variable} is already that of ${other}; one variable holds one thing`,
        )
      taken.set(variable, `keys.${name}`)
    }
    if (kind && given.url_env !== undefined && kind.hosts.every((host) => host.startsWith('*.')))
      context.report.problem(
        [...path, 'url_env'],
        "leads to the key's first single host, and all of its hosts stand for many; add a single one",
      )
    if (!source || !kind) continue
    keys.push({
      name,
      ...kind,
      store: source.store,
      reference: source.reference,
      environment,
      urls,
      at: context.report.at(path),
    })
  }
  return keys
}

type KeyConfig = NonNullable<Config['keys']>[string]

/** The path behind the door's address is the kind's, where its SDKs read that variable. */
function planUrls({ kind: id, url_env: given }: KeyConfig, path: Path, { known, report }: Context): KeyPlan['urls'] {
  if (given === undefined) return []
  const own = known.kinds.find((kind) => kind.id === id)?.baseUrls ?? []
  if (given !== true) return [own.find(({ variable }) => variable === given) ?? { variable: given, path: '' }]
  if (own.length === 0)
    report.problem(
      [...path, 'url_env'],
      'the kind of this key has no variable of its own for a base URL; name the one that the app reads',
    )
  return own
}

function planKind(
  given: KeyConfig,
  path: Path,
  { known, report }: Context,
): Pick<KeyPlan, 'kind' | 'hosts' | 'carriers'> | undefined {
  if (typeof given.kind === 'object') {
    const { carrier, hosts } = given.kind
    if (given.hosts)
      report.problem([...path, 'hosts'], 'stands beside the hosts of `kind`; keep one of the two', 'name')
    const place = ['header', 'field'].find((name) => notForKeys.has(carrier.parameters[name]?.toLowerCase() ?? ''))
    if (place !== undefined) {
      report.problem(
        [...path, 'kind', 'carrier', place],
        'carries no key: the doors write this field themselves; name the field that the host reads',
      )
      return undefined
    }
    const problem = openingProblem(carrier, known)
    if (problem) {
      report.problem([...path, 'kind', 'carrier'], problem)
      return undefined
    }
    return { hosts: unique(hosts), carriers: [carrier] }
  }
  const kind = known.kinds.find(({ id }) => id === given.kind)
  if (!kind) return undefined
  if (kind.use === 'stays') {
    report.problem(
      [...path, 'kind'],
      `${kind.title}: never leaves the app, so there is nothing to put into a request; remove the key from here`,
    )
    return undefined
  }
  const hosts =
    given.hosts ??
    kind.hosts.flatMap((host) => {
      const reading = readAuthority(host, { wildcard: true })
      return 'value' in reading ? [reading.value] : []
    })
  return { kind: kind.id, hosts: unique(hosts) }
}

/** Why the parameters of a carrier do not fit together. */
function openingProblem({ form: id, parameters }: CarrierPlan, known: Known): string | undefined {
  try {
    known.carriers.find((form) => form.id === id)?.open(parameters)
    return undefined
  } catch (error) {
    if (error instanceof SallyportError) return error.message
    throw error
  }
}

/** Fields that frame or route a request: written by the doors, so no key rides in them. */
const notForKeys = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'content-type',
  'content-encoding',
  'forwarded',
  'via',
  'date',
  'client-cert',
  'client-cert-chain',
])

interface Source {
  readonly store: string
  readonly kind: string
  readonly reference: string
}

function readReference(
  from: string,
  path: Path,
  context: Context,
  stores: Readonly<Record<string, StorePlan>>,
): Source | undefined {
  const { known, report, show } = context
  const colon = from.indexOf(':')
  // Told already, wherever it stands.
  if (holdsKey(known.kinds, from)) return undefined
  if (colon < 0) {
    report.problem(
      path,
      'is not `store:reference`; write where the key is kept, such as file:stripe, and never the key itself',
    )
    return undefined
  }
  const store = from.slice(0, colon)
  const reference = from.slice(colon + 1)
  const plan = stores[store]
  if (!Object.hasOwn(stores, store) || !plan) {
    if (isWritten(context.data, 'stores', store)) return undefined
    const near = nearest(store, Object.keys(stores))
    report.problem(
      path,
      `there is no store ${show(store)}; ${near ? `did you mean ${near}?` : `there are ${Object.keys(stores).join(', ')}`}`,
    )
    return undefined
  }
  const storeKind = known.stores.find(({ id }) => id === plan.kind)
  if (storeKind && !storeKind.reference.pattern.test(reference)) {
    report.problem(
      path,
      `behind the colon must stand ${storeKind.reference.says}; write it as ${store}:${storeKind.reference.example}`,
    )
    return undefined
  }
  if (plan.kind === 'env' && !context.environment[reference])
    report.notice(path, `the environment variable ${reference} is not set; the key cannot be had until it is`)
  return { store, kind: plan.kind, reference }
}

function withRoutes(key: KeyPlan, config: PartialConfig, { report }: Context): KeyPlan {
  const routes: KeyRoutePlan[] = []
  for (const [i, route] of (config.egress?.routes ?? []).entries()) {
    if (route.key !== key.name) continue
    const path = ['egress', 'routes', i]
    for (const [j, host] of (route.hosts ?? []).entries()) {
      if (!key.hosts.some((pattern) => covers(pattern, host)))
        report.problem(
          [...path, 'hosts', j],
          `is none of the key's hosts (${key.hosts.join(', ')}); name one of them, or add it to the key`,
        )
    }
    routes.push({
      ...requestLists(route),
      ...(route.always ? { always: true } : {}),
      ...(route.own_credentials ? { ownCredentials: true } : {}),
      ...(route.elsewhere ? { elsewhere: unique(route.elsewhere) } : {}),
      at: report.at(path),
    })
  }
  return routes.length > 0 ? { ...key, routes } : key
}

function requestLists(given: {
  hosts?: readonly string[] | undefined
  methods?: readonly string[] | undefined
  paths?: readonly string[] | undefined
}): Omit<RoutePlan, 'at'> {
  return {
    ...(given.hosts ? { hosts: unique(given.hosts) } : {}),
    ...(given.methods ? { methods: unique(given.methods) } : {}),
    ...(given.paths ? { paths: unique(given.paths) } : {}),
  }
}

function planApp(config: PartialConfig, context: Context): Plan['app'] {
  const { app } = config
  const command = context.command?.length ? context.command : app?.command
  if (!app && !command) return undefined
  if (app?.listen && !isLoopback(app.listen.host))
    context.report.notice(
      ['app', 'listen'],
      'is not on this machine’s loopback, so requests travel there in clear and others can pass the door by; let the app listen on 127.0.0.1',
    )
  return {
    command: command ?? [],
    directory: context.directory,
    ...(app?.listen ? { listen: app.listen } : {}),
    ...(app?.user === undefined ? {} : { user: app.user }),
  }
}

function planEgress(config: PartialConfig, context: Context, keys: readonly KeyPlan[], base: EgressPlan): EgressPlan {
  const { report } = context
  const egress = config.egress ?? {}
  const names = writtenKeys(context)
  // As it was written: a route that does not fit the schema may name its key wrongly as well.
  const written = isRecord(context.data) && isRecord(context.data.egress) ? context.data.egress.routes : []
  for (const [i, route] of (Array.isArray(written) ? written : []).entries()) {
    const key: unknown = isRecord(route) ? route.key : undefined
    if (typeof key !== 'string' || names.includes(key)) continue
    const near = nearest(key, names)
    report.problem(
      ['egress', 'routes', i, 'key'],
      `there is no key ${context.show(key)}; ${near ? `did you mean ${near}?` : 'name one that stands under `keys`'}`,
    )
  }
  if (egress.listen && !isLoopback(egress.listen.host))
    report.notice(
      ['egress', 'listen'],
      'can be reached from other machines, and the door tells callers apart by their phantom alone; listen on 127.0.0.1',
    )
  for (const [i, host] of (egress.direct ?? []).entries()) {
    const key = keys.find(({ hosts }) =>
      hosts.some((pattern) => covers(host, hostOf(pattern)) || covers(hostOf(pattern), host)),
    )
    if (key)
      report.problem(
        ['egress', 'direct', i],
        `is a host of the key ${key.name}: past the door it would see the phantom only; remove it from here`,
      )
  }
  return {
    listen: egress.listen ?? base.listen,
    others: egress.others ?? base.others,
    direct: unique(egress.direct ?? []),
    hosts: planUpstreams(egress.hosts ?? {}, context, keys),
    proxy: planProxy(egress, context, base),
    unsafeResolve: planResolve(egress.unsafe_resolve ?? {}, context),
    unsafeAddresses: unique(egress.unsafe_addresses ?? []),
  }
}

function planProxy(
  { proxy, proxy_ca: ca }: NonNullable<Config['egress']>,
  context: Context,
  base: EgressPlan,
): NonNullable<EgressPlan['proxy']> {
  const path = ['egress', 'proxy_ca']
  const isTls = typeof proxy === 'object' && proxy.tls
  // One that does not fit the schema has its own problem.
  const isUnread = proxy === undefined && isWritten(context.data, 'egress', 'proxy')
  if (ca !== undefined && !isTls && !isUnread)
    context.report.problem(path, 'is for a proxy that `egress.proxy` names with an https URL; name it, or remove this')
  if (proxy === undefined) return base.proxy ?? 'none'
  if (typeof proxy === 'string') return proxy
  const read =
    ca === undefined
      ? undefined
      : take(readAuthorities(context.files, absolutePath(ca, context), now(context)), path, context)
  return { ...proxy, direct: [], ...(read === undefined ? {} : { ca: read.pem }) }
}

function planUpstreams(
  given: NonNullable<NonNullable<Config['egress']>['hosts']>,
  context: Context,
  keys: readonly KeyPlan[],
): Record<string, UpstreamPlan> {
  const { report } = context
  const upstreams: Record<string, UpstreamPlan> = {}
  const allKeysAreGood = writtenKeys(context).length === keys.length
  for (const [name, upstream] of Object.entries(given)) {
    const path = ['egress', 'hosts', name]
    const reading = readAuthority(name, { wildcard: false })
    if ('problem' in reading) {
      report.problem(path, reading.problem, 'name')
      continue
    }
    if (Object.hasOwn(upstreams, reading.value))
      report.problem(path, `is the same as another name here (${reading.value}); keep one`, 'name')
    if (allKeysAreGood && !keys.some(({ hosts }) => hosts.some((pattern) => covers(pattern, reading.value))))
      report.problem(
        path,
        'no key has this host, so nothing would read this; add the host to a key, or remove this',
        'name',
      )
    const ca =
      upstream.ca === undefined
        ? undefined
        : take(
            readAuthorities(context.files, absolutePath(upstream.ca, context), now(context)),
            [...path, 'ca'],
            context,
          )
    const certificate = upstream.certificate && planCertificate(upstream.certificate, [...path, 'certificate'], context)
    upstreams[reading.value] = {
      ...(ca === undefined ? {} : { ca: ca.pem }),
      ...(certificate ? { certificate } : {}),
      ...(upstream.pins ? { pins: upstream.pins } : {}),
      at: report.at(path),
    }
  }
  return upstreams
}

function planResolve(given: Readonly<Record<string, string>>, { report }: Context): Record<string, string> {
  const resolve: Record<string, string> = {}
  for (const [name, address] of Object.entries(given)) {
    const reading = readHost(name, { wildcard: false })
    if ('problem' in reading) report.problem(['egress', 'unsafe_resolve', name], reading.problem, 'name')
    else resolve[reading.value] = address
  }
  return resolve
}

function planIngress(config: PartialConfig, context: Context): IngressPlan | undefined {
  const { ingress } = config
  const { report } = context
  if (!ingress) return undefined
  if (!config.app?.listen && !isWritten(context.data, 'app', 'listen'))
    report.problem(
      ['ingress'],
      'has no app to forward to; set `app.listen`, the address that the app listens on',
      'name',
    )
  const { listen, clients, policy } = ingress
  const certificate = ingress.certificate && planCertificate(ingress.certificate, ['ingress', 'certificate'], context)
  const accepted = clients && planClients(clients, ['ingress', 'clients'], context)
  if (!listen || !certificate || !accepted || !policy) return undefined
  return {
    listen,
    certificate,
    clients: accepted,
    policy: policy.map((rule, i) => ({
      allow: rule.allow as IngressPlan['policy'][number]['allow'],
      ...requestLists(rule),
      at: report.at(['ingress', 'policy', i]),
    })),
    at: report.at(['ingress']),
  }
}

function planClients(
  given: { ca: string; crl?: readonly string[] | undefined },
  path: Path,
  context: Context,
): IngressPlan['clients'] {
  const read = readAuthorities(context.files, absolutePath(given.ca, context), now(context))
  const authorities = take(read, [...path, 'ca'], context)
  const crls = (given.crl ?? []).flatMap((file) => {
    const lists = readRevocationLists(
      context.files,
      absolutePath(file, context),
      read.problems.length > 0 ? [] : (authorities?.certificates ?? []),
      now(context),
    )
    return take(lists, [...path, 'crl'], context) ?? []
  })
  return { ca: authorities?.pem ?? '', crls }
}

function planCertificate(
  given: { chain: string; key: string },
  path: Path,
  context: Context,
): { chain: string; keyFile: string } {
  const paths = { chain: absolutePath(given.chain, context), key: absolutePath(given.key, context) }
  const read = readCertificate(context.files, paths, now(context))
  const chain = take(read.chain, [...path, 'chain'], context)
  take(read.key, [...path, 'key'], context)
  return { chain: chain ?? '', keyFile: paths.key }
}

function take<T>(checked: Checked<T>, path: Path, { report }: Context): T | undefined {
  for (const message of checked.problems) report.problem(path, message)
  for (const message of checked.notices) report.notice(path, message)
  return checked.value
}

function absolutePath(path: string, { folder }: Context): string {
  return isAbsolute(path) ? path : join(folder, path)
}

function now(context: Context): Date {
  return context.now ?? new Date()
}

function writtenKeys({ data }: Context): string[] {
  return Object.keys(isRecord(data) && isRecord(data.keys) ? data.keys : {})
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function isWritten(data: unknown, ...path: string[]): boolean {
  let value = data
  for (const part of path) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return false
    value = value[part]
  }
  return true
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)]
}

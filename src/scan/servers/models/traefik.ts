import type { ClientCertificates, Listener } from '../listener.ts'
import { type FieldFate, isCallerCredential, isLoopback, type LoggedCredential, type Route } from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'
import { readSettings, type Setting, type Settings } from '../traefik/read-settings.ts'

/** After the source of 3.7 (`pkg/tls`): unlike the other proxies it was not run on each setting. */
export const traefik: ServerModel = {
  id: 'traefik',
  title: 'Traefik',
  *read(tree, _deployment, gap) {
    const settings = readSettings(tree, gap)
    const entries = names(settings, 'entrypoints')
    for (const router of names(settings, 'http.routers')) yield* listenersOf(settings, router, entries)
  },
  documentation: 'https://doc.traefik.io/traefik/https/tls/#client-authentication-mtls',
}

/** Names of what stands under a path: `app` of `http.routers.app.rule`. */
function names(settings: Settings, path: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const key of settings.keys())
    if (key.startsWith(`${path}.`)) found.add(key.slice(path.length + 1).split('.', 1)[0] ?? '')
  return found
}

const aboves = new WeakMap<Settings, ReadonlySet<string>>()

/** Every path that something stands under. */
function abovesOf(settings: Settings): ReadonlySet<string> {
  const known = aboves.get(settings)
  if (known) return known
  const found = new Set<string>()
  for (const key of settings.keys())
    for (let at = key.lastIndexOf('.'); at > 0 && !found.has(key.slice(0, at)); at = key.lastIndexOf('.', at - 1))
      found.add(key.slice(0, at))
  aboves.set(settings, found)
  return found
}

function has(settings: Settings, path: string): boolean {
  const value = settings.get(path)?.value
  return (value !== undefined && value !== 'false') || abovesOf(settings).has(path)
}

function* listenersOf(settings: Settings, router: string, entries: ReadonlySet<string>): Generator<Listener> {
  const at = `http.routers.${router}`
  const place = settings.get(`${at}.rule`) ?? settings.get(`${at}.service`) ?? settings.get(`${at}.entrypoints`)
  if (!place) return
  const listed = settings
    .get(`${at}.entrypoints`)
    ?.value.split(',')
    .map((name) => name.trim().toLowerCase())
  for (const entry of listed ?? (entries.size > 0 ? entries : [''])) {
    const address = settings.get(`entrypoints.${entry}.address`)?.value ?? ''
    const isTls = has(settings, `${at}.tls`) || has(settings, `entrypoints.${entry}.http.tls`)
    if (!isTls && has(settings, `entrypoints.${entry}.http.redirections`)) continue
    const [, host = '', port] = /^(.*):(\d+)(?:\/\w+)?$/.exec(address) ?? []
    yield listenerOf(settings, router, place, {
      entry,
      isTls,
      host: host === '' ? undefined : host,
      port: port === undefined ? undefined : Number(port),
    })
  }
}

interface Entry {
  readonly entry: string
  readonly isTls: boolean
  readonly host: string | undefined
  readonly port: number | undefined
}

function listenerOf(settings: Settings, router: string, place: Setting, { entry, isTls, host, port }: Entry): Listener {
  const at = `http.routers.${router}`
  const named =
    settings.get(`${at}.tls.options`)?.value ??
    settings.get(`entrypoints.${entry}.http.tls.options`)?.value ??
    'default'
  const options = `tls.options.${named.replace(/@.*$/, '').toLowerCase()}.clientauth`
  const type = settings.get(`${options}.clientauthtype`)
  const files = settings.get(`${options}.cafiles`) ?? settings.get(`${options}.secretnames`)
  // A list of authorities alone demands a certificate of theirs.
  const { clients, refusesNone } = clientsOf(type?.value ?? (files ? 'RequireAndVerifyClientCert' : undefined))
  const route = routeOf(settings, router, place, entry)
  const demand = type ?? files ?? place
  return {
    server: 'traefik',
    file: place.file,
    start: place.start,
    end: place.end,
    address: host,
    port,
    transport: isTls ? 'tls' : 'plain',
    clients: isTls ? clients : 'not asked',
    ...(refusesNone ? { refusesNone } : {}),
    claims: isTls && (files !== undefined || (type !== undefined && clients !== 'not asked')),
    because: type ? [`clientAuthType ${type.value}`] : [],
    ...(files ? { ca: files.value } : {}),
    passesTo: [route.to],
    setsFields: [...route.fields.keys()],
    proxy: {
      speaks: 'http',
      demand: {
        file: demand.file,
        start: demand.start,
        end: demand.end,
        correction: type
          ? demand.file.quote(demand.start, demand.end).replace(type.value, 'RequireAndVerifyClientCert')
          : `${demand.file.quote(demand.start, demand.end)}\nclientAuthType: RequireAndVerifyClientCert`,
      },
      ...(files
        ? { authority: { file: files.file, start: files.start, end: files.end, path: files.value.split(',')[0] ?? '' } }
        : {}),
      ...(type && !files && (clients === 'required' || clients === 'optional')
        ? {
            missingAuthority: {
              file: type.file,
              start: type.start,
              end: type.end,
              correction: `${type.file.quote(type.start, type.end)}\ncaFiles: [/etc/traefik/clients-ca.pem]`,
              effect: 'Traefik refuses these options',
            },
          }
        : {}),
      routes: [route],
      logs: loggedBy(settings),
      serves: [],
    },
  }
}

function clientsOf(type: string | undefined): { readonly clients: ClientCertificates; readonly refusesNone?: boolean } {
  switch (type) {
    case 'RequestClientCert':
      return { clients: 'any' }
    case 'RequireAnyClientCert':
      return { clients: 'any', refusesNone: true }
    case 'VerifyClientCertIfGiven':
      return { clients: 'optional' }
    case 'RequireAndVerifyClientCert':
      return { clients: 'required' }
    default:
      return { clients: 'not asked' }
  }
}

const deciding = ['basicauth', 'digestauth', 'forwardauth', 'ipallowlist', 'ipwhitelist', 'jwt', 'oidc', 'plugin']

function routeOf(settings: Settings, router: string, place: Setting, entry: string): Route {
  const at = `http.routers.${router}`
  const bare = (name: string) => name.trim().replace(/@.*$/, '').toLowerCase()
  const middlewares = (settings.get(`${at}.middlewares`)?.value ?? '')
    .split(',')
    .map(bare)
    .filter((name) => name !== '')
  const fields = new Map<string, FieldFate>()
  for (const name of middlewares) {
    const headers = `http.middlewares.${name}.headers.customrequestheaders.`
    for (const [key, { value }] of settings)
      if (key.startsWith(headers)) fields.set(key.slice(headers.length), value === '' ? 'removed' : 'set')
    if (has(settings, `http.middlewares.${name}.passtlsclientcert.pem`))
      fields.set('x-forwarded-tls-client-cert', 'set')
    if (has(settings, `http.middlewares.${name}.passtlsclientcert.info`))
      fields.set('x-forwarded-tls-client-cert-info', 'set')
  }
  const service = bare(settings.get(`${at}.service`)?.value ?? router)
  const balancer = `http.services.${service}.loadbalancer`
  const to = settings.get(`${balancer}.servers.0.url`)?.value ?? service
  const transport = bare(settings.get(`${balancer}.serverstransport`)?.value ?? '')
  const off =
    settings.get(`http.serverstransports.${transport}.insecureskipverify`) ??
    settings.get('serverstransport.insecureskipverify')
  const change = off ?? place
  return {
    file: place.file,
    start: place.start,
    end: place.end,
    name: `the router ${router}`,
    to,
    gate: middlewares.some((name) => deciding.some((one) => has(settings, `http.middlewares.${name}.${one}`)))
      ? 'other'
      : 'open',
    fields,
    removesPrefixes: [],
    passesUnderscores: ['aliasheadersstrategy', 'underscoreheadersstrategy'].every((name) => {
      const strategy = settings.get(`entrypoints.${entry}.http.${name}`)?.value.toLowerCase()
      return strategy === undefined || strategy === '' || strategy === 'keep'
    }),
    overwrite: (given) => ({
      file: place.file,
      start: place.start,
      end: place.end,
      correction: `${place.file.quote(place.start, place.end)}\n# a middleware: headers: { customRequestHeaders: { ${given.flatMap((name) => [`${name}: ""`, `${name.replaceAll('-', '_')}: ""`]).join(', ')} } }`,
    }),
    upstream: {
      transport:
        to.startsWith('https:') || settings.get(`${balancer}.server.scheme`)?.value === 'https' ? 'tls' : 'plain',
      isVerified: off?.value !== 'true',
      isLocal: isLoopback(/^\w+:\/\/(\[[^\]]*\]|[^:/]*)/.exec(to)?.[1]),
      isExplicit: off?.value === 'true',
      verify: {
        file: change.file,
        start: change.start,
        end: change.end,
        correction: change.file.quote(change.start, change.end).replace(/true/i, 'false'),
      },
    },
  }
}

/** Fields are dropped from the access log unless it is told otherwise. */
function loggedBy(settings: Settings): readonly LoggedCredential[] {
  const logged: LoggedCredential[] = []
  for (const [key, { value, file, start, end }] of settings) {
    const name = /^accesslog\.fields\.headers\.(?:names\.(.+)|defaultmode)$/.exec(key)
    if (!name || value.toLowerCase() !== 'keep') continue
    const field = name[1]
    if (field === undefined && settings.get('accesslog.fields.headers.names.authorization')) continue
    if (field !== undefined && !isCallerCredential(field)) continue
    const what = field === undefined ? 'every field, Authorization and Cookie too,' : `the ${field} field`
    logged.push({ file, start, end, correction: file.quote(start, end).replace(/keep/i, 'drop'), what })
  }
  return logged
}

import { isIP } from 'node:net'
import * as z from 'zod'
import { parseSpiffeId } from '../identity/spiffe-id.ts'
import type { CarrierForm } from '../keys/carrier.ts'
import { table as carrierTable } from '../keys/carriers/index.ts'
import type { KeyKind } from '../keys/kind.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { compilePathPattern } from '../policy/path-pattern.ts'
import { table as storeTable } from '../stores/kinds/index.ts'
import type { StoreKind } from '../stores/store.ts'
import type { Address } from './plan.ts'
import { type Reading, readAddress, readAuthority, readBlock, readHost, readProxyUrl } from './read-authority.ts'
import { scanSchema } from './scan-schema.ts'

/** What the product knows: the schema is a function of it. */
export interface Known {
  readonly kinds: readonly KeyKind[]
  readonly stores: readonly StoreKind[]
  readonly carriers: readonly CarrierForm[]
}

export async function loadKnown(): Promise<Known> {
  const [kinds, stores, carriers] = await Promise.all([
    loadKinds(),
    Promise.all(storeTable.map(({ load }) => load())),
    Promise.all(carrierTable.map(({ load }) => load())),
  ])
  return { kinds, stores, carriers }
}

/** What a user would write for a setting, for messages and editors. */
export const examples: Readonly<Record<string, string>> = {
  kind: 'stripe-secret-key',
  from: 'file:stripe',
  env: 'STRIPE_API_KEY',
  url_env: 'STRIPE_API_BASE',
  hosts: '[api.example.com]',
  carrier: '{ header: X-Api-Key }',
  key: 'stripe',
  methods: '[GET, POST]',
  paths: '[/v1/charges/**]',
  command: '[ruby, app.rb]',
  listen: '127.0.0.1:4567',
  certificate: '{ chain: tls/server.pem, key: tls/server.key }',
  chain: 'tls/server.pem',
  clients: '{ ca: tls/clients.pem }',
  ca: 'tls/clients.pem',
  crl: 'tls/clients.crl',
  policy: '[{ allow: { dns: billing.internal }, methods: [GET] }]',
  allow: '{ spiffe: spiffe://example.org/billing }',
  spiffe: 'spiffe://example.org/billing',
  dns: 'billing.internal',
  file: 'audit.jsonl',
}

export type ConfigSchema = ReturnType<typeof makeSchema>
export type Config = z.output<ConfigSchema>

const schemas = new WeakMap<Known, ConfigSchema>()

/** Everything that `sallyport.yaml` may hold, and nothing that nobody reads. */
export function configSchema(known: Known): ConfigSchema {
  const made = schemas.get(known) ?? makeSchema(known)
  schemas.set(known, made)
  return made
}

function makeSchema(known: Known) {
  const name = z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,63}$/,
      'is not a name; use lower-case letters, digits, `-` and `_`, at most 64 of them',
    )
  return z
    .strictObject({
      stores: z
        .record(name, storeSchema(known))
        .optional()
        .describe('Where keys are kept, by a name of your own. `env` and `file` are always there.'),
      keys: z.record(name, keySchema(known)).optional().describe('The keys that the app uses, by a name of your own.'),
      app: appSchema().optional().describe('The service that is protected.'),
      egress: egressSchema().optional().describe('The door behind the app: puts keys into its requests.'),
      ingress: ingressSchema().optional().describe('The door in front of the app: mutual TLS.'),
      audit: z
        .strictObject({
          file: filePath(
            'JSON lines are appended here, mode 0600. Default: sallyport/audit.jsonl in $XDG_STATE_HOME (~/.local/state).',
          ),
        })
        .optional()
        .describe('The log of decisions.'),
      scan: scanSchema().optional().describe('What `sallyport scan` looks at, and what it makes of it.'),
    })
    .describe('Sallyport takes API keys out of services: what it may use, for whom, and where.')
}

function storeSchema({ stores }: Known) {
  const options = stores.map((kind) => kind.config(z).extend({ kind: z.literal(kind.id).describe(`${kind.title}.`) }))
  return z
    .discriminatedUnion('kind', options as [z.ZodObject<{ kind: z.ZodLiteral<string> }>])
    .describe('A place where keys are kept.')
}

function keySchema({ kinds, carriers }: Known) {
  const hosts = z
    .array(read((text) => readAuthority(text, { wildcard: true })))
    .min(1, 'is empty; name the hosts that the key may be sent to')
  const inline = z.strictObject({
    hosts: hosts.describe(
      'Hosts that the key may be sent to; port 443 unless named; `*.` at the front for subdomains.',
    ),
    carrier: carrierSchema(carriers).describe('How the key rides a request.'),
  })
  // What stays in the app is never sent, so there is nothing to replace.
  const travelling = kinds.filter(({ use }) => use !== 'stays').map(({ id }) => id)
  return z
    .strictObject({
      kind: z
        .union([z.enum(travelling as [string, ...string[]]), inline])
        .describe(
          'A known kind of key, which brings shape, hosts and carriers; or `{ hosts, carrier }` for any other.',
        ),
      hosts: hosts.optional().describe('Instead of the hosts that come with a known kind.'),
      from: z.string().describe('Where the key is: `store:reference`. Never the key itself.'),
      env: oneOrMore(variable()).optional().describe('Variables under which the app finds the phantom.'),
      url_env: z
        .union([z.literal(true), variable()])
        .optional()
        .describe(
          'Variable under which the app finds the base URL of its own door for this key; `true`: the one that the SDKs of its kind read.',
        ),
    })
    .describe('One key.')
}

function carrierSchema(forms: readonly CarrierForm[]) {
  const plain = forms.filter(({ parameters }) => parameters.length === 0)
  const written = forms.filter(({ parameters }) => parameters.length > 0)
  const objects = written.map((form) =>
    z
      .strictObject(
        Object.fromEntries(
          form.parameters.map((parameter) => {
            const value = parameterSchema(parameter)
            const described = (parameter.optional ? value.optional() : value).describe(
              parameter.says ?? `${parameter.name}: ${form.title}.`,
            )
            return [parameter.name, described] as const
          }),
        ),
      )
      .describe(form.title)
      .transform((given) => ({ form: form.id, parameters: withoutAbsent(given) })),
  )
  const words = z
    .enum(plain.map(({ id }) => id) as [string, ...string[]])
    .transform((form) => ({ form, parameters: {} as Record<string, string> }))
  return z.union([words, ...objects])
}

function parameterSchema({ choices, token, whole, lengthMax, hasLines }: CarrierForm['parameters'][number]) {
  if (choices) return z.enum(choices as [string, ...string[]])
  if (whole)
    return z
      .int()
      .min(whole.min, `is less than ${whole.min}`)
      .max(whole.max, `is more than ${whole.max}`)
      .transform(String)
  if (token)
    return z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'is not a field name (RFC 9110); letters, digits and `-` are')
  const text = z.string().max(lengthMax ?? 128)
  return hasLines
    ? text.regex(/^[\n\x20-\x7e]*$/, 'must be visible ASCII characters, spaces and line ends')
    : text.regex(/^[\x20-\x7e]*$/, 'must be visible ASCII characters and spaces')
}

function appSchema() {
  return z.strictObject({
    command: z
      .array(z.string())
      .min(1, 'is empty; write the program and its arguments')
      .optional()
      .describe('What `run` starts: the program and its arguments, without a shell.'),
    listen: read((text) => readAddress(text, { anyPort: false }))
      .optional()
      .describe('Where the app listens; the ingress forwards there.'),
    user: z
      .union([
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$|^\d{1,10}$/, 'is not the name or number of a user'),
        z.int().min(0).max(4_294_967_294).transform(String),
      ])
      .optional()
      .describe('User (name or number) that the app runs as; needs root.'),
  })
}

function egressSchema() {
  const upstream = z
    .strictObject({
      ca: filePath('PEM file of the CAs that the host must be certified by, instead of the public ones.'),
      certificate: certificateSchema().optional().describe('Our certificate for it: mutual TLS outwards.'),
      pins: z
        .array(pin())
        .min(1, 'is empty; leave it out')
        .describe('Public keys, one of which must be in its certificate chain, whoever has issued it.'),
    })
    .partial()
    .refine((given) => Object.keys(given).length > 0, 'is empty; set `ca`, `certificate` or `pins`')
  return z.strictObject({
    listen: read((text) => readAddress(text, { anyPort: true }))
      .optional()
      .describe('Where the app finds the door. Default: 127.0.0.1:0, any free port.'),
    others: z
      .enum(['tunnel', 'refuse'])
      .optional()
      .describe('Hosts without a key: `tunnel` (and report) or `refuse`. Default: tunnel.'),
    direct: z
      .array(read((text) => readHost(text, { wildcard: true })))
      .optional()
      .describe('Hosts that the app reaches without the door (NO_PROXY).'),
    routes: z
      .array(
        z.strictObject({
          key: z.string().describe('Name of the key.'),
          ...requestLists((text) => readAuthority(text, { wildcard: true })),
          always: z
            .boolean()
            .optional()
            .describe('The key goes along although the request does not carry its phantom. Default: false.'),
          own_credentials: z
            .boolean()
            .optional()
            .describe(
              'A request without the phantom may bring credentials of the app’s own, such as a token that it got for the key. Default: false.',
            ),
          elsewhere: z
            .array(z.enum(['target', 'fields', 'body']))
            .min(1, 'is empty; leave it out')
            .optional()
            .describe(
              'Where the phantom is replaced besides the places of its carriers: in the `target`, in other `fields`, in the `body`. Elsewhere it is refused.',
            ),
        }),
      )
      .optional()
      .describe('What each key may be used for. A key without a route may be used for everything on its hosts.'),
    proxy: z
      .union([z.enum(['environment', 'none']), read(ownProxy)])
      .optional()
      .describe(
        'What stands between the door and the upstreams: a proxy’s URL without user name and password; `environment`: what https_proxy, all_proxy or http_proxy name, NO_PROXY kept; `none`: nothing. Default: environment.',
      ),
    proxy_ca: filePath(
      'PEM file of the CAs that an https proxy must be certified by, instead of the public ones.',
    ).optional(),
    hosts: z.record(z.string(), upstream).optional().describe('How single hosts prove themselves, and we to them.'),
    unsafe_resolve: z
      .record(
        z.string(),
        read((text) => dialledAddress(text)),
      )
      .optional()
      .describe('For tests: host name → address that it is dialled at, with a port of its own where one is named.'),
    unsafe_addresses: z
      .array(read(readBlock))
      .optional()
      .describe('For tests: private addresses that may be dialled all the same.'),
  })
}

function ingressSchema() {
  const allow = z.strictObject({
    spiffe: z
      .string()
      .superRefine((text, context) => {
        const problem = spiffeProblem(text)
        if (problem)
          context.addIssue({ code: 'custom', message: `${problem}; write it as spiffe://example.org/billing` })
      })
      .optional()
      .describe('The SPIFFE ID in the client certificate; `*` and `**` may stand for segments of its path.'),
    dns: read((text) => readHost(text, { wildcard: false }))
      .optional()
      .describe('A DNS name in the client certificate, exactly.'),
    spki: pin().optional().describe('`sha256/` and base64 of the SHA-256 of the public key.'),
  })
  return z.strictObject({
    listen: read((text) => readAddress(text, { anyPort: true })).describe('Where clients connect.'),
    certificate: certificateSchema().describe('What the door shows to clients.'),
    clients: z
      .strictObject({
        ca: filePath('PEM file of the CAs that issue client certificates. Never the public ones.'),
        crl: oneOrMore(filePath('PEM file of revocation lists.')).optional().describe('PEM files of revocation lists.'),
      })
      .describe('Whose certificates are accepted.'),
    policy: z
      .array(
        z.strictObject({
          allow: allow
            .refine(
              (given) => Object.keys(given).length === 1,
              'must name exactly one of spiffe, dns and spki; write a rule for each',
            )
            .describe('One client.'),
          ...requestLists(ingressHost),
        }),
      )
      .min(1, 'is empty, so nobody would be admitted; add a rule, for example { allow: { dns: billing.internal } }')
      .describe('Who may ask for what; everything else is refused.'),
  })
}

/** Of a request to the ingress: without a port it means the host on any. */
function ingressHost(text: string): Reading<string> {
  return /:\d+$/.test(text) && !/^[^[]*:.*:/.test(text)
    ? readAuthority(text, { wildcard: true })
    : readHost(text, { wildcard: true })
}

function requestLists(readOne: (text: string) => Reading<string>) {
  const path = z.string().superRefine((text, context) => {
    const compiled = compilePathPattern(text)
    if ('problem' in compiled)
      context.addIssue({
        code: 'custom',
        message: `${compiled.problem}; write the path from its root, such as /v1/charges/**`,
      })
  })
  const method = z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/, 'is not a method; write it as GET')
    .refine(
      (text) => text.toUpperCase() !== 'CONNECT' && text.toUpperCase() !== 'TRACE',
      'is never passed on; leave it out',
    )
    .transform((text) => text.toUpperCase())
  const empty = 'is empty, which would allow nothing; leave it out to allow all'
  return {
    hosts: z.array(read(readOne)).min(1, empty).optional().describe('Only these hosts; absent: any.'),
    methods: z.array(method).min(1, empty).optional().describe('Only these methods; absent: any.'),
    paths: z
      .array(path)
      .min(1, empty)
      .optional()
      .describe('Only these paths; `*` is one segment, `**` any number; absent: any.'),
  }
}

function spiffeProblem(text: string): string | undefined {
  const [, domain = text, path = ''] = /^(spiffe:\/\/[^/]*)(\/.*)$/s.exec(text) ?? []
  const withoutPatterns = path.replaceAll(/\/\*{1,2}(?=\/|$)/g, '/any')
  const read = parseSpiffeId(domain + withoutPatterns)
  if ('problem' in read) return read.problem
  return read.id.path === '' ? 'is a trust domain and no workload in it' : undefined
}

function pin() {
  return z.string().regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'is not a pin; write it as sha256/BASE64 of the public key')
}

function certificateSchema() {
  return z.strictObject({
    chain: filePath('PEM file of the certificate and its intermediates, leaf first.'),
    key: filePath('PEM file of its private key, readable by its owner only.'),
  })
}

function filePath(description: string) {
  return z
    .string()
    .min(1, 'is empty; name a file')
    .regex(/^[^\0\r\n]*$/, 'holds a line break or NUL; name a file')
    .describe(`${description} Relative to the folder of this file.`)
}

function variable() {
  return z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,254}$/, 'is not the name of a variable; use letters, digits and `_`')
}

function oneOrMore<T extends z.ZodType<string>>(one: T) {
  return z.union([one.transform((text) => [text]), z.array(one).min(1, 'is empty; name one, or leave it out')])
}

function ownProxy(text: string): Reading<Address & { readonly tls: boolean }> {
  const reading = readProxyUrl(text)
  if ('problem' in reading) return reading
  const { userInfo, ...address } = reading.value
  return userInfo === undefined
    ? { value: address }
    : { problem: 'holds a user name or password; they are read from https_proxy in the environment alone' }
}

function dialledAddress(text: string): Reading<string> {
  const block = readBlock(text)
  if ('value' in block && !text.includes('/')) return { value: text }
  const address = readAddress(text, { anyPort: false })
  return 'value' in address && isIP(address.value.host) !== 0
    ? { value: text }
    : { problem: 'is not an IP address; write one, such as 127.0.0.1 or 127.0.0.1:8443' }
}

/** A text that `reader` makes something of. */
function read<T>(reader: (text: string) => Reading<T>) {
  return z.string().transform((text, context): T => {
    const reading = reader(text)
    if ('value' in reading) return reading.value
    context.addIssue({ code: 'custom', message: reading.problem })
    return z.NEVER
  })
}

function withoutAbsent(given: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

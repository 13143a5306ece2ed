import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate } from '../identity/mint/certificate.ts'
import { issueCrl } from '../identity/mint/crl.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { randomText } from '../keys/random.ts'
import { limits } from '../limits.ts'
import { compileClientRules } from '../policy/client-rule.ts'
import { compileRoutes } from '../policy/route.ts'
import { realFiles } from './files.ts'
import { makePlan } from './make-plan.ts'
import { describeProblem } from './problem.ts'
import { readPlan, readPlanOrThrow, readStores } from './read-plan.ts'
import { loadKnown } from './schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'))
const environment = { HOME: '/home/ada', LEDGER_KEY: 'set' }
const random = randomText()

beforeAll(async () => {
  mkdirSync(join(folder, 'tls'))
  const past = new Date(Date.now() - 86_400_000)
  const authority = await createAuthority({ name: 'test CA' })
  const old = await createAuthority({ name: 'old CA', notBefore: new Date(0), notAfter: past })
  const server = await issueCertificate(authority, { subject: 'server', dns: ['server.test'], usages: 'server' })
  const expired = await issueCertificate(authority, { subject: 'expired', notBefore: new Date(0), notAfter: past })
  const early = await issueCertificate(authority, { subject: 'early', notBefore: new Date(Date.now() + 86_400_000) })
  const crl = await issueCrl(authority, { revoked: [], number: 1 })
  const text = (name: string, content: string, mode = 0o600) => {
    writeFileSync(join(folder, 'tls', name), content)
    chmodSync(join(folder, 'tls', name), mode)
  }
  text('ca.pem', authority.certificatePem)
  text('old-ca.pem', old.certificatePem)
  text('some-old.pem', old.certificatePem + authority.certificatePem)
  text('server.pem', server.chainPem)
  text('server.key', server.privateKeyPem)
  text('shown.key', server.privateKeyPem, 0o644)
  text('expired.pem', expired.chainPem)
  text('expired.key', expired.privateKeyPem)
  text('early.pem', early.chainPem)
  text('early.key', early.privateKeyPem)
  text('wrong-order.pem', authority.certificatePem + server.certificatePem)
  text('both.pem', authority.certificatePem + authority.privateKeyPem)
  text('list.crl', crl)
  const other = await createAuthority({ name: 'other CA' })
  text('foreign.crl', await issueCrl(other, { revoked: [], number: 1 }))
  text('old.crl', await issueCrl(authority, { revoked: [], number: 1, thisUpdate: new Date(0), nextUpdate: past }))
  text('bad.crl', '-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n')
  text('bad.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n')
  text('bad.key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n')
  text('locked.key', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n')
  text('empty.pem', '')
})
afterAll(() => rmSync(folder, { recursive: true }))

const good = `# A configuration with everything in it.
stores:
  other: { kind: file, path: keys, identity: identity.txt }
keys:
  stripe:
    kind: stripe-secret-key
    from: file:stripe
    env: STRIPE_API_KEY
    url_env: STRIPE_BASE
  ledger:
    kind: { hosts: [Ledger.example.com:8443], carrier: { header: Authorization, prefix: "Bearer " } }
    from: env:LEDGER_KEY
  mail:
    kind: sendgrid-api-key
    hosts: [api.sendgrid.com]
    from: other:mail
    env: [SENDGRID_API_KEY, SENDGRID_KEY]
app:
  command: [ruby, app.rb]
  listen: 127.0.0.1:4567
  user: 1000
egress:
  listen: 127.0.0.1:9000
  others: refuse
  direct: [inventory.internal]
  proxy: https://proxy.internal:3129
  proxy_ca: tls/ca.pem
  routes:
    - { key: stripe, methods: [get, POST], paths: [/v1/charges/**], hosts: [api.stripe.com] }
  hosts:
    ledger.example.com:8443: { ca: tls/ca.pem, certificate: { chain: tls/server.pem, key: tls/server.key } }
  unsafe_resolve: { ledger.test: 127.0.0.1, api.test: 127.0.0.1:8443 }
  unsafe_addresses: [127.0.0.0/8]
ingress:
  listen: 0.0.0.0:8443
  certificate: { chain: tls/server.pem, key: tls/server.key }
  clients: { ca: tls/ca.pem, crl: tls/list.crl }
  policy:
    - { allow: { spiffe: spiffe://example.org/billing }, methods: [GET], paths: [/reports/**] }
    - { allow: { dns: Billing.internal } }
audit: { file: audit.jsonl }
`

const known = await loadKnown()

const made = (text: string, more: { strict?: boolean } = {}) =>
  makePlan(text, {
    directory: folder,
    folder,
    file: 'sallyport.yaml',
    files: realFiles,
    environment,
    strict: false,
    known,
    ...more,
  })

async function problemsOf(text: string, more: { strict?: boolean } = {}): Promise<string[]> {
  const outcome = await made(text, more)
  return 'problems' in outcome ? outcome.problems.map(describeProblem) : []
}

async function noticesOf(text: string): Promise<string[]> {
  const outcome = await made(text)
  return 'plan' in outcome ? outcome.notices.map(describeProblem) : outcome.problems.map(describeProblem)
}

describe('a good configuration', () => {
  it('becomes a plan with every place and every path', async () => {
    const outcome = await made(good)
    expect('problems' in outcome ? outcome.problems.map(describeProblem) : []).toEqual([])
    if (!('plan' in outcome)) return
    expect(outcome.notices).toEqual([])
    const { plan } = outcome
    expect(plan).toMatchObject({
      version: 1,
      strict: false,
      stores: {
        env: { kind: 'env' },
        file: {
          kind: 'file',
          config: {
            path: '/home/ada/.local/share/sallyport/keys',
            identity: '/home/ada/.config/sallyport/identity.txt',
          },
        },
        other: { kind: 'file', config: { path: join(folder, 'keys'), identity: join(folder, 'identity.txt') } },
      },
      app: { command: ['ruby', 'app.rb'], directory: folder, listen: { host: '127.0.0.1', port: 4567 }, user: '1000' },
      audit: { file: join(folder, 'audit.jsonl') },
    })
    expect(plan.keys).toEqual([
      {
        name: 'stripe',
        kind: 'stripe-secret-key',
        hosts: ['api.stripe.com:443', 'files.stripe.com:443', 'connect.stripe.com:443', 'meter-events.stripe.com:443'],
        store: 'file',
        reference: 'stripe',
        environment: ['STRIPE_API_KEY'],
        urls: [{ variable: 'STRIPE_BASE', path: '' }],
        routes: [
          {
            hosts: ['api.stripe.com:443'],
            methods: ['GET', 'POST'],
            paths: ['/v1/charges/**'],
            at: 'sallyport.yaml:29:7 egress.routes[0]',
          },
        ],
        at: 'sallyport.yaml:5:3 keys.stripe',
      },
      {
        name: 'ledger',
        hosts: ['ledger.example.com:8443'],
        carriers: [{ form: 'header', parameters: { header: 'Authorization', prefix: 'Bearer ' } }],
        store: 'env',
        reference: 'LEDGER_KEY',
        environment: ['LEDGER_KEY'],
        urls: [],
        at: 'sallyport.yaml:10:3 keys.ledger',
      },
      {
        name: 'mail',
        kind: 'sendgrid-api-key',
        hosts: ['api.sendgrid.com:443'],
        store: 'other',
        reference: 'mail',
        environment: ['SENDGRID_API_KEY', 'SENDGRID_KEY'],
        urls: [],
        at: 'sallyport.yaml:13:3 keys.mail',
      },
    ])
    expect(plan.egress).toMatchObject({
      listen: { host: '127.0.0.1', port: 9000 },
      others: 'refuse',
      direct: ['inventory.internal'],
      proxy: { host: 'proxy.internal', port: 3129, tls: true, direct: [] },
      unsafeResolve: { 'ledger.test': '127.0.0.1', 'api.test': '127.0.0.1:8443' },
      unsafeAddresses: ['127.0.0.0/8'],
    })
    const upstream = plan.egress.hosts['ledger.example.com:8443']
    expect(upstream?.ca).toContain('BEGIN CERTIFICATE')
    expect(upstream?.certificate?.keyFile).toBe(join(folder, 'tls/server.key'))
    expect(plan.ingress?.clients.crls).toHaveLength(1)
    expect(plan.ingress?.policy[1]?.allow).toEqual({ dns: 'billing.internal' })
  })

  it('has rules that the policy can compile', async () => {
    const outcome = await made(good)
    if (!('plan' in outcome)) throw new Error('there is no plan')
    expect(() => compileClientRules(outcome.plan.ingress?.policy ?? [])).not.toThrow()
    for (const { routes } of outcome.plan.keys) expect(() => compileRoutes(routes ?? [])).not.toThrow()
  })

  it('holds no private key', async () => {
    expect(JSON.stringify(await made(good))).not.toContain('PRIVATE KEY')
  })

  it('means the same as JSON, with a byte order mark and with Windows line ends', async () => {
    const withoutPlaces = (outcome: unknown) => JSON.stringify(outcome).replace(/"at":"[^"]*"/g, '')
    expect(withoutPlaces(await made(good.replaceAll('\n', '\r\n')))).toBe(withoutPlaces(await made(good)))
    writeFileSync(join(folder, 'marked.yaml'), `\ufeffkeys: {}\nkeyz: {}\n`)
    const outcome = await readPlan({ directory: folder, environment, strict: false, file: 'marked.yaml' })
    expect('problems' in outcome && outcome.problems.map(describeProblem)).toEqual([
      'marked.yaml:2:1 keyz: "keyz" is no setting; did you mean keys?',
    ])
  })
})

describe('what is wrong', () => {
  it('is told at once and in the order of the file', async () => {
    const text = `keyz: {}
keys:
  stripe:
    kind: stripe-secret-kye
    form: file:stripe
    env: [1, A-B]
  mail:
    kind: sendgrid-api-key
    from: fil:mail
    env: MAIL
egress:
  others: no
  routes:
    - { key: stipe, methods: [GET], paths: [v1/charges] }
`
    expect(await problemsOf(text)).toEqual([
      'sallyport.yaml:1:1 keyz: "keyz" is no setting; did you mean keys?',
      'sallyport.yaml:3:3 keys.stripe.from: is missing; add it, for example `from: file:stripe`',
      'sallyport.yaml:4:11 keys.stripe.kind: "stripe-secret-kye" is not known; did you mean stripe-secret-key?',
      'sallyport.yaml:5:5 keys.stripe.form: "form" is no setting; did you mean from?',
      'sallyport.yaml:6:11 keys.stripe.env[0]: is a number where text is needed; put it in quotes',
      'sallyport.yaml:6:14 keys.stripe.env[1]: is not the name of a variable; use letters, digits and `_`',
      'sallyport.yaml:9:11 keys.mail.from: there is no store "fil"; did you mean file?',
      'sallyport.yaml:12:11 egress.others: "no" is not known; it is one of tunnel, refuse',
      'sallyport.yaml:14:14 egress.routes[0].key: there is no key "stipe"; did you mean stripe?',
      'sallyport.yaml:14:45 egress.routes[0].paths[0]: does not begin with `/`; write the path from its root, such as /v1/charges/**',
    ])
  })

  /** A change of the good configuration, and a part of the one line that tells it. */
  it.each([
    ['kind: stripe-secret-key', 'kind: []', '6:11 keys.stripe.kind: is a list; write'],
    ['kind: stripe-secret-key', 'kind:', '6:10 keys.stripe.kind: is empty; write'],
    ['from: file:stripe', 'from: stripe', '7:11 keys.stripe.from: is not `store:reference`'],
    [
      'from: file:stripe',
      'from: file:Str ipe',
      '7:11 keys.stripe.from: behind the colon must stand a name of lower-case',
    ],
    ['from: file:stripe', 'from: __proto__:stripe', 'keys.stripe.from: there is no store "__proto__"'],
    ['from: env:LEDGER_KEY', 'from: file:ledger', '10:3 keys.ledger: the app would never find it; set `env`'],
    [
      'env: STRIPE_API_KEY',
      'env: LEDGER_KEY',
      '12:11 keys.ledger.from: the variable LEDGER_KEY is already that of keys.stripe',
    ],
    [
      'url_env: STRIPE_BASE',
      'url_env: STRIPE_API_KEY',
      '9:14 keys.stripe.url_env: the variable STRIPE_API_KEY is already that',
    ],
    [
      'url_env: STRIPE_BASE',
      'ttl: 5m',
      '9:5 keys.stripe.ttl: "ttl" is no setting; here stand kind, hosts, from, env, url_env',
    ],
    [
      '    env: STRIPE_API_KEY\n',
      '    env: STRIPE_API_KEY\n    hosts: ["*.stripe.com"]\n',
      "keys.stripe.url_env: leads to the key's first single host, and all",
    ],
    [
      'hosts: [api.sendgrid.com]',
      'hosts: ["*.internal"]',
      'keys.mail.hosts[0]: would match every host of a top-level domain',
    ],
    [
      'hosts: [api.sendgrid.com]',
      'hosts: ["*.sendgrid.com"]\n    url_env: MAIL_URL',
      "keys.mail.url_env: leads to the key's first single host",
    ],
    [
      'direct: [inventory.internal]',
      'direct: [meter-events.stripe.com]',
      'egress.direct[0]: is a host of the key stripe',
    ],
    ['Ledger.example.com:8443', 'http://ledger', 'keys.ledger.kind.hosts[0]: a key never travels over plain HTTP'],
    ['Ledger.example.com:8443', 'ledger.example.com:80', 'keys.ledger.kind.hosts[0]: port 80 is plain HTTP'],
    ['[Ledger.example.com:8443]', '[]', 'keys.ledger.kind.hosts: is empty'],
    ['header: Authorization', 'header: Host', 'keys.ledger.kind.carrier.header: carries no key'],
    ['header: Authorization', 'header: "X Y"', 'keys.ledger.kind.carrier.header: is not a field name'],
    ['"Bearer "', '"Bearer\\r\\n"', 'keys.ledger.kind.carrier.prefix: must be visible ASCII'],
    [
      '{ header: Authorization, prefix: "Bearer " }',
      'baerer',
      'keys.ledger.kind.carrier: "baerer" is not known; did you mean bearer?',
    ],
    [
      '{ header: Authorization, prefix: "Bearer " }',
      '{ basic: usr }',
      'keys.ledger.kind.carrier.basic: "usr" is not known; did you mean user?',
    ],
    [
      '{ header: Authorization, prefix: "Bearer " }',
      '{ path: bot }',
      'keys.ledger.kind.carrier: `path` is not the beginning of a path',
    ],
    ['{ header: Authorization, prefix: "Bearer " }', '{ query: "" }', 'keys.ledger.kind.carrier: `query` is empty'],
    [
      '{ header: Authorization, prefix: "Bearer " }',
      '{ hmac: sha256, field: X-Signature, message: "{methd}" }',
      'keys.ledger.kind.carrier: `message` has {methd}, which means nothing',
    ],
    [
      '{ header: Authorization, prefix: "Bearer " }',
      '{ hmac: sha256, field: X-Signature, message: "{time}", time: X-Time, tolerance: 0 }',
      'keys.ledger.kind.carrier.tolerance: is less than 1',
    ],
    [
      '{ header: Authorization, prefix: "Bearer " }',
      '{ hmac: sha256, field: Content-Length, message: "{method}" }',
      'keys.ledger.kind.carrier.field: carries no key',
    ],
    [
      'hosts: [api.sendgrid.com]',
      'hosts: [api.sendgrid.com, 1]',
      'keys.mail.hosts[1]: is a number where text is needed',
    ],
    ['mail:\n', 'Mail:\n', '13:3 keys.Mail: is not a name'],
    [
      'command: [ruby, app.rb]',
      'command: ruby app.rb',
      'app.command: is text; write a list, for example `command: [ruby, app.rb]`',
    ],
    ['listen: 127.0.0.1:4567', 'listen: 4567', 'app.listen: is a number where text is needed'],
    ['listen: 127.0.0.1:4567', 'listen: 127.0.0.1:0', 'app.listen: port 0 means any free port'],
    ['user: 1000', 'user: -1', 'app.user: '],
    ['direct: [inventory.internal]', 'direct: [api.stripe.com]', 'egress.direct[0]: is a host of the key stripe'],
    ['direct: [inventory.internal]', 'direct: ["*.stripe.com"]', 'egress.direct[0]: is a host of the key stripe'],
    ['hosts: [api.stripe.com]', 'hosts: [api.example.com]', "egress.routes[0].hosts[0]: is none of the key's hosts"],
    ['methods: [get, POST]', 'methods: []', 'egress.routes[0].methods: is empty, which would allow nothing'],
    ['methods: [get, POST]', 'methods: [CONNECT]', 'egress.routes[0].methods[0]: is never passed on'],
    ['paths: [/v1/charges/**]', 'paths: [/v1/../charges]', 'egress.routes[0].paths[0]: '],
    [
      'ledger.example.com:8443: {',
      'ledgr.example.com: {',
      '31:5 egress.hosts["ledgr.example.com"]: no key has this host',
    ],
    ['ledger.example.com:8443: {', '"*.example.com": {', 'egress.hosts["*.example.com"]: must be one host'],
    [
      '{ ledger.test: 127.0.0.1, api.test: 127.0.0.1:8443 }',
      '{ ledger.test: localhost }',
      'egress.unsafe_resolve["ledger.test"]: is not an IP address',
    ],
    [
      '{ ledger.test: 127.0.0.1, api.test: 127.0.0.1:8443 }',
      '{ ledger.test: "127.0.0.1:99999" }',
      'egress.unsafe_resolve["ledger.test"]: is not an IP address',
    ],
    ['https://proxy.internal:3129', 'http://proxy.internal:3129', 'egress.proxy_ca: is for a proxy that'],
    ['https://proxy.internal:3129', 'environment', 'egress.proxy_ca: is for a proxy that'],
    ['https://proxy.internal:3129', 'https://a:b@proxy.internal:3129', 'egress.proxy: holds a user name or password'],
    ['https://proxy.internal:3129', 'socks5://proxy.internal:3129', 'egress.proxy: names a proxy of the kind socks5'],
    ['https://proxy.internal:3129', 'proxy.internal', 'egress.proxy: '],
    ['[127.0.0.0/8]', '[127.0.0.0/99]', 'egress.unsafe_addresses[0]: is not an address block'],
    ['  listen: 127.0.0.1:4567\n', '', 'ingress: has no app to forward to; set `app.listen`'],
    ['{ spiffe: spiffe://example.org/billing }', '{}', 'ingress.policy[0].allow: must name exactly one'],
    [
      '{ spiffe: spiffe://example.org/billing }',
      '{ dns: a.test, spiffe: spiffe://a/b }',
      'ingress.policy[0].allow: must name exactly one',
    ],
    [
      'spiffe://example.org/billing',
      'spiffe://Example.org/billing',
      'ingress.policy[0].allow.spiffe: has a trust domain with other characters',
    ],
    [
      'spiffe://example.org/billing',
      'spiffe://example.org/../billing',
      'ingress.policy[0].allow.spiffe: has a dot segment',
    ],
    ['audit: { file: audit.jsonl }', 'audit: audit.jsonl', '41:8 audit: is text; write settings'],
  ])('%j written as %j', async (before, after, expected) => {
    expect(good).toContain(before)
    const problems = await problemsOf(good.replace(before, after))
    expect(
      problems.filter((line) => line.includes(expected)),
      problems.join('\n'),
    ).toHaveLength(1)
    expect(problems).toHaveLength(1)
  })

  it('is told with the carrier that was begun, not with the first that there is', async () => {
    expect(await problemsOf(good.replace('{ header: Authorization, prefix: "Bearer " }', '{ hmac: sha256 }'))).toEqual([
      expect.stringContaining('keys.ledger.kind.carrier.message: is missing'),
      expect.stringContaining('keys.ledger.kind.carrier.field: is missing'),
    ])
  })

  it('is told of a policy that would admit nobody', async () => {
    const text = good.replace(/policy:\n(?: {4}- .*\n)+/, 'policy: []\n')
    expect(await problemsOf(text)).toEqual([
      expect.stringMatching(/ingress\.policy: is empty, so nobody would be admitted/),
    ])
  })
})

describe('files that the configuration names', () => {
  it.each([
    ['ca: tls/ca.pem, crl', 'ca: tls/none.pem, crl', 'clients.ca: there is no such file'],
    ['ca: tls/ca.pem, crl', 'ca: tls, crl', 'clients.ca: is not a regular file'],
    ['ca: tls/ca.pem, crl', 'ca: tls/empty.pem, crl', 'clients.ca: line 1 begins a file without a certificate'],
    ['ca: tls/ca.pem, crl', 'ca: tls/bad.pem, crl', 'clients.ca: line 1 begins a certificate that cannot be read'],
    ['ca: tls/ca.pem, crl', 'ca: tls/both.pem, crl', 'begins a private key, which has no place'],
    ['ca: tls/ca.pem, crl', 'ca: tls/server.pem, crl', "clients.ca: the certificate is not a CA's"],
    ['ca: tls/ca.pem, crl', 'ca: tls/old-ca.pem, crl', 'clients.ca: no CA in it is in force now'],
    ['tls/list.crl', 'tls/bad.crl', 'clients.crl: line 1: certificateList'],
    ['tls/list.crl', 'tls/ca.pem', 'clients.crl: line 1: begins a block that is no revocation list'],
    ['tls/list.crl', '[tls/list.crl, tls/empty.pem]', 'clients.crl: holds no revocation list'],
    [
      '0.0.0.0:8443\n  certificate: { chain: tls/server.pem, key: tls/server.key }',
      '0.0.0.0:8443\n  certificate: { chain: tls/expired.pem, key: tls/expired.key }',
      'certificate.chain: the certificate expired on',
    ],
    [
      '0.0.0.0:8443\n  certificate: { chain: tls/server.pem, key: tls/server.key }',
      '0.0.0.0:8443\n  certificate: { chain: tls/early.pem, key: tls/early.key }',
      'certificate.chain: the certificate is valid only from',
    ],
    [
      '0.0.0.0:8443\n  certificate: { chain: tls/server.pem',
      '0.0.0.0:8443\n  certificate: { chain: tls/ca.pem',
      'certificate.key: does not belong to the first certificate',
    ],
    ['key: tls/server.key }\n  clients', 'key: tls/bad.key }\n  clients', 'certificate.key: could not be parsed'],
    ['key: tls/server.key }\n  clients', 'key: tls/locked.key }\n  clients', 'certificate.key: is encrypted'],
    ['key: tls/server.key }\n  clients', 'key: tls/ca.pem }\n  clients', 'certificate.key: holds no private key'],
  ])('%j as %j', async (before, after, expected) => {
    expect(good).toContain(before)
    const problems = await problemsOf(good.replace(before, after))
    expect(problems).toEqual([expect.stringContaining(expected)])
  })

  it('are told to be in the wrong order, by the certificates and by the key', async () => {
    const wrong = '0.0.0.0:8443\n  certificate: { chain: tls/wrong-order.pem'
    expect(await problemsOf(good.replace('0.0.0.0:8443\n  certificate: { chain: tls/server.pem', wrong))).toEqual([
      expect.stringContaining('certificate.chain: certificate 1 of 2 is not issued by the one after it'),
      expect.stringContaining('certificate.key: belongs to certificate 2 of the chain; put that one first'),
    ])
  })

  it('are doubtful when others may read a private key: told, and refused under --strict', async () => {
    const text = good.replace('key: tls/server.key }\n  clients', 'key: tls/shown.key }\n  clients')
    const said = 'certificate.key: may be read by others than its owner (mode 0644); chmod 600 it'
    expect(await noticesOf(text)).toEqual([expect.stringContaining(said)])
    expect(await problemsOf(text, { strict: true })).toEqual([expect.stringContaining(said)])
  })

  it('hold revocation lists of a CA that is trusted, and in force', async () => {
    const said = async (name: string) => await problemsOf(good.replace('tls/list.crl', `tls/${name}`))
    expect(await said('foreign.crl')).toEqual([
      expect.stringContaining('crl: the list of CN=other CA is signed by no CA of `ca`'),
    ])
    expect(await said('old.crl')).toEqual([
      expect.stringMatching(/crl: the list of CN=test CA expired on .*, so nobody could be admitted/),
    ])
  })

  it('are doubtful when one CA of several has expired', async () => {
    const notices = await noticesOf(good.replace('ca: tls/ca.pem, crl', 'ca: tls/some-old.pem, crl'))
    expect(notices).toEqual([expect.stringMatching(/clients\.ca: certificate 1 of 2 expired on/)])
  })
})

it.each([
  ['listen: 127.0.0.1:9000', 'listen: 0.0.0.0:9000', 'egress.listen: can be reached from other machines'],
  ['listen: 127.0.0.1:4567', 'listen: 10.0.0.1:4567', 'app.listen: is not on this machine'],
  ['from: env:LEDGER_KEY', 'from: env:LEDGR_KEY', 'keys.ledger.from: the environment variable LEDGR_KEY is not set'],
])('%s written as %s is a notice', async (before, after, expected) => {
  expect(await noticesOf(good.replace(before, after))).toEqual([expect.stringContaining(expected)])
})

describe('a text that is no configuration', () => {
  it.each([
    ['nothing', '', '1:1: is empty'],
    ['only a comment', '# nothing yet\n', '1:1: is empty'],
    ['a list', '- keys\n', '1:1: is a list; write settings'],
    ['a word', 'keys\n', '1:1: is text; write settings'],
    ['two documents', 'keys: {}\n---\nkeys: {}\n', '3:1: a second document begins here'],
    ['a tab', 'app:\n\tuser: x\n', '2:1: a tab is used as indentation'],
    ['a name twice', 'app: {}\nkeys: {}\napp: {}\n', '3:1 app: is written twice'],
    ['an anchor', 'app: &a {}\n', '1:9 app: several anchors'],
    ['an alias', 'app: &a {}\negress: *a\n', '2:9 egress: an alias stands here'],
    ['a merge', 'app: { <<: {} }\n', '1:8 app["<<"]: "<<" is no setting'],
    ['a tag', 'app: !!js/function {}\n', '1:6: a tag stands here'],
    ['a directive', '%YAML 1.1\n---\napp: {}\n', '1:1: a YAML directive stands here'],
    ['an open bracket', 'app: { user: x\n', '2:1: the indentation fits nothing above it'],
    ['a name that is a list', '? [a]\n: 1\n', '1:3: a name that is not text stands here'],
    ['a prototype', '__proto__: { keys: 1 }\n', '1:1 __proto__: "__proto__" is no setting'],
  ])('%s', async (_what, text, expected) => {
    const problems = await problemsOf(text)
    expect(
      problems.some((line) => line.includes(`sallyport.yaml:${expected}`) || line.includes(expected)),
      problems.join('\n'),
    ).toBe(true)
  })

  it.each([
    ['[', 200_000],
    ['{a: ', 100_000],
    ['- ', 100_000],
    ['"', 100_000],
    ['&a ', 100_000],
  ])('%s many times over ends with problems', async (part, times) => {
    const problems = await problemsOf(part.repeat(times))
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(101)
  })

  it('refuses ten levels of aliases at the first', async () => {
    const levels = Array.from({ length: 10 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`)
    expect((await problemsOf(`l0: &l0 x\n${levels.join('\n')}\n`)).length).toBeGreaterThan(0)
  })
})

describe('the file', () => {
  const read = (file: string | undefined) =>
    readPlan({ directory: folder, environment, strict: false, ...(file ? { file } : {}) })
  const said = async (file: string) => {
    const outcome = await read(file)
    return 'problems' in outcome ? outcome.problems.map(describeProblem) : []
  }

  it('may be absent unless it was named', async () => {
    const outcome = await read(undefined)
    expect(outcome).toMatchObject({
      plan: { keys: [], egress: { others: 'tunnel' }, audit: { file: '/home/ada/.local/state/sallyport/audit.jsonl' } },
    })
    expect(await said('none.yaml')).toEqual(['none.yaml: there is no such file; check the path'])
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffkeys: {}', 'utf16le'), 'is in UTF-16; save it in UTF-8'],
    ['no UTF-8', Buffer.from([0x6b, 0xff, 0xfe]), 'is not in UTF-8; save it in UTF-8'],
    ['a NUL', Buffer.from('keys: {}\0'), 'holds a NUL, so it is not text; save it as YAML in UTF-8'],
    [
      'too much',
      Buffer.alloc(limits.configBytesMax + 1, 0x20),
      `is larger than ${limits.configBytesMax} bytes; it is not what is wanted here`,
    ],
  ])('is refused as a whole: %s', async (_what, bytes, message) => {
    writeFileSync(join(folder, 'odd.yaml'), bytes)
    expect(await said('odd.yaml')).toEqual([`odd.yaml: ${message}`])
  })

  it('is refused when it is a folder', async () => {
    expect(await said('tls')).toEqual(['tls: is not a regular file; name one'])
  })

  it('is doubtful when every user may write it: told, and refused under --strict', async () => {
    writeFileSync(join(folder, 'open.yaml'), 'keys: {}\n')
    chmodSync(join(folder, 'open.yaml'), 0o666)
    const options = { directory: folder, environment, file: 'open.yaml' }
    const said = [{ line: 0, message: expect.stringMatching(/^may be written by every user/) }]
    expect(await readPlan({ ...options, strict: false })).toMatchObject({ notices: said })
    expect(await readPlan({ ...options, strict: true })).toMatchObject({ problems: said })
  })

  it('throws CONFIG_INVALID with every problem where the caller cannot go on', async () => {
    writeFileSync(join(folder, 'two.yaml'), 'keyz: 1\nap: 2\n')
    await expect(
      readPlanOrThrow({ directory: folder, environment, strict: false, file: 'two.yaml' }),
    ).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^two\.yaml:1:1 keyz: .*\ntwo\.yaml:2:1 ap: .*$/),
    })
  })

  it('yields its stores whatever is wrong elsewhere', async () => {
    writeFileSync(join(folder, 'stores.yaml'), 'stores: { mine: { kind: file, path: here } }\nkeyz: 1\n')
    const options = { directory: folder, environment, strict: false }
    expect(await readStores({ ...options, file: 'stores.yaml' })).toMatchObject({
      stores: { mine: { config: { path: join(folder, 'here') } } },
    })
    writeFileSync(join(folder, 'stores.yaml'), 'stores: { mine: { kind: flie } }\nkeyz: 1\n')
    expect(await readStores({ ...options, file: 'stores.yaml' })).toMatchObject({
      problems: [{ path: 'stores.mine.kind' }],
    })
  })
})

it('refuses a kind whose keys stay in the app, and takes one that signs', async () => {
  const known = await loadKnown()
  const [first] = known.kinds
  if (!first) throw new Error('no kinds')
  for (const use of ['stays', 'signs'] as const) {
    const outcome = await makePlan(`keys: { a: { kind: ${first.id}, from: file:a, env: A } }\n`, {
      directory: folder,
      folder,
      file: 'sallyport.yaml',
      files: realFiles,
      environment,
      strict: false,
      known: { ...known, kinds: [{ ...first, use }] },
    })
    if (use === 'stays') expect(outcome).toMatchObject({ problems: [{ path: 'keys.a.kind' }] })
    else expect(outcome).toMatchObject({ plan: { keys: [{ kind: first.id }] } })
  }
})

describe('a key that stands in the file', () => {
  const places = [
    (key: string) => good.replace('from: file:stripe', `from: ${key}`),
    (key: string) => good.replace('from: file:stripe', `from: file:${key}`),
    (key: string) => good.replace('from: file:stripe', `from: ${key}:x`),
    (key: string) => good.replace('kind: stripe-secret-key', `kind: ${key}`),
    (key: string) => good.replace('env: STRIPE_API_KEY', `env: ${key}-`),
    (key: string) => good.replace('env: STRIPE_API_KEY', `${key}: x`),
    (key: string) => good.replace('  stripe:\n', `  ${key}:\n`),
    (key: string) => good.replace('key: stripe', `key: ${key}`),
    (key: string) => good.replace('others: refuse', `others: ${key}`),
    (key: string) => good.replace('ledger.example.com:8443: {', `${key}: {`),
    (key: string) => good.replace('inventory.internal', `${key}_%`),
    (key: string) => `${good}${key}: 1\n`,
    (key: string) => `${good}"${key}" "${key}"\n`,
    (key: string) => `${good}a: !${key} "x\\q"\nb: *${key}\n`,
    (key: string) => `${key}\n`,
  ]

  const keys = [
    ...known.kinds.map((kind) => [kind.id, kind.example(random)] as const),
    ['key of no kind', `${random.base62(30)}a1`] as const,
  ]

  it.each(keys)('is repeated nowhere, wherever it stands: a %s', async (_id, key) => {
    const parts = Array.from({ length: Math.max(key.length - 15, 0) }, (_, at) => key.slice(at + 8, at + 16))
    for (const [i, place] of places.entries()) {
      const outcome = await made(place(key))
      const text = JSON.stringify('problems' in outcome ? outcome.problems : [])
      // What has no shape and could be somebody's name for a key is taken for that.
      if (!/^[a-z0-9-]+$/.test(key)) expect(text.length, `place ${i}`).toBeGreaterThan(2)
      expect(parts.filter((part) => text.includes(part)).length, `place ${i}`).toBe(0)
    }
  })

  it('is called what it is where a reference belongs', async () => {
    const [kind] = (await loadKinds()).filter(({ id }) => id === 'stripe-secret-key')
    const text = good.replace('from: file:stripe', `from: ${kind?.example(random)}`)
    expect(await problemsOf(text)).toEqual([
      expect.stringContaining('7:11 keys.stripe.from: this is a key itself (Stripe secret key)'),
    ])
  })
})

describe('whatever the text', () => {
  const check = async (text: string) => {
    const outcome = await made(text)
    if ('plan' in outcome) return
    const lines = text.split('\n')
    expect(outcome.problems.length).toBeGreaterThan(0)
    for (const { line, column, message } of outcome.problems) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(line).toBeLessThanOrEqual(lines.length)
      expect(column).toBeGreaterThanOrEqual(1)
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
      expect(message).not.toBe('')
    }
  }

  it('there is a plan, or problems with places in the file', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), check), { numRuns: 200 })
    const piece = fc.constantFrom(
      'keys',
      'app',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '&a',
      '*a',
      '!t',
      '|',
      '>',
      '%',
      '#',
      '?',
      '\t',
      '---',
      '\r',
      '1',
      'null',
      '<<',
      '\u2028',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
        check,
      ),
      { numRuns: 400 },
    )
  })

  it('a good file with a part cut, doubled or replaced gives the same', async () => {
    const at = fc.nat({ max: good.length })
    const mutation = fc.tuple(
      at,
      fc.nat({ max: 30 }),
      fc.constantFrom('', ':', '\n', '  ', '- ', '[', '{', '"', '1', 'null', '{}', '[]', '\t', 'é'),
    )
    await fc.assert(
      fc.asyncProperty(mutation, ([start, length, insert]) =>
        check(good.slice(0, start) + insert + good.slice(start + length)),
      ),
      { numRuns: 300 },
    )
  })

  it('any data in any place gives the same', async () => {
    const value = fc.json({ maxDepth: 3 })
    const place = fc.constantFrom('stores', 'keys', 'app', 'egress', 'ingress', 'audit')
    await fc.assert(
      fc.asyncProperty(place, value, (name, json) => check(`${name}: ${json}\n`)),
      { numRuns: 300 },
    )
    const setting = fc.constantFrom('routes', 'hosts', 'direct', 'unsafe_resolve', 'unsafe_addresses', 'listen')
    await fc.assert(
      fc.asyncProperty(setting, value, (name, json) => check(`egress:\n  ${name}: ${json}\n`)),
      { numRuns: 300 },
    )
  })
})

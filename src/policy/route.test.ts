import { describe, expect, it } from 'vitest'
import type { ClientIdentity } from '../identity/client-identity.ts'
import { compileClientRules } from './client-rule.ts'
import { compileRoutes } from './route.ts'

const request = { authority: 'api.test:443', method: 'GET', target: '/v1/charges/ch_1?expand=all' }

describe('routes', () => {
  const routes = compileRoutes([
    { hosts: ['other.test'], at: 'first' },
    { hosts: ['api.test'], methods: ['POST'], at: 'second' },
    { hosts: ['api.test:443'], methods: ['GET', 'HEAD'], paths: ['/v1/charges/**', '/v1/balance'], at: 'third' },
    { methods: ['OPTIONS'], at: 'fourth' },
  ])

  it.each([
    [{}, 'third'],
    [{ target: '/v1/balance' }, 'third'],
    [{ method: 'HEAD' }, 'third'],
    [{ method: 'POST', target: '/anything' }, 'second'],
    [{ method: 'DELETE', authority: 'other.test:8443' }, 'first'],
    [{ method: 'OPTIONS', target: '*' }, 'fourth'],
  ])('allow %j by the %s rule', (change, rule) =>
    expect(routes.decide({ ...request, ...change })).toEqual({ allowed: true, rule }),
  )

  it.each([
    [{ authority: 'evil.test:443' }, 'no rule allows this method on this host'],
    [{ authority: 'api.test:8443' }, 'no rule allows this method on this host'],
    [{ method: 'DELETE' }, 'no rule allows this method on this host'],
    [{ method: 'get' }, 'no rule allows this method on this host'],
    [{ target: '/v1/customers' }, 'no rule allows this path with this method on this host'],
    [{ target: '/V1/charges' }, 'no rule allows this path with this method on this host'],
  ])('refuse %j: %s', (change, why) =>
    expect(routes.decide({ ...request, ...change })).toEqual({ allowed: false, ambiguous: false, why }),
  )

  it('refuse an ambiguous path, also where a rule allows every path', () => {
    const everything = compileRoutes([{ at: 'all' }])
    expect(everything.decide(request).allowed).toBe(true)
    for (const target of ['/v1/charges/../customers', '/v1/charges/%2e%2e/customers', '//x', '/a%2fb', '/a\\b'])
      expect(everything.decide({ ...request, target })).toMatchObject({ allowed: false, ambiguous: true })
  })

  it('refuse everything where there is no rule', () =>
    expect(compileRoutes([]).decide(request)).toEqual({ allowed: false, ambiguous: false, why: 'there is no rule' }))

  it.each([
    [
      { paths: ['/a', 'b'], at: 'sallyport.yaml:3:5 egress.routes[0]' },
      'sallyport.yaml:3:5 egress.routes[0] paths[1]: does not begin',
    ],
    [
      { hosts: ['A.test'], at: 'sallyport.yaml:3:5 egress.routes[0]' },
      'sallyport.yaml:3:5 egress.routes[0] hosts[0]: is not in lower case',
    ],
  ])('with a pattern that does not compile are refused with their place', (rule, message) =>
    expect(() => compileRoutes([rule])).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    ),
  )
})

describe('client rules', () => {
  const identity: ClientIdentity = {
    spiffe: 'spiffe://example.org/ns/prod/billing',
    dns: ['billing.test'],
    uris: ['spiffe://example.org/ns/prod/billing'],
    spki: `sha256/${'A'.repeat(43)}=`,
    serial: '01',
    notAfterMs: 0,
    thumbprint: '',
    subject: '',
    issuer: '',
  }
  const asked = { host: 'app.test', method: 'GET', target: '/reports/1' }
  const decide = (
    allow: Parameters<typeof compileClientRules>[0][number]['allow'],
    who: Partial<ClientIdentity> = {},
  ) =>
    compileClientRules([{ allow, methods: ['GET'], paths: ['/reports/**'], at: 'rule' }]).decide(
      { ...identity, ...who },
      asked,
    )

  it.each([
    [{ spiffe: 'spiffe://example.org/ns/prod/billing' }],
    [{ spiffe: 'spiffe://example.org/ns/*/billing' }],
    [{ spiffe: 'spiffe://example.org/**' }],
    [{ dns: 'billing.test' }],
    [{ spki: `sha256/${'A'.repeat(43)}=` }],
  ])('%j allows the client that it is about', (allow) => expect(decide(allow)).toEqual({ allowed: true, rule: 'rule' }))

  it.each([
    [{ spiffe: 'spiffe://example.org/ns/prod' }],
    [{ spiffe: 'spiffe://example.org/ns/prod/billing/x' }],
    [{ spiffe: 'spiffe://example.org.evil/ns/prod/billing' }],
    [{ spiffe: 'spiffe://example.org/*' }],
    [{ spiffe: 'spiffe://example.orgx/**' }],
    [{ dns: 'test' }],
    [{ dns: 'a.billing.test' }],
    [{ spki: `sha256/${'B'.repeat(43)}=` }],
  ])('%j is not about this client', (allow) =>
    expect(decide(allow)).toEqual({ allowed: false, ambiguous: false, why: 'no rule is about this client' }),
  )

  it('refuse a client without a SPIFFE ID where one is wanted', () => {
    const { spiffe: _, ...nameless } = identity
    const policy = compileClientRules([{ allow: { spiffe: 'spiffe://example.org/**' }, at: 'rule' }])
    expect(policy.decide(nameless, asked).allowed).toBe(false)
  })

  it('refuse the right client the wrong request', () => {
    const policy = compileClientRules([
      { allow: { dns: 'billing.test' }, methods: ['GET'], paths: ['/reports/**'], at: 'rule' },
    ])
    expect(policy.decide(identity, { ...asked, method: 'POST' }).allowed).toBe(false)
    expect(policy.decide(identity, { ...asked, target: '/admin' }).allowed).toBe(false)
    expect(policy.decide(identity, { ...asked, target: '/reports/../admin' })).toMatchObject({ ambiguous: true })
  })

  it('never give one client the requests of another', () => {
    const policy = compileClientRules([
      { allow: { dns: 'billing.test' }, paths: ['/billing'], at: 'billing' },
      { allow: { dns: 'ledger.test' }, paths: ['/ledger'], at: 'ledger' },
    ])
    const ledger = { ...identity, dns: ['ledger.test'] }
    expect(policy.decide(identity, { ...asked, target: '/billing' })).toEqual({ allowed: true, rule: 'billing' })
    expect(policy.decide(ledger, { ...asked, target: '/billing' }).allowed).toBe(false)
    expect(policy.decide(ledger, { ...asked, target: '/ledger' })).toEqual({ allowed: true, rule: 'ledger' })
  })

  it.each([
    [{}],
    [{ dns: 'a', spki: 'b' }],
    [{ spiffe: 'spiffe://Example.org/a' }],
    [{ spiffe: 'spiffe://*/a' }],
    [{ spiffe: 'spiffe://example.org/a*' }],
    [{ spiffe: 'https://example.org/**' }],
  ])('%j does not compile', (allow) => expect(() => decide(allow)).toThrow(/^rule allow/))
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkoutWithout, type Removal } from '../support/checkout-without.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { exchangeInside, portOf } from '../support/raw.ts'

interface Attack {
  readonly line?: string
  readonly fields?: (fixture: EgressFixture) => Readonly<Record<string, string>>
  /** Host that CONNECT names; the port is the upstream's. */
  readonly connect?: string
  readonly serverName?: string
}

/** Sends the attack inside CONNECT; true when a request with the key reached the upstream. */
async function reachesUpstream(fixture: EgressFixture, attack: Attack): Promise<boolean> {
  const authority = `${attack.connect ?? 'ledger.test'}:${fixture.upstream.port}`
  const fields = { Host: authority, Authorization: `Bearer ${fixture.phantom}`, ...attack.fields?.(fixture) }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  const text = `${attack.line ?? 'GET /v1/balance'} HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`
  const ca = `${readFileSync(fixture.environment.SSL_CERT_FILE as string, 'utf8')}\n${fixture.upstream.caPem}`
  const serverName = attack.serverName ?? attack.connect ?? 'ledger.test'
  await exchangeInside(portOf(fixture.forward), { authority, serverName, ca }, text)
  return fixture.upstream.seen.some((seen) => seen.fields.some((value) => value.includes(fixture.secret)))
}

const options = {
  names: ['ledger.test', 'other.test'],
  egress: '  routes: [{ key: ledger, methods: [GET], paths: [/v1/balance] }]',
}

const attacks: readonly (readonly [name: string, attack: Attack, removed: readonly Removal[]])[] = [
  [
    'another method',
    { line: 'DELETE /v1/balance' },
    [
      {
        file: 'src/egress/credentials.ts',
        line: 'if (problem) return { problem, keys: used }',
        instead: '',
      },
    ],
  ],
  [
    'another path',
    { line: 'GET /v1/customers' },
    [
      {
        file: 'src/egress/credentials.ts',
        line: 'if (problem) return { problem, keys: used }',
        instead: '',
      },
    ],
  ],
  [
    'a Host that disagrees with CONNECT',
    { fields: () => ({ Host: 'other.test' }) },
    [{ file: 'src/egress/request.ts', line: 'if (!agrees(head, connected, 443))', instead: 'if (!connected)' }],
  ],
  [
    'a server name that disagrees with CONNECT',
    { serverName: 'other.test' },
    [
      {
        file: 'src/egress/request.ts',
        line: 'peer.serverName.toLowerCase() !== connected.host',
        instead: 'peer.serverName === connected.text',
      },
    ],
  ],
  [
    'another host',
    { connect: 'other.test' },
    [
      {
        file: 'src/egress/door.ts',
        line: 'matchesAuthority(pattern, authority.text)',
        instead: 'pattern.host !== authority.text',
      },
      {
        file: 'src/gateway/open-gateway.ts',
        line: 'createRunAuthority({ hosts: names,',
        instead: "createRunAuthority({ hosts: [...names, 'other.test'],",
      },
      {
        file: 'src/gateway/open-gateway.ts',
        line: "kept(upstream, text in hosts ? text : '',",
        instead: 'kept(upstream, text,',
      },
      {
        file: 'src/gateway/open-gateway.ts',
        line: 'const host = hosts[text]',
        instead: 'const host = Object.values(hosts)[0]',
      },
    ],
  ],
  [
    'somebody else’s credential',
    { fields: () => ({ Authorization: 'Bearer mine' }) },
    [
      {
        file: 'src/keys/carriers/bearer.ts',
        line: 'return at > 0 && equalBytes(value.subarray(at), phantom)',
        instead: 'return at > 0 && !equalBytes(value, phantom)',
      },
    ],
  ],
  [
    'a path that can be read in two ways',
    { line: 'GET /v1/x/../balance' },
    [
      {
        file: 'src/egress/credentials.ts',
        line: 'if (problem) return { problem, keys: used }',
        instead: '',
      },
    ],
  ],
]

describe.each(attacks)('%s', (_name, attack, removed) => {
  it('does not get the key', async () => {
    const fixture = await startEgress(options)
    expect(await reachesUpstream(fixture, {})).toBe(true)
    fixture.upstream.seen.length = 0
    expect(await reachesUpstream(fixture, attack)).toBe(false)
    await fixture.stop()
  })

  it('gets it when the defence is taken out', async () => {
    const fixture = await startEgress({ ...options, root: checkoutWithout(...removed) })
    expect(await reachesUpstream(fixture, attack)).toBe(true)
    await fixture.stop()
  })
})

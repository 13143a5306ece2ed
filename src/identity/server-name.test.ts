import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ipOctets, ipText } from './ip-octets.ts'
import { createAuthority, issueCertificate } from './mint/certificate.ts'
import { matchesServerName } from './server-name.ts'

const root = await createAuthority({ name: 'root' })
const { certificateDer } = await issueCertificate(root, {
  subject: 'common.test',
  dns: ['api.test', '*.wild.test', 'Upper.test', '*', '*.tld', 'w*.part.test', '*.*.two.test'],
  ips: ['127.0.0.1', 'fd00::1'],
  usages: 'server',
})

describe('a server’s certificate', () => {
  it.each(['api.test', 'API.TEST', 'a.wild.test', 'upper.test', '127.0.0.1', 'fd00::1', '[fd00::1]', 'fd00:0:0::1'])(
    'names %s',
    (host) => expect(matchesServerName(certificateDer, host)).toBeUndefined(),
  )

  it.each([
    'common.test',
    'other.test',
    'xapi.test',
    'wild.test',
    'a.b.wild.test',
    '.wild.test',
    'x.tld',
    'anything',
    'w1.part.test',
    'a.b.two.test',
    '*.wild.test',
    '*.*.two.test',
    'api.test.',
    '127.0.0.2',
    'fd00::2',
    '',
  ])('does not name %j', (host) =>
    expect(matchesServerName(certificateDer, host)).toBe('its certificate names other hosts'),
  )

  it('without a subject alternative name names nobody, whatever its common name says', async () => {
    const leaf = await issueCertificate(root, { subject: 'api.test', usages: 'server' })
    expect(matchesServerName(leaf.certificateDer, 'api.test')).toMatch(/a common name is not enough$/)
  })

  it('that cannot be read names nobody', () =>
    expect(matchesServerName(Buffer.from('30030201', 'hex'), 'api.test')).toMatch(/^its certificate cannot be read: /))
})

describe('addresses', () => {
  it('have one text for their octets', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        if (!isIPv6(text)) return
        const octets = ipOctets(text)
        expect(octets).toHaveLength(16)
        if (octets) expect(ipText(octets)).toBe(new URL(`http://[${text}]`).hostname.slice(1, -1))
      }),
    )
  })

  it.each(['', '1.2.3', '1.2.3.256', '01.2.3.4', 'fe80::1%eth0', '::1::', '[::1]', 'localhost'])('%j is none', (text) =>
    expect(ipOctets(text)).toBeUndefined(),
  )
})

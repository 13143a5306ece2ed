import { describe, expect, it } from 'vitest'
import { type Certificate, parseCertificate } from './certificate.ts'
import { createAuthority, issueCertificate, type Minted, selfSignCertificate } from './mint/certificate.ts'
import { matchesPin, pinOf } from './pin.ts'

const root = await createAuthority({ name: 'root' })
const intermediate = await issueCertificate(root, { subject: 'intermediate', isCa: true })
const leaf = await issueCertificate(intermediate, { subject: 'leaf', dns: ['a.test'], usages: 'server' })
const now = new Date()

const pin = ({ certificateDer }: Minted) => {
  const read = parseCertificate(certificateDer)
  if ('problem' in read) throw new Error(read.problem.says)
  return pinOf(read.certificate as Certificate)
}
const matches = (chain: readonly Minted[], pinned: Minted, at = now) =>
  matchesPin(
    chain.map(({ certificateDer }) => certificateDer),
    ['sha256/AAAA', pin(pinned)],
    at,
  )

describe('a pin', () => {
  it.each([
    ['the leaf', leaf],
    ['its issuer', intermediate],
    ['the root', root],
  ])('of %s is met by the chain', (_who, pinned) => expect(matches([leaf, intermediate, root], pinned)).toBe(true))

  it('of a stranger is not', async () =>
    expect(matches([leaf, intermediate, root], await createAuthority({ name: 'root' }))).toBe(false))

  it('is not met by an empty chain, or by no pins', () => {
    expect(matchesPin([], [pin(root)], now)).toBe(false)
    expect(matchesPin([leaf.certificateDer], [], now)).toBe(false)
  })

  it('of an authority of the same name that did not sign is not', async () => {
    const namesake = await createAuthority({ name: 'root' })
    const fake = await selfSignCertificate({ subject: 'intermediate', isCa: true })
    expect(matches([leaf, fake], fake)).toBe(false)
    expect(matches([leaf, intermediate, namesake], namesake)).toBe(false)
  })

  it('of an authority’s key under another name is not', async () => {
    const renamed = await selfSignCertificate({ subject: 'renamed', isCa: true, key: intermediate.privateKey })
    expect(matches([leaf, renamed], renamed)).toBe(false)
  })

  /** Anybody can have a certificate below a public authority, and certify another authority's public key with it. */
  it.each([
    ['a leaf', {}],
    ['a leaf whose key may be used for anything', { keyUsage: [] }],
    ['an authority without keyCertSign', { isCa: true, keyUsage: ['digitalSignature'] }],
    ['an authority that is over', { isCa: true, notAfter: new Date(Date.now() - 1000) }],
    ['an authority to come', { isCa: true, notBefore: new Date(Date.now() + 3_600_000) }],
  ] as const)('of an authority above %s is not met by what that one has certified', async (_who, options) => {
    const pinned = await createAuthority({ name: 'pinned' })
    const theirs = await issueCertificate(pinned, { subject: 'theirs', ...options })
    const again = await issueCertificate(theirs, { subject: 'intermediate', isCa: true, key: intermediate.privateKey })
    expect(matches([leaf, again, theirs, pinned], pinned)).toBe(false)
    expect(matches([leaf, again, theirs, pinned], again)).toBe(true)
  })

  it('of an authority is not met below more authorities than its path length allows', async () => {
    const short = await selfSignCertificate({ subject: 'short', isCa: true, pathLength: 0 })
    const between = await issueCertificate(short, { subject: 'between', isCa: true })
    const below = await issueCertificate(between, { subject: 'below', dns: ['a.test'] })
    const direct = await issueCertificate(short, { subject: 'direct', dns: ['a.test'] })
    expect(matches([below, between, short], short)).toBe(false)
    expect(matches([direct, short], short)).toBe(true)
  })

  it('of an authority above one with name constraints is not met, and that one’s own is', async () => {
    // permittedSubtrees: [0] { { [2] "a.test" } }
    const value = Buffer.from('300ca00a3008820661', 'hex')
    const constraints = Buffer.concat([value, Buffer.from('2e74657374', 'hex')])
    const constrained = await issueCertificate(root, {
      subject: 'constrained',
      isCa: true,
      extensions: [{ oid: '2.5.29.30', critical: true, value: constraints }],
    })
    const below = await issueCertificate(constrained, { subject: 'below', dns: ['a.test'] })
    expect(matches([below, constrained, root], root)).toBe(false)
    expect(matches([below, constrained, root], constrained)).toBe(true)
  })
})

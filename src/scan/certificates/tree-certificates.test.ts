import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { exampleCertificates } from '../../../test/support/example-certificates.ts'
import { createAuthority, issueCertificate } from '../../identity/mint/certificate.ts'
import { keystoreInRepository } from '../rules/keystore-in-repository.ts'
import { scan } from '../scan.ts'
import { sourceFile } from '../source-file.ts'
import type { Tree } from '../tree.ts'
import { objectsOf } from './tree-certificates.ts'

const examples = await exampleCertificates()

const treeOf = (path: string, bytes: Uint8Array, isText: boolean): Tree => ({
  paths: [path],
  file: () => (isText ? sourceFile(path, bytes, (line) => line) : undefined),
  bytes: () => bytes,
  mode: () => undefined,
  isAbout: () => true,
  form: () => undefined,
})

const kindsOf = (path: string, bytes: Uint8Array, isText = true) =>
  objectsOf(treeOf(path, bytes, isText), path).map(({ kind }) => kind)

it('reads several blocks of a file, and tells where each begins', () => {
  const text = `# two\n${examples.get('authority')}between\n${examples.get('list')}`
  const objects = objectsOf(treeOf('a.pem', Buffer.from(text), true), 'a.pem')
  expect(objects.map(({ kind, start }) => [kind, text.slice(start, start + 14)])).toEqual([
    ['certificate', '-----BEGIN CER'],
    ['crl', '-----BEGIN X50'],
  ])
})

it('reads DER, and says of what is damaged that it is', async () => {
  const { certificateDer } = await createAuthority({ name: 'Example CA' })
  expect(kindsOf('a.der', certificateDer, false)).toEqual(['certificate'])
  expect(kindsOf('a.pem', Buffer.from((examples.get('server') ?? '').replace('MII', 'MIJ')))).toEqual(['unreadable'])
})

it('never throws, whatever a file of these names holds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isText) => {
      kindsOf('a.pem', bytes, isText)
    }),
  )
})

it.each([
  ['a.jks', Buffer.from('feedfeed00000002000000010000000100000000', 'hex'), /JKS/],
  ['a.keystore', Buffer.from('cececece00000002000000010000000100000000', 'hex'), /JCEKS/],
  ['a.pfx', Buffer.from('308209d10201033082099706092a864886f70d010701', 'hex'), /PKCS #12/],
  [
    'a.pk8',
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' }),
    /in DER/,
  ],
])('knows a keystore by its first bytes: %s', (path, bytes, says) => {
  const tree = treeOf(path, bytes, false)
  if (keystoreInRepository.about !== 'tree') throw new Error('about the tree')
  const evidence = { tree, deployment: { starts: [], gaps: [] }, listeners: [], programs: [], now: new Date() }
  const problems = [...keystoreInRepository.check(evidence)]
  expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(says)])
})

it('judges expiry by the time that it is told', async () => {
  const authority = await createAuthority({ name: 'Example CA' })
  const notAfter = new Date('2031-01-01T00:00:00Z')
  const { certificatePem } = await issueCertificate(authority, { subject: 'a', notAfter })
  const rulesAt = async (now: Date) =>
    (await scan([{ path: 'tls/a.pem', text: certificatePem }], now)).findings.map(({ rule }) => rule)
  expect(await rulesAt(new Date('2030-12-31T00:00:00Z'))).toEqual([])
  expect(await rulesAt(new Date('2031-01-02T00:00:00Z'))).toEqual(['certificate-expired'])
})

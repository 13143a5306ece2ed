import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { truststorePassword, writeTruststore } from './write-truststore.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-truststore-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What Java's own tool says of the file. */
function keytool(bytes: Uint8Array): string {
  const file = join(folder, 'store.jks')
  writeFileSync(file, bytes)
  const words = ['-list', '-keystore', file, '-storepass', truststorePassword]
  try {
    return execFileSync('keytool', [...words, '-J-Duser.language=en'], { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    return String((error as { stdout?: string }).stdout)
  }
}

describe('a truststore', () => {
  it('is read by Java with every certificate in it, whatever stands between them', () => {
    const pem = rootCertificates.map((one, index) => `# root ${index}: it's - named\n${one}\n`).join('\n')
    const listed = keytool(writeTruststore(pem, new Date()))
    const expected = rootCertificates.map((one) => new X509Certificate(one).fingerprint256)
    const found = [...listed.matchAll(/SHA-256\): ([0-9A-F:]+)/g)].map(([, fingerprint]) => fingerprint)
    expect(found.toSorted()).toEqual(expected.toSorted())
    expect(found.length).toBeGreaterThan(100)
    expect(listed).toContain('trustedCertEntry')
  })

  it('is refused by Java when one bit of it is another', () => {
    const bytes = writeTruststore(rootCertificates[0] ?? '', new Date())
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1
    expect(keytool(bytes)).toContain('Keystore was tampered with')
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, issueCertificate, type Minted } from '../../src/identity/mint/certificate.ts'
import type { Credential } from '../../src/probe/exchange.ts'

/** One CA with a server and a good client, in memory and as files for the servers. */
export interface Pki {
  readonly folder: string
  readonly ca: Credential
  readonly good: Credential
  readonly server: Credential
  readonly file: Readonly<Record<'ca' | 'server' | 'serverKey' | 'serverBoth', string>>
  remove(): void
}

/** The subject of the good client: an app that trusts subjects looks for it. */
export const goodName = 'billing'

export async function makePki(): Promise<Pki> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-probe-'))
  const ca = await createAuthority({ name: 'Test CA' })
  const server = await issueCertificate(ca, {
    subject: 'localhost',
    dns: ['localhost'],
    ips: ['127.0.0.1'],
    usages: 'server',
  })
  const good = await issueCertificate(ca, {
    subject: goodName,
    uris: ['spiffe://example.org/billing'],
    dns: ['billing.test'],
  })
  const write = (name: string, content: string) => {
    const path = join(folder, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  return {
    folder,
    ca: credential(ca),
    good: credential(good),
    server: credential(server),
    file: {
      ca: write('ca.pem', ca.certificatePem),
      server: write('server.pem', server.chainPem),
      serverKey: write('server.key', server.privateKeyPem),
      serverBoth: write('server-both.pem', server.chainPem + server.privateKeyPem),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function credential(minted: Minted): Credential {
  return { certificate: minted.chainPem, key: minted.privateKeyPem }
}

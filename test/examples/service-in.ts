import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import { issueCrl } from '../../src/identity/mint/crl.ts'
import type { Ledger } from './start-ledger.ts'

/**
 * A copy of a sample service below `folder`, with the certificates that its `sallyport.yaml` names, which is pointed at
 * `ledger` and any free port. Resolves to its path.
 */
export async function serviceIn(folder: string, name: string, ledger: Ledger): Promise<string> {
  const service = join(folder, name)
  const tls = join(service, 'tls')
  await cp(join(import.meta.dirname, '../../examples', name), service, { recursive: true })
  await mkdir(tls, { recursive: true })
  const authority = await createAuthority({ name: 'Sample clients' })
  const server = await issueCertificate(authority, { dns: ['localhost'], ips: ['127.0.0.1'], usages: 'server' })
  await writeFile(join(tls, 'ca.pem'), authority.certificatePem)
  await writeFile(join(tls, 'ca.crl'), await issueCrl(authority, { revoked: [], number: 1 }))
  await writeFile(join(tls, 'server.pem'), server.chainPem)
  await writeFile(join(tls, 'server.key'), server.privateKeyPem, { mode: 0o600 })
  await copyFile(ledger.ca, join(tls, 'ledger-ca.pem'))
  const config = await readFile(join(service, 'sallyport.yaml'), 'utf8')
  const { host } = new URL(ledger.url)
  const pointed = config.replaceAll('localhost:9543', host).replace('127.0.0.1:8443', '127.0.0.1:0')
  await writeFile(join(service, 'sallyport.yaml'), pointed)
  return service
}

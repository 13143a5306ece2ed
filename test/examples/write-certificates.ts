import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority, issueCertificate, type Minted } from '../../src/identity/mint/certificate.ts'

/** Writes what the samples' `sallyport.yaml` names under tls/, and resolves to the authority of the clients. */
export async function writeCertificates(service: string): Promise<Minted> {
  const folder = join(service, 'tls')
  const authority = await createAuthority({ name: 'Sample clients' })
  const server = await issueCertificate(authority, { dns: ['localhost'], ips: ['127.0.0.1'], usages: 'server' })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'ca.pem'), authority.certificatePem)
  await writeFile(join(folder, 'server.pem'), server.chainPem)
  await writeFile(join(folder, 'server.key'), server.privateKeyPem, { mode: 0o600 })
  return authority
}

import { appendFileSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthority, issueCertificate, type Minted } from '../../src/identity/mint/certificate.ts'
import { issueCrl } from '../../src/identity/mint/crl.ts'
import { readDeployment } from '../../src/scan/servers/read-deployment.ts'
import { readListeners } from '../../src/scan/servers/read-listeners.ts'
import { makePki, type Pki } from '../probe/pki.ts'
import { freePort, startProgram } from '../probe/start-program.ts'
import { type Client, isServed } from './ask.ts'
import { scratchTree } from './scratch-tree.ts'

let pki: Pki
let clients: { readonly revoked: Client; readonly good: Client }
beforeAll(async () => {
  pki = await makePki()
  const ca = await createAuthority({ name: 'CA of clients' })
  const [revoked, good] = [
    await issueCertificate(ca, { subject: 'stolen' }),
    await issueCertificate(ca, { subject: 'good' }),
  ]
  clients = { revoked: asClient(revoked), good: asClient(good) }
  writeFileSync(join(pki.folder, 'clients.pem'), ca.certificatePem)
  copyFileSync(join(pki.folder, 'clients.pem'), join(pki.folder, 'with-list.pem'))
  appendFileSync(
    join(pki.folder, 'with-list.pem'),
    await issueCrl(ca, { revoked: [{ serial: revoked.serial }], number: 1 }),
  )
})
afterAll(() => pki.remove())

function asClient({ chainPem, privateKeyPem }: Minted): Client {
  return { cert: chainPem, key: privateKeyPem }
}

it.each([
  ['is admitted by Puma without the flag, as the model says', 'clients.pem', '', true],
  [
    'is refused by Puma with the flag and the list, as the model says',
    'with-list.pem',
    `, verification_flags: ['CRL_CHECK']`,
    false,
  ],
])('a revoked client %s', async (_name, ca, flags, isAdmitted) => {
  const port = await freePort()
  const text = `ssl_bind '127.0.0.1', '${port}', cert: '${pki.file.server}', key: '${pki.file.serverKey}', ca: '${join(pki.folder, ca)}', verify_mode: 'force_peer'${flags}\n`
  const tree = await scratchTree({ 'config/puma.rb': text, Procfile: 'web: puma\n' })
  const listeners = await readListeners(tree, await readDeployment(tree), () => undefined)
  expect(listeners.map(({ crl }) => crl !== undefined)).toEqual([!isAdmitted])

  writeFileSync(join(pki.folder, 'config.ru'), `require 'openssl'\nrun ->(_env) { [200, {}, ['the invoices']] }\n`)
  writeFileSync(join(pki.folder, 'puma.rb'), text)
  const started = await startProgram(port, 'puma', ['-C', 'puma.rb'], pki.folder)
  try {
    expect(await isServed(port, clients.good)).toBe(true)
    expect(await isServed(port, clients.revoked)).toBe(isAdmitted)
  } finally {
    await started.stop()
  }
})

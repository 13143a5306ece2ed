import { createHash, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createAuthority, issueCertificate, type Minted } from '../../src/identity/mint/certificate.ts'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { runSallyport, temporaryFolder } from '../support/sallyport.ts'

const pin = ({ certificateDer }: Minted) => {
  const spki = new X509Certificate(certificateDer).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`
}

const root = await createAuthority({ name: 'public root' })
const intermediate = await issueCertificate(root, { subject: 'public intermediate', isCa: true })
const server = { subject: 'ledger', dns: ['ledger.test'], usages: 'server' } as const
const leaf = await issueCertificate(intermediate, server)
const pinned = await createAuthority({ name: 'pinned' })

/** What the app gets from an upstream that shows `chain`, where `pins` are set. */
async function ask(chain: readonly Minted[], privateKey: Minted, pins: readonly string[]): Promise<string> {
  const cert = chain.map(({ certificatePem }) => certificatePem).join('\n')
  const upstream = createServer({ key: privateKey.privateKeyPem, cert }, (_request, response) => response.end('here'))
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const { port } = upstream.address() as AddressInfo
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'ca.pem'), root.certificatePem)
  try {
    const running = await runSallyport({
      folder,
      command: ['sh', '-c', 'curl -sS -H "Authorization: Bearer $LEDGER_KEY" https://ledger.test/x'],
      environment: { LEDGER_KEY: stripeSecretKey.example(randomText()) },
      config: `
keys:
  ledger: { kind: stripe-secret-key, hosts: [ledger.test], from: env:LEDGER_KEY, env: LEDGER_KEY }
egress:
  unsafe_resolve: { ledger.test: "127.0.0.1:${port}" }
  hosts: { ledger.test: { ca: ca.pem${pins.length > 0 ? `, pins: ["${pins.join('", "')}"]` : ''} } }
audit: { file: audit.jsonl }
`,
    })
    await running.ended
    return (
      running
        .output()
        .split('\n')
        .find((line) => /^(here|\{)/.test(line)) ?? running.output()
    )
  } finally {
    upstream.closeAllConnections()
    upstream.close()
  }
}

it.each([
  ['no pin', []],
  ['its own key', [pin(leaf)]],
  ['its issuer’s key', [pin(intermediate)]],
  ['the root’s key, which it does not send', [pin(root)]],
  ['one of two', [pin(pinned), pin(intermediate)]],
])('an upstream with %s pinned gets the request', async (_what, pins) => {
  expect(await ask([leaf, intermediate], leaf, pins)).toBe('here')
})

it('an upstream with another key pinned gets none, and the problem says why', async () => {
  const answer = JSON.parse(await ask([leaf, intermediate], leaf, [pin(pinned)]))
  expect(answer).toMatchObject({
    code: 'UPSTREAM_CERTIFICATE_REFUSED',
    detail: 'ledger.test: no certificate of its chain has a public key that is pinned for it (egress.hosts, pins)',
  })
})

it('a chain that was made up to hold the pinned key is refused', async () => {
  const direct = await issueCertificate(root, server)
  // Whoever has a certificate below the pinned key certifies the public root's key with it.
  const theirs = await issueCertificate(pinned, { subject: 'theirs', keyUsage: [] })
  const again = await issueCertificate(theirs, { subject: 'public root', isCa: true, key: root.privateKey })
  expect(JSON.parse(await ask([direct, again, theirs, pinned], direct, [pin(pinned)]))).toMatchObject({
    code: 'UPSTREAM_CERTIFICATE_REFUSED',
  })
  expect(JSON.parse(await ask([direct, pinned], direct, [pin(pinned)]))).toMatchObject({
    code: 'UPSTREAM_CERTIFICATE_REFUSED',
  })
  expect(await ask([direct, again, theirs, pinned], direct, [pin(root)])).toBe('here')
})

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { acceptHttp2 } from '../../src/http2/accept.ts'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import { buildGo } from '../support/build-go.ts'

it('the server’s side of HTTP/2 passes all of h2spec', async () => {
  const h2spec = buildGo(join(import.meta.dirname, 'h2spec'), 'h2spec', 'github.com/summerwind/h2spec/cmd/h2spec')
  const authority = await createAuthority({ name: 'h2spec CA' })
  const leaf = await issueCertificate(authority, { dns: ['localhost'], usages: 'server' })
  const server = createServer({ key: leaf.privateKeyPem, cert: leaf.chainPem, ALPNProtocols: ['h2'] }, (socket) =>
    acceptHttp2(socket, {
      serve(stream) {
        stream.on('data', () => {})
        stream.on('end', () => {
          stream.write(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'))
          stream.end()
        })
      },
      refused() {},
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { stdout } = await promisify(execFile)(
    h2spec,
    ['--host', '127.0.0.1', '--port', String(port), '--tls', '--insecure', '--timeout', '5'],
    { timeout: 100_000 },
  ).catch((error: { stdout: string }) => error)
  server.close()
  expect(stdout).toContain('145 tests, 145 passed, 0 skipped, 0 failed')
}, 180_000)

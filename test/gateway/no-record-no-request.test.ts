import { expect, it } from 'vitest'
import { startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'

it('a request whose decision cannot be written does not leave', async () => {
  const fixture = await startEgress({ audit: '/dev/full' })
  const answer = await exchange(
    portOf(fixture.forward),
    `GET /ledger/v1/x HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 503 /)
  expect(answer).toContain('"code":"AUDIT_UNWRITABLE"')
  expect(fixture.upstream.seen).toEqual([])
  await fixture.stop()
})

import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'

// Run by resolver-is-silent.test.ts where 127.0.0.9 is the resolver: it takes questions and never answers.
const resolver = createSocket('udp4')
await new Promise<void>((resolve) => resolver.bind(53, '127.0.0.9', resolve))
const named = createServer((_request, response) => response.end('named'))
await new Promise<void>((resolve) => named.listen(0, '127.0.0.1', resolve))
const fixture = await startEgress()
const door = portOf(fixture.forward)
const get = (authority: string) =>
  exchange(door, `GET http://${authority}/ HTTP/1.1\r\nHost: ${authority}\r\nConnection: close\r\n\r\n`, {
    limitMs: 18_000,
  })
const silent = Array.from({ length: 6 }, (_unused, index) => get(`silent-${index}.example.org`))
const again = get('silent-0.example.org')
let isOver = false
void Promise.any([...silent, again]).then(() => {
  isOver = true
})
// Once the resolver has been asked for all of them.
const asked = new Set<string>()
await new Promise<void>((resolve) =>
  resolver.on('message', (question) => {
    asked.add(question.toString('latin1', 13, 21))
    if (asked.size === 6) resolve()
  }),
)
const others = await Promise.all([
  get(`named.test:${(named.address() as AddressInfo).port}`),
  exchange(
    door,
    `GET /ledger/v1/x HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`,
  ),
])
const isWaiting = !isOver
const failed = await Promise.all([...silent, again])
await fixture.stop()
named.close()
resolver.close()
process.stdout.write(JSON.stringify({ others, isWaiting, failed }))

import { describe, expect, it } from 'vitest'
import { directHosts } from './way-out.ts'

describe('NO_PROXY', () => {
  it.each([
    ['ledger.test', 'ledger.test', 443, true],
    ['ledger.test', 'api.ledger.test', 443, true],
    ['ledger.test', 'myledger.test', 443, false],
    ['.ledger.test', 'api.ledger.test', 443, true],
    ['.ledger.test', 'ledger.test', 443, true],
    ['*.ledger.test', 'api.ledger.test', 443, true],
    ['LEDGER.test', 'ledger.test', 443, true],
    ['ledger.test:8443', 'ledger.test', 8443, true],
    ['ledger.test:8443', 'ledger.test', 443, false],
    ['*', 'anything.test', 443, true],
    ['*', '10.1.2.3', 443, true],
    ['10.1.2.3', '10.1.2.3', 443, true],
    ['10.1.2.3', '10.1.2.30', 443, false],
    ['2.3', '10.1.2.3', 443, false],
    ['10.0.0.0/8', '10.1.2.3', 443, true],
    ['10.0.0.0/8', '11.1.2.3', 443, false],
    ['fd00::/8', 'fd12::1', 443, true],
    ['fd00::1', 'fd00::1', 443, true],
    ['[fd00::1]', 'fd00::1', 443, true],
    ['[fd00::1]:8443', 'fd00::1', 8443, true],
    ['[fd00::1]:8443', 'fd00::1', 443, false],
    ['10.0.0.0/99', '10.0.0.0', 443, false],
    ['.', 'ledger.test', 443, false],
  ])('of %s leaves %s:%i to the proxy or not', (entry, host, port, isDirect) => {
    expect(directHosts(['a.test', entry])(host, port)).toBe(isDirect)
  })

  it.each(['localhost', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1'])(
    'or not, %s is never asked of a proxy',
    (host) => expect(directHosts([])(host, 443)).toBe(true),
  )
})

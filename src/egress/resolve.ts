import { BlockList, isIP, type Socket } from 'node:net'
import { SallyportError, systemCode } from '../errors.ts'
import { createLookup, type Lookup } from './lookup.ts'

/** Where a host is dialled. The address that was checked is the one that is dialled: a second look-up could differ. */
export interface DialAddress {
  readonly address: string
  readonly port: number
  /** Makes the connection, where `address` is a proxy's. */
  readonly tunnel?: () => Promise<Socket>
}

/** Addresses that no public API has (RFC 6890 and successors; mapped, translated and tunnelled forms of them too). */
const special: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['::', 96, 'ipv6'],
  ['::ffff:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]

/** `host` and `port` of an upstream → where to dial. Rejects with UPSTREAM_UNRESOLVED or ADDRESS_REFUSED. */
export type Resolve = (host: string, port: number) => Promise<DialAddress>

/**
 * For hosts that get a key: an address that is not public is refused unless `unsafeAddresses` (CIDR) names it.
 * `unsafeResolve` maps a name to an address, with a port where one is given (`127.0.0.1:8443`). Its look-ups wait for
 * one another, and not for those of another one that was made.
 */
export function createResolve(
  unsafeResolve: Readonly<Record<string, string>>,
  unsafeAddresses: readonly string[],
): Resolve {
  const lookup = createLookup()
  const refused = new BlockList()
  for (const [net, prefix, family] of special) refused.addSubnet(net, prefix, family)
  const named = new BlockList()
  for (const block of unsafeAddresses) {
    const [net = '', prefix] = block.split('/')
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
    named.addSubnet(net, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  const mayDial = (address: string): boolean => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return !refused.check(address, family) || named.check(address, family)
  }
  return async (host, port) => {
    const mapped = unsafeResolve[host]
    if (mapped !== undefined) return splitMapped(mapped, port)
    const addresses = isIP(host) ? [host] : await resolveName(host, lookup)
    const allowed = addresses.filter(mayDial)
    if (allowed.length === 0) {
      throw new SallyportError(
        'ADDRESS_REFUSED',
        `${host} has no public address; a private one is dialled only where egress.unsafe_addresses names it`,
      )
    }
    // The resolver's order (RFC 6724) is kept. One attempt: the next connection asks again.
    return { address: allowed[0] as string, port }
  }
}

async function resolveName(host: string, lookup: Lookup): Promise<readonly string[]> {
  try {
    return await lookup(host)
  } catch (error) {
    throw new SallyportError('UPSTREAM_UNRESOLVED', `${host} could not be resolved (${systemCode(error)})`, {
      cause: error,
    })
  }
}

function splitMapped(mapped: string, port: number): DialAddress {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d+)$/i.exec(mapped)
  return match ? { address: (match[1] ?? match[2]) as string, port: Number(match[3]) } : { address: mapped, port }
}

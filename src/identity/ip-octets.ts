import { isIPv4, isIPv6 } from 'node:net'

/** The 4 or 16 octets of an IP address in text, without brackets or zone; undefined for anything else. */
export function ipOctets(text: string): Buffer | undefined {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number))
  if (!isIPv6(text) || text.includes('%')) return undefined
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const octets = dotted?.[2]?.split('.').map(Number) ?? []
  const [a = 0, b = 0, c = 0, d = 0] = octets
  const groups = dotted ? `${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}` : text
  const [front = '', back] = groups.split('::')
  const before = front === '' ? [] : front.split(':')
  const after = back === undefined || back === '' ? [] : back.split(':')
  const zeros = back === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0')
  const address = Buffer.alloc(16)
  for (const [i, group] of [...before, ...zeros, ...after].entries())
    address.writeUInt16BE(Number.parseInt(group, 16), i * 2)
  return address
}

/** An address of 4 or 16 octets in text (RFC 5952 for IPv6). */
export function ipText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.')
  const groups = Buffer.from(octets).toString('hex').match(/.{4}/g) ?? []
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

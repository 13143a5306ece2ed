import { isIPv4, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Address } from './plan.ts'

/** A value that was read, or what is wrong with it; the message never quotes it. */
export type Reading<T> = { readonly value: T } | { readonly problem: string }

/**
 * A host and port as everything after this compares them: lower case, port always named, IPv6 in brackets and in its
 * shortest form (RFC 5952). `wildcard`: `*.` may stand at the front.
 */
export function readAuthority(text: string, options: { readonly wildcard: boolean }): Reading<string> {
  if (/^http:\/\//i.test(text)) return { problem: 'a key never travels over plain HTTP; name a host that speaks TLS' }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return { problem: 'is a URL; write the host alone, with :port unless it is 443' }
  if (/[/?#@\\\s]/.test(text)) return { problem: 'is not a host; write HOST or HOST:PORT, nothing else' }
  const split = splitPort(text)
  if (!split) return { problem: 'is not a host; write HOST or HOST:PORT, an IPv6 address in brackets' }
  const port = split.port === undefined ? 443 : readPort(split.port)
  if (port === undefined || port === 0) return { problem: 'has no valid port; ports are 1 to 65535' }
  if (port === 80)
    return { problem: 'port 80 is plain HTTP, over which a key never travels; name the port that speaks TLS' }
  const host = readHost(split.host, options)
  return 'problem' in host ? host : { value: `${host.value}:${port}` }
}

/** A host name or an address, canonical; an IPv6 address in brackets. */
export function readHost(text: string, options: { readonly wildcard: boolean }): Reading<string> {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  if (isIPv6(bare) && !bare.includes('%')) return { value: new URL(`http://[${bare}]`).hostname }
  if (bare !== text) return { problem: 'holds no valid IPv6 address between its brackets' }
  if (isIPv4(text)) return { value: text }
  const isWildcard = text.startsWith('*.')
  if (isWildcard && !options.wildcard) return { problem: 'must be one host; `*` is not possible here' }
  const name = (isWildcard ? text.slice(2) : text).toLowerCase()
  const problem = hostNameProblem(name)
  if (problem) return { problem }
  if (isWildcard && !name.includes('.'))
    return { problem: 'would match every host of a top-level domain; name at least two labels after `*.`' }
  return { value: isWildcard ? `*.${name}` : name }
}

function hostNameProblem(name: string): string | undefined {
  if (name === '') return 'names no host'
  if (name.includes('*')) return '`*.` may stand only at the front, for one or more labels'
  if (/[^\0-\x7f]/.test(name)) {
    const ascii = domainToASCII(name)
    return `is not in ASCII; write it in its xn-- form${ascii ? ` (${ascii})` : ''}`
  }
  if (name.endsWith('.')) return 'ends with a dot; leave it out'
  const labels = name.split('.')
  const isValid = name.length <= 253 && labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  if (!isValid) return 'is not a valid host name'
  // 0x7f.1, 127.1 and 2130706433 are addresses to some resolvers and names to others.
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return 'is neither a host name nor a complete IPv4 address'
  return undefined
}

/** `HOST:PORT` to listen on or to connect to; the port must be named. */
export function readAddress(text: string, options: { readonly anyPort: boolean }): Reading<Address> {
  const split = splitPort(text)
  if (!split || split.port === undefined)
    return { problem: 'is not an address; write HOST:PORT (127.0.0.1:8443, [::1]:8443, localhost:8443)' }
  const port = readPort(split.port)
  if (port === undefined) return { problem: 'has no valid port; ports are 0 to 65535' }
  if (port === 0 && !options.anyPort)
    return { problem: 'port 0 means any free port, which nobody could find; name one' }
  const host = readHost(split.host, { wildcard: false })
  if ('problem' in host) return host
  return { value: { host: host.value.replace(/^\[|\]$/g, ''), port } }
}

/** A proxy's URL; `userInfo` is `name:password` as it is sent, and never in a message. */
export function readProxyUrl(text: string): Reading<Address & { readonly tls: boolean; readonly userInfo?: string }> {
  const url = URL.parse(text)
  const scheme = url?.protocol ?? ''
  if (!url || !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { problem: 'is not a URL; write http://HOST:PORT' }
  if (scheme !== 'http:' && scheme !== 'https:')
    return { problem: `names a proxy of the kind ${scheme.slice(0, -1)}; only http and https can be gone through` }
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '')
    return { problem: 'has something behind the host; write http://HOST:PORT' }
  const host = readHost(url.hostname, { wildcard: false })
  if ('problem' in host) return host
  const tls = scheme === 'https:'
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port)
  if (port === 0) return { problem: 'has no valid port; ports are 1 to 65535' }
  const address = { host: host.value.replace(/^\[|\]$/g, ''), port, tls }
  if (url.username === '' && url.password === '') return { value: address }
  try {
    return { value: { ...address, userInfo: [url.username, url.password].map(decodeURIComponent).join(':') } }
  } catch {
    return { problem: 'has a user name or password that is not percent-encoded' }
  }
}

/** An IP address, or a block of them (`10.0.0.0/8`). */
export function readBlock(text: string): Reading<string> {
  const [address = '', length, ...more] = text.split('/')
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0
  const isLength = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits)
  if (bits === 0 || !isLength || more.length > 0)
    return { problem: 'is not an address block; write it as 10.0.0.0/8 or fd00::/8' }
  return { value: `${address.toLowerCase()}/${length ?? bits}` }
}

/** Whether `pattern`, a canonical authority that may begin with `*.`, covers `authority`, which may too. */
export function covers(pattern: string, authority: string): boolean {
  if (pattern === authority) return true
  return pattern.startsWith('*.') && authority.endsWith(pattern.slice(1))
}

/** The host of a canonical authority. */
export function hostOf(authority: string): string {
  return authority.slice(0, authority.lastIndexOf(':'))
}

function splitPort(text: string): { host: string; port: string | undefined } | undefined {
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d*))?$/.exec(text)
  return match ? { host: match[1] ?? '', port: match[2] } : undefined
}

function readPort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  return port >= 0 && port <= 65_535 ? port : undefined
}

import { isIPv6 } from 'node:net'

/** A host pattern, compiled. */
export interface AuthorityPattern {
  /** The host in lower case, IPv6 in brackets; with `isWildcard` the part after `*`, leading dot included. */
  readonly host: string
  readonly isWildcard: boolean
  /** Absent: any. */
  readonly port?: number
}

/**
 * Compiles `api.example.com`, `api.example.com:8443`, `*.example.com` (one or more labels in front) or `[::1]:443`. The
 * problem is a half sentence that begins with a verb.
 */
export function compileAuthorityPattern(
  text: string,
): { readonly pattern: AuthorityPattern } | { readonly problem: string } {
  const match = /^(\*(?=\.))?(\[[^\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text)
  if (!match) return { problem: 'is not a host, nor a host and a port' }
  const [, star, host = '', portText] = match
  const problem = hostProblem(star === undefined ? host : host.slice(1))
  if (problem) return { problem }
  const port = portText === undefined ? undefined : Number(portText)
  if (port !== undefined && (port < 1 || port > 65_535)) return { problem: 'has no valid port' }
  return { pattern: { host, isWildcard: star !== undefined, ...(port === undefined ? {} : { port }) } }
}

/**
 * Whether a canonical authority (`host:port`, lower case; without a port it is 443) matches. Allocates nothing.
 */
export function matchesAuthority(pattern: AuthorityPattern, authority: string): boolean {
  const end = hostEnd(authority)
  if (pattern.port !== undefined && pattern.port !== portAt(authority, end)) return false
  const { host } = pattern
  if (!pattern.isWildcard) return end === host.length && authority.startsWith(host)
  return end > host.length && authority.startsWith(host, end - host.length)
}

/** Where the host of an authority ends and `:port`, if there is one, begins. */
function hostEnd(authority: string): number {
  const from = authority.charCodeAt(0) === 0x5b ? authority.indexOf(']') : 0
  const colon = from < 0 ? -1 : authority.indexOf(':', from)
  return colon < 0 ? authority.length : colon
}

function portAt(authority: string, end: number): number {
  if (end === authority.length) return 443
  let port = 0
  for (let at = end + 1; at < authority.length; at++) {
    const digit = authority.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return -1
    port = port * 10 + digit
  }
  return end + 1 === authority.length ? -1 : port
}

function hostProblem(host: string): string | undefined {
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1)) ? undefined : 'holds no IPv6 address between its brackets'
  if (/[^\0-\x7f]/.test(host)) return 'is not in ASCII; write it in its xn-- form'
  if (/[A-Z]/.test(host)) return 'is not in lower case'
  if (host.endsWith('.')) return 'ends with a dot'
  if (host.includes('*')) return 'has `*` elsewhere than as its whole first label'
  const isName =
    host.length <= 253 && host.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  return isName ? undefined : 'is not a host name'
}

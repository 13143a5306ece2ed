import type { Head } from '../http1/head.ts'
import { targetText } from '../http1/head.ts'
import { type Authority, parseAuthority } from './authority.ts'

/** How a request reached the door. */
export interface EgressPeer {
  /** What CONNECT named, on the TLS connection inside it. */
  readonly connected?: Authority
  /** The server name of that TLS connection; undefined where the client sent none. */
  readonly serverName?: string
  /** The client speaks HTTP/2 there, and may need it. */
  readonly http2?: true
}

/** What a request asks for, once its parts agree. */
export interface Wanted {
  readonly act: 'connect' | 'tls' | 'plain'
  readonly authority: Authority
  /** Path and query, for `tls` and `plain`: places in the head's bytes. */
  readonly pathStart: number
  readonly pathEnd: number
  /** The same as text; `/` where the target has none. */
  readonly path: string
}

/** Why the parts of a request do not agree; no value of it in the text. */
export interface Disagreement {
  readonly code: 'REQUEST_MISDIRECTED' | 'REQUEST_MALFORMED'
  readonly detail: string
}

const misdirected = (detail: string): Disagreement => ({ code: 'REQUEST_MISDIRECTED', detail })
const malformed = (detail: string): Disagreement => ({ code: 'REQUEST_MALFORMED', detail })

/**
 * One canonical authority out of CONNECT, server name, target and Host (RFC 9112 §3.2, RFC 9110 §7.2): it decides policy,
 * server name, dial and Host, so nothing that names another one is let through. `reverse` gives the authority for the
 * first path segment in base URL mode.
 */
export function readWanted(
  head: Head,
  peer: EgressPeer,
  reverse: (name: string) => Authority | undefined,
): Wanted | Disagreement {
  if (head.method === 'CONNECT') return readConnect(head, peer)
  const target = targetText(head)
  if (peer.connected) return readInside(head, peer, peer.connected, target)
  if (target.startsWith('/')) return readReverse(head, target, reverse)
  const match = /^(https?):\/\/([^/?]+)/i.exec(target)
  if (!match) return malformed('the target is neither a path, nor an http or https URL, nor an authority after CONNECT')
  const scheme = (match[1] as string).toLowerCase()
  const authority = parseAuthority(match[2] as string, scheme === 'https' ? 443 : 80)
  if (!authority) return malformed('the target’s authority is not a host and port in their plain spelling')
  if (!agrees(head, authority, scheme === 'https' ? 443 : 80))
    return misdirected('Host names another authority than the target')
  return wantedAt(scheme === 'https' ? 'tls' : 'plain', authority, head, target, match[0].length)
}

function readConnect(head: Head, peer: EgressPeer): Wanted | Disagreement {
  if (peer.connected) return malformed('CONNECT inside a connection that CONNECT opened')
  const authority = parseAuthority(targetText(head), 0)
  if (!authority) return malformed('CONNECT does not name a host and port in their plain spelling')
  if (head.framing !== 'none') return malformed('CONNECT with a body')
  // The port may be missing in Host (clients differ); the host may not differ.
  const host = hostText(head)
  const named = host === undefined ? authority : parseAuthority(host, authority.port)
  if (named?.text !== authority.text) return misdirected('Host names another authority than CONNECT')
  return { act: 'connect', authority, pathStart: 0, pathEnd: 0, path: '' }
}

function readInside(head: Head, peer: EgressPeer, connected: Authority, target: string): Wanted | Disagreement {
  if (peer.serverName !== undefined && peer.serverName.toLowerCase() !== connected.host) {
    return misdirected('the TLS server name is another host than CONNECT named')
  }
  if (!agrees(head, connected, 443)) return misdirected('Host names another authority than CONNECT')
  if (target.startsWith('/') || (target === '*' && head.method === 'OPTIONS'))
    return wantedAt('tls', connected, head, target, 0)
  const match = /^https:\/\/([^/?]+)/i.exec(target)
  if (!match) return malformed('the target is neither a path nor an https URL')
  if (parseAuthority(match[1] as string, 443)?.text !== connected.text)
    return misdirected('the target names another authority than CONNECT')
  return wantedAt('tls', connected, head, target, match[0].length)
}

/** Base URL mode: `/NAME/rest`. Host is then the door's own address, and says nothing. */
function readReverse(
  head: Head,
  target: string,
  reverse: (name: string) => Authority | undefined,
): Wanted | Disagreement {
  let nameEnd = 1
  while (nameEnd < target.length && target[nameEnd] !== '/' && target[nameEnd] !== '?') nameEnd++
  const authority = reverse(target.slice(1, nameEnd))
  if (!authority) return misdirected('the first path segment is not the name of a key; the door’s URLs begin with one')
  return wantedAt('tls', authority, head, target, nameEnd)
}

function wantedAt(act: Wanted['act'], authority: Authority, head: Head, target: string, offset: number): Wanted {
  const path = offset === 0 ? target : target.slice(offset)
  return {
    act,
    authority,
    pathStart: head.targetStart + offset,
    pathEnd: head.targetEnd,
    path: path.startsWith('/') || path === '*' ? path : `/${path}`,
  }
}

function agrees(head: Head, authority: Authority, defaultPort: number): boolean {
  const host = hostText(head)
  // What nearly everybody sends; the rest is read with care.
  if (host === authority.text || (host === authority.host && authority.port === defaultPort)) return true
  // HTTP/1.0 may leave Host out; the target or CONNECT has already said it all.
  return host === undefined || parseAuthority(host, defaultPort)?.text === authority.text
}

function hostText(head: Head): string | undefined {
  if (head.host < 0) return undefined
  return head.bytes.toString('latin1', head.places[head.host * 4 + 2], head.places[head.host * 4 + 3])
}

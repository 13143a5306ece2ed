import { isIP } from 'node:net'

/** `host:port` in its one spelling: lower case, port always there, IPv6 in brackets. */
export interface Authority {
  readonly host: string
  readonly port: number
  readonly text: string
  /** What Host says of it over TLS and over plain HTTP: without the port where that is the scheme's own. */
  readonly tlsField: Buffer
  readonly plainField: Buffer
}

/**
 * Reads an authority as CONNECT, Host and an absolute target give it (RFC 3986 §3.2, RFC 9110 §7.2); undefined for what
 * has user information, a trailing dot, an empty label, or is not ASCII: each would name the same host in a second way.
 */
export function parseAuthority(written: string, defaultPort: number): Authority | undefined {
  const match =
    /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z](?:[0-9A-Za-z._-]{0,251}[0-9A-Za-z])?))(?::(\d{1,5}))?$/.exec(written)
  if (!match) return undefined
  const host = ((match[1] ?? match[2]) as string).toLowerCase()
  const port = match[3] === undefined ? defaultPort : Number(match[3])
  if (port < 1 || port > 65_535 || host.includes('..')) return undefined
  if (match[1] !== undefined && isIP(host) !== 6) return undefined
  const name = match[1] === undefined ? host : `[${host}]`
  const text = `${name}:${port}`
  const field = (schemePort: number) => Buffer.from(port === schemePort ? name : text)
  return { host, port, text, tlsField: field(443), plainField: field(80) }
}

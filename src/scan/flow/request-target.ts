import type { OptionValue } from '../model.ts'
import type { Detail } from './flow-record.ts'

/** Where a request goes, as far as the program says. */
export interface RequestTarget {
  /** In small letters; undefined where it is not constant. */
  readonly host: string | undefined
  /** Whether it goes over TLS; undefined where that is not constant. */
  readonly isTls: boolean | undefined
  /** Whoever sends the request that is being answered chooses the host. */
  readonly isChosen: boolean
  /** The URL as far as it is constant, without a query. */
  readonly shown: string
}

export function targetOf({ url, baseUrl, host, tls }: Detail): RequestTarget {
  // A connection that was opened to a host asks that host, whatever URL it is asked for.
  if (host !== undefined) return targetOfHost(host, tls, url)
  if (url === '?' || (baseUrl === '?' && !isAbsolute(url))) return { ...unknown, isChosen: true }
  if (isAbsolute(url)) return targetOfUrl(url)
  const isRelative = url === undefined || (typeof url === 'string' && !url.startsWith('*'))
  return isRelative && isAbsolute(baseUrl) ? targetOfUrl(baseUrl) : unknown
}

const unknown: RequestTarget = { host: undefined, isTls: undefined, isChosen: false, shown: '' }

function isAbsolute(url: OptionValue | undefined): url is `http${string}` {
  return typeof url === 'string' && /^\s*https?:\/\//i.test(url)
}

function targetOfUrl(url: string): RequestTarget {
  const [, scheme = '', authority = ''] = /^\s*(https?):\/\/([^/?#]*)/i.exec(url) ?? []
  const host = authority
    .replace(/^.*@/, '')
    .replace(/:[\d*]*$/, '')
    .toLowerCase()
  const isConstant = host !== '' && !host.includes('*')
  return {
    host: isConstant ? host : undefined,
    isTls: scheme.toLowerCase() === 'https',
    isChosen: false,
    shown: isConstant ? `${scheme}://${host}` : '',
  }
}

function targetOfHost(host: OptionValue, tls: OptionValue | undefined, url: OptionValue | undefined): RequestTarget {
  if (host === '?') return { ...unknown, isChosen: true }
  if (typeof host !== 'string' || host.includes('*')) return unknown
  const byUrl = isAbsolute(url) ? targetOfUrl(url).isTls : undefined
  const isTls = tls === '*' ? byUrl : tls === true
  const name = host.toLowerCase()
  return { host: name, isTls, isChosen: false, shown: `${isTls === false ? 'http' : 'https'}://${name}` }
}

/** Whether a host is this machine, or has a name that only its own network knows. */
export function isNear(host: string): boolean {
  return (
    isLoopback(host) ||
    !host.includes('.') ||
    /\.(?:local|localhost|internal|intranet|lan|test|svc|consul|docker)$/.test(host) ||
    /\.svc\./.test(host)
  )
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127\.[\d.]+$/.test(host) || /^\[?::1\]?$/.test(host)
}

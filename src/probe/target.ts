import { SallyportError } from '../errors.ts'
import type { Origin } from './exchange.ts'

/** What is probed: the named origin and nothing else. */
export interface Target {
  readonly origin: Origin
  /** Scheme, host and port, without a path. */
  readonly url: string
  readonly routes: readonly string[]
}

const routesMax = 200
const routeBytesMax = 4_096

/** Raises CLI_USAGE where the URL or a route cannot be used. */
export function readTarget(text: string, routes: readonly string[] = []): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    throw usage('the URL must be https://HOST[:PORT] or http://HOST[:PORT]')
  }
  if (url.username !== '' || url.password !== '') throw usage('the URL must not hold a user or a password')
  const own = url.pathname === '/' && url.search === '' ? [] : [url.pathname + url.search]
  const all = [...new Set([...own, ...routes.map(readRoute)])]
  if (all.length > routesMax) throw usage(`there are ${all.length} routes; ${routesMax} are the most`)
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    origin: { host, port },
    url: `${url.protocol}//${url.hostname}:${port}`,
    routes: all.length > 0 ? all : ['/'],
  }
}

/** One character a byte, as it goes on the wire. */
function readRoute(route: string): string {
  const bytes = Buffer.from(route)
  const target = bytes.toString('latin1')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character would end the request line
  if (!target.startsWith('/') || /[\u0000-\u0020\u007f#]/.test(target) || bytes.length > routeBytesMax) {
    throw usage(
      `a route begins with / and has no spaces, fragments or control characters, and at most ${routeBytesMax} bytes`,
    )
  }
  return target
}

function usage(message: string): SallyportError {
  return new SallyportError('CLI_USAGE', message)
}

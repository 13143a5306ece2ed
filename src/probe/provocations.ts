import { randomBytes } from 'node:crypto'
import type { ProbeRequest } from './exchange.ts'

/** The development pages of frameworks depend on both (`Accept: *` + curl, a browser, a program). */
const askers: readonly (readonly (readonly [string, string])[])[] = [
  [
    ['User-Agent', 'curl/8.5.0'],
    ['Accept', '*/*'],
  ],
  [
    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) sallyport-probe'],
    ['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8'],
  ],
  [
    ['User-Agent', 'sallyport-probe'],
    ['Accept', 'application/json'],
  ],
]

const longValue = 'a'.repeat(2_048)

/** Values for a parameter that programs stumble over, harmless in themselves; as they stand in the query. */
const oddValues = ['%C3%A9', '\u00c3\u00a9', '', longValue, '%00', '%', '%FF', '-1', '0', '..%2F', '%27%22%3C']

const oddSegments = ['%C3%A9', '-1', 'x', '%25']

export const unknownPath = `/sallyport-probe-${randomBytes(6).toString('hex')}`

/**
 * The requests that provoke errors on a route, GET only. Each parameter of its query gets every odd value in turn, is left
 * out, and is nested; a route without a query gets a parameter of its own; the last segment of its path is changed too.
 * The route itself comes first, as each asker.
 */
export function provocationsOf(route: string): ProbeRequest[] {
  const [path = '/', query = ''] = splitAt(route, '?')
  const pairs = query === '' ? [] : query.split('&').map((pair) => splitAt(pair, '='))
  const targets = new Set<string>()
  const names = pairs.length > 0 ? pairs.map(([name]) => name) : ['q']
  for (const name of names) {
    for (const value of oddValues) targets.add(withPair(path, pairs, name, `${name}=${value}`))
    targets.add(withPair(path, pairs, name, `${name}[]=1`))
    targets.add(withPair(path, pairs, name, `${name}[a][b]=1`))
    targets.add(withPair(path, pairs, name, ''))
  }
  targets.add(path)
  // What stands last in a path is often an id.
  const parent = path.slice(0, path.lastIndexOf('/') + 1)
  if (parent !== '/') for (const value of oddSegments) targets.add(parent + value + (query === '' ? '' : `?${query}`))
  targets.delete(route)
  const [asCurl = []] = askers
  return [
    ...askers.map((fields) => request(route, fields)),
    ...[...targets].map((target) => request(target, asCurl)),
    // The likeliest to raise, as a browser and as a program too.
    ...askers
      .slice(1)
      .map((fields) => request(withPair(path, pairs, names[0] ?? 'q', `${names[0] ?? 'q'}=%C3%A9`), fields)),
  ]
}

/** Requests that are not about a route: what a path that does not exist, or cannot be decoded, gets. */
export function provocationsOfService(): ProbeRequest[] {
  return [
    ...askers.map((fields) => request(unknownPath, fields)),
    ...['/%ff', '/%', '/%C3%A9'].map((target) => request(target, askers[1] ?? [])),
  ]
}

function request(target: string, fields: ProbeRequest['fields'] = []): ProbeRequest {
  return { method: 'GET', target, fields }
}

function withPair(path: string, pairs: readonly (readonly [string, string])[], name: string, pair: string): string {
  const rest = pairs.filter(([other]) => other !== name).map(([other, value]) => `${other}=${value}`)
  const query = [...rest, ...(pair === '' ? [] : [pair])].join('&')
  return query === '' ? path : `${path}?${query}`
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

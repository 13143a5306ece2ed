import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Listener } from '../listener.ts'
import { type FieldFate, isCredentialField, isLoopback, type Route } from '../proxy.ts'
import { clientsOfMode } from './client-modes.ts'

/** The listeners of a configuration in Caddy's own JSON. */
export function* jsonListeners(file: SourceFile, document: ConfigurationNode): Generator<Listener> {
  for (const [, { value: server, keyStart, keyEnd }] of entriesAt(document, 'apps', 'http', 'servers')) {
    const listens = itemsAt(server, 'listen')
    const [policy] = itemsAt(server, 'tls_connection_policies')
    const auth = nodeAt(policy, 'client_authentication')
    const pool =
      itemsAt(auth, 'trusted_ca_certs_pem_files')[0] ??
      nodeAt(auth, 'ca') ??
      itemsAt(auth, 'trusted_ca_certs')[0] ??
      itemsAt(auth, 'trusted_leaf_certs')[0]
    const modeNode = nodeAt(auth, 'mode')
    const mode = textAt(auth, 'mode') ?? (pool ? 'require_and_verify' : 'require')
    const asked = auth ? clientsOfMode(mode) : { clients: 'not asked' as const }
    const routes = routesOf(file, server)
    const isTls = policy !== undefined
    const place = modeNode ?? { start: keyStart, end: keyEnd }
    for (const listen of listens) {
      const [, host = '', port] = /^(?:\w+\/)?(.*):(\d+)$/.exec(textAt(listen) ?? '') ?? []
      yield {
        server: 'caddy',
        file,
        start: listen.start,
        end: listen.end,
        address: host === '' || host === '0.0.0.0' ? undefined : host,
        port: port === undefined ? undefined : Number(port),
        transport: isTls ? 'tls' : 'plain',
        ...asked,
        claims: auth !== undefined,
        because: auth ? [`client_authentication mode ${mode}`] : [],
        passesTo: routes.map(({ to }) => to),
        proxy: {
          speaks: 'http',
          demand: {
            file,
            start: place.start,
            end: place.end,
            correction: modeNode ? '"require_and_verify"' : file.quote(place.start, place.end),
          },
          ...(pool ? { authority: { file, start: pool.start, end: pool.end, path: textAt(pool) ?? '' } } : {}),
          ...(auth && !pool && (asked.clients === 'required' || asked.clients === 'optional')
            ? {
                missingAuthority: {
                  file,
                  start: place.start,
                  end: place.end,
                  correction: `${file.quote(place.start, place.end)}, "ca": { "provider": "file", "pem_files": ["/etc/caddy/clients-ca.pem"] }`,
                  effect: 'the machine’s public roots are taken, and whoever has a certificate of theirs is let in',
                },
              }
            : {}),
          routes,
          logs: [],
          serves: [],
        },
      }
    }
  }
}

function routesOf(file: SourceFile, server: ConfigurationNode): readonly Route[] {
  const routes: Route[] = []
  const stack = [...itemsAt(server, 'routes')]
  for (let next = stack.pop(); next; next = stack.pop())
    for (const handler of itemsAt(next, 'handle')) {
      stack.push(...itemsAt(handler, 'routes'))
      if (textAt(handler, 'handler') === 'reverse_proxy') routes.push(routeOf(file, handler))
    }
  return routes
}

function routeOf(file: SourceFile, handler: ConfigurationNode): Route {
  const dial = nodeAt(itemsAt(handler, 'upstreams')[0], 'dial')
  const to = textAt(dial) ?? ''
  const place = dial ?? nodeAt(handler, 'handler') ?? handler
  const fields = new Map<string, FieldFate>()
  const request = nodeAt(handler, 'headers', 'request')
  for (const name of itemsAt(request, 'delete')) fields.set(String(textAt(name) ?? '').toLowerCase(), 'removed')
  for (const [name, { value }] of entriesAt(request, 'set')) {
    const written = textAt(itemsAt(value)[0]) ?? ''
    fields.set(name.toLowerCase(), written.toLowerCase().includes(`header.${name.toLowerCase()}`) ? 'passed' : 'set')
  }
  const tls = nodeAt(handler, 'transport', 'tls')
  const off = nodeAt(tls, 'insecure_skip_verify')
  const credential = entriesAt(request, 'set').find(([name]) => isCredentialField(name))
  return {
    file,
    start: place.start,
    end: place.end,
    name: 'reverse_proxy',
    to,
    gate: 'open',
    fields,
    removesPrefixes: [],
    passesUnderscores: true,
    overwrite: (names) => ({
      file,
      start: place.start,
      end: place.end,
      correction: `${file.quote(place.start, place.end)}\n"headers": { "request": { "delete": ${JSON.stringify(names.flatMap((name) => [name, name.replaceAll('-', '_')]))} } }`,
    }),
    upstream: {
      transport: tls ? 'tls' : 'plain',
      isVerified: textAt(off) !== 'true',
      isLocal: isLoopback(to.replace(/:\d+$/, '')),
      isExplicit: textAt(off) === 'true',
      ...(credential ? { sends: `the ${credential[0]} field` } : {}),
      verify: { file, start: (off ?? place).start, end: (off ?? place).end, correction: 'false' },
    },
  }
}

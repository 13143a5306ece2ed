import type { Problem, Rule } from '../rule.ts'
import { hasSources, type IdentityFieldUse, identityFieldUses, isIdentityField } from '../servers/identity-fields.ts'
import { isLoopback, isProxyListener, type ProxyListener, type Route } from '../servers/proxy.ts'
import { addressText, hostOfRoute } from '../servers/proxy-verdicts.ts'

export const proxyPassesIdentityFields: Rule = {
  id: 'proxy-passes-identity-fields',
  about: 'tree',
  title: 'Clients can set the field by which the program knows them',
  severity: 'high',
  cwe: 290,
  explanation: `A program knows its clients by a request field such as \`X-SSL-Client-Verify\`, which its reverse proxy is to set. Where the proxy
neither sets nor removes that field on a path, the client's own value reaches the program: whoever sends
\`X-SSL-Client-Verify: SUCCESS\` is believed. Three ways in which that happens unnoticed: in nginx a location with one
\`proxy_set_header\` of its own loses all of its server's; a field is set only under a condition; and haproxy, Envoy, Caddy,
Apache, Traefik, and nginx with \`underscores_in_headers on\`, pass \`X_SSL_Client_Verify\` on beside the field that they set,
which to Rack, WSGI and PHP is the same name.

**Fix.** Set or remove the field on every path to the program, and remove its spelling with underscores.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    proxy_set_header X-SSL-Client-DN $ssl_client_s_dn;\n    location / { proxy_pass http://app; }\n    location /live { proxy_set_header Connection ""; proxy_pass http://app; }\n  }\n}\n',
        'app.rb': "user = request.env['HTTP_X_SSL_CLIENT_DN']\n",
      },
      {
        'nginx.conf':
          'http {\n  underscores_in_headers on;\n  server {\n    listen 80;\n    location / {\n      proxy_set_header X-Client-Cert "";\n      proxy_pass http://app;\n    }\n  }\n}\n',
        'app.rb': "cert = request.env['HTTP_X_CLIENT_CERT']\n",
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    proxy_set_header X-SSL-Client-DN $ssl_client_s_dn;\n    location / { proxy_pass http://app; }\n    location /live {\n      proxy_set_header Connection "";\n      proxy_set_header X-SSL-Client-DN $ssl_client_s_dn;\n      proxy_pass http://app;\n    }\n  }\n}\n',
        'app.rb': "user = request.env['HTTP_X_SSL_CLIENT_DN']\n",
      },
    ],
  },
  *check({ tree, listeners }) {
    const proxies = listeners
      .filter(isProxyListener)
      .filter(({ address, proxy }) => !isLoopback(address) && proxy.speaks === 'http')
    if (proxies.length === 0) return
    const uses = identityFieldUses(tree)
    const owners = fieldOwners(proxies)
    const isProgramHere = hasSources(tree)
    for (const listener of proxies)
      for (const route of listener.proxy.routes) {
        if (route.to === '') continue
        yield* problemsOf(listener, route, uses, owners)
        if (!isProgramHere) yield* passedToStrangers(listener, route, owners)
      }
  },
}

/** By field, the upstreams to which some route sets it. */
function fieldOwners(proxies: readonly ProxyListener[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>()
  for (const route of proxies.flatMap(({ proxy }) => proxy.routes))
    for (const [field, fate] of route.fields) {
      if (fate === 'passed' || fate === 'removed' || !isIdentityField(field)) continue
      owners.set(field, (owners.get(field) ?? new Set()).add(hostOfRoute(route)))
    }
  return owners
}

function* problemsOf(
  listener: ProxyListener,
  route: Route,
  uses: ReadonlyMap<string, IdentityFieldUse>,
  owners: ReadonlyMap<string, ReadonlySet<string>>,
): Generator<Problem> {
  const fields = [...new Set([...uses.keys(), ...owners.keys()])].filter((field) => {
    const hosts = owners.get(field)
    return hosts ? hosts.has(hostOfRoute(route)) : true
  })
  const passed = fields.filter((field) => fateIn(route, field) === undefined)
  const folded = fields.filter(
    (field) =>
      !passed.includes(field) &&
      route.passesUnderscores &&
      field.includes('-') &&
      uses.get(field)?.isFolded === true &&
      fateIn(route, field.replaceAll('-', '_')) === undefined,
  )
  if (passed.length > 0)
    yield problem(listener, route, passed, {
      says: `a client's own ${passed.join(', ')} reaches ${route.to} through ${route.name}`,
      severity: listener.clients === 'required' ? 'medium' : 'high',
      uses,
    })
  else if (folded.length > 0)
    yield problem(listener, route, folded, {
      says: `${folded.map((field) => field.replaceAll('-', '_')).join(', ')} of a client reaches ${route.to} through ${route.name}, and the program reads it as ${folded.join(', ')}`,
      severity: 'medium',
      isFolded: true,
      uses,
    })
}

/** What is passed on in so many words, to programs that are not in the tree. */
function* passedToStrangers(
  listener: ProxyListener,
  route: Route,
  owners: ReadonlyMap<string, ReadonlySet<string>>,
): Generator<Problem> {
  const fields = [...route.fields].flatMap(([field, fate]) =>
    fate === 'passed' && isIdentityField(field) && !owners.has(field) ? [field] : [],
  )
  if (fields.length > 0 && listener.clients !== 'required')
    yield problem(listener, route, fields, {
      says: `a client's own ${fields.join(', ')} reaches ${route.to} through ${route.name}`,
      severity: 'medium',
      uses: new Map(),
    })
}

function fateIn(route: Route, field: string) {
  const fate = route.fields.get(field)
  if (fate !== undefined) return fate === 'passed' ? undefined : fate
  return route.removesPrefixes.some((prefix) => field.startsWith(prefix)) ? 'removed' : undefined
}

function problem(
  listener: ProxyListener,
  route: Route,
  fields: readonly string[],
  told: {
    readonly says: string
    readonly severity: 'high' | 'medium'
    /** The field is set, and comes in another spelling: setting it once more would change nothing. */
    readonly isFolded?: true
    readonly uses: ReadonlyMap<string, IdentityFieldUse>
  },
): Problem {
  const evidence = fields.flatMap((field) => {
    const use = told.uses.get(field)
    return use ? [`${use.file.path}:${use.file.place(use.start, use.end).line} reads ${field}`] : []
  })
  const lets = told.isFolded ? route.underscores : undefined
  const { correction, ...place } = lets ?? route.overwrite(fields)
  return {
    ...place,
    ...(correction === undefined || (told.isFolded && !lets) ? {} : { correction }),
    severity: told.severity,
    confidence: evidence.length > 0 ? 'certain' : 'firm',
    message: `${addressText(listener)}: ${told.says}.`,
    fix: 'Set or remove the field on every path to the program, its spelling with underscores too.',
    evidence: evidence.slice(0, 5),
    identity: [listener.server, route.name, ...fields],
  }
}

import type { ApacheDirective } from '../../configuration/read-apache.ts'
import { type FieldFate, isCredentialField, isLoopback, type Route, type Upstream } from '../proxy.ts'

/** A virtual host, or the main server: its directives after those that it inherits. */
export type HostDirectives = readonly ApacheDirective[]

export function last(directives: HostDirectives, name: string): ApacheDirective | undefined {
  return directives.findLast((directive) => directive.name === name)
}

export function lastText(directives: HostDirectives, name: string): string | undefined {
  return last(directives, name)?.args[0]?.value
}

interface Pass {
  readonly directive: ApacheDirective
  readonly path: string
  readonly to: string
}

/** Every place of a host from which requests go on to an upstream. */
export function routesOf(host: HostDirectives): readonly Route[] {
  return passesOf(host).map((pass) => routeOf(host, pass))
}

function passesOf(host: HostDirectives): readonly Pass[] {
  const passes: Pass[] = []
  const add = (directive: ApacheDirective, path: string, to: string) => {
    if (to !== '!' && /^(?:balancer|https?|h2c?|fcgi|uwsgi|scgi|ajp|wss?|unix):/.test(to))
      passes.push({ directive, path, to })
  }
  for (const directive of host) {
    const [first, second] = directive.args.map(({ value }) => value)
    if (directive.name === 'proxypass' || directive.name === 'proxypassmatch') add(directive, first ?? '', second ?? '')
    if (directive.name === 'rewriterule' && /(?:\[|,)P(?:,|\])/.test(directive.args[2]?.value ?? ''))
      add(directive, '/', (second ?? '').replace(/%\{[^}]*\}|\$\d/g, ''))
    if (!/^location/.test(directive.name)) continue
    for (const inner of directive.block ?? [])
      if (inner.name === 'proxypass') add(directive, first ?? '', inner.args[0]?.value ?? '')
  }
  return passes
}

/** Sections whose directives hold for a path; a pattern counts for what it begins with. */
function sectionsFor(host: HostDirectives, path: string): HostDirectives {
  return host.flatMap(({ name, args, block }) => {
    if (!block || !/^location(?:match)?$/.test(name)) return []
    const written = args.find(({ value }) => value !== '~')?.value ?? ''
    const prefix = written.replace(/^\^/, '').replace(/[(\\$.*+?[].*$/s, '')
    return prefix === '/' || path.startsWith(prefix) || (prefix === '' && written !== '') ? block : []
  })
}

function routeOf(host: HostDirectives, { directive, path, to }: Pass): Route {
  const inside = sectionsFor(host, path)
  const all = [...host, ...inside]
  const text = directive.file.quote(directive.start, directive.end)
  return {
    file: directive.file,
    start: directive.start,
    end: directive.end,
    name: directive.block
      ? `<${directive.name === 'location' ? 'Location' : 'LocationMatch'} ${path}>`
      : `ProxyPass ${path}`,
    to,
    gate: gateOf(all, inside),
    fields: fieldsOf(all),
    removesPrefixes: [],
    passesUnderscores: true,
    overwrite: (names) => ({
      file: directive.file,
      start: directive.start,
      end: directive.end,
      correction: [
        ...names.flatMap((name) => [
          `RequestHeader unset ${name.replaceAll('-', '_')}`,
          `RequestHeader set ${name} "${/verif/.test(name) ? '%{SSL_CLIENT_VERIFY}s' : /dn|subject/.test(name) ? '%{SSL_CLIENT_S_DN}s' : ''}"`.replace(
            /set (\S+) ""$/,
            'unset $1',
          ),
        ]),
        text,
      ].join('\n'),
    }),
    upstream: upstreamOf(all, directive, to),
  }
}

/** `inside` holds the directives of the sections alone: what is demanded there is not demanded of everybody. */
function gateOf(all: HostDirectives, inside: HostDirectives): Route['gate'] {
  if (lastText(inside, 'sslverifyclient')?.toLowerCase() === 'require') return 'certificate'
  const rules = [...all.filter(({ name }) => name === 'rewritecond' || name === 'rewriterule')]
  const isForbidden = rules.some(
    ({ name, args }, i) =>
      name === 'rewritecond' &&
      /SSL_CLIENT_VERIFY/.test(args[0]?.value ?? '') &&
      /^!=?\^?"?SUCCESS"?\$?$/.test(args[1]?.value ?? '') &&
      /\[.*F.*\]/.test(rules.slice(i).find((rule) => rule.name === 'rewriterule')?.args[2]?.value ?? ''),
  )
  if (isForbidden) return 'certificate'
  const flat = all.flatMap((directive) =>
    /^(?:requireall|if|proxy)$/.test(directive.name) ? (directive.block ?? []) : [directive],
  )
  const requires = flat.filter(({ name }) => name === 'require' || name === 'sslrequire')
  const words = requires.map(({ args }) => args.map(({ value }) => value).join(' '))
  const isAny = all.some(
    ({ name, args }) => name === 'requireany' || (name === 'satisfy' && /any/i.test(args[0]?.value ?? '')),
  )
  if (isAny) return 'other'
  if (
    words.some(
      (text) => /^ssl-verify-client/i.test(text) || /SSL_CLIENT_VERIFY\}?"?\s*(?:==?|eq|-eq)\s*["']?SUCCESS/.test(text),
    )
  )
    return 'certificate'
  if (words.some((text) => /SSL_CLIENT_/.test(text))) return 'other'
  return words.some((text) => !/^(?:all granted|ssl\b)/i.test(text)) ? 'other' : 'open'
}

function fieldsOf(directives: HostDirectives): ReadonlyMap<string, FieldFate> {
  const fields = new Map<string, FieldFate>()
  for (const { name, args } of directives) {
    if (name !== 'requestheader') continue
    const [action, field, value, condition] = args.map((word) => word.value)
    const key = field?.toLowerCase() ?? ''
    // A condition leaves the field to the client where it does not hold.
    if (action === 'unset' && (value === undefined || value === 'early')) fields.set(key, 'removed')
    if (action === 'set' && (condition === undefined || condition === 'early'))
      fields.set(key, fateOf(key, value ?? ''))
  }
  return fields
}

function fateOf(field: string, value: string): FieldFate {
  if (value.toLowerCase().includes(`http:${field}`)) return 'passed'
  return /SSL_CLIENT_VERIFY/.test(value) ? 'verified' : 'set'
}

function upstreamOf(all: HostDirectives, directive: ApacheDirective, to: string): Upstream {
  const verify = last(all, 'sslproxyverify')
  const engine = last(all, 'sslproxyengine')
  const sends = all.find(
    ({ name, args }) =>
      name === 'requestheader' &&
      args[0]?.value === 'set' &&
      isCredentialField(args[1]?.value ?? '') &&
      !/HTTP:|%\{.*\}i/.test(args[2]?.value ?? ''),
  )
  const place = verify ?? engine ?? directive
  const kept = verify ? '' : `${place.file.quote(place.start, place.end)}\n`
  return {
    transport: /^(?:https|wss|h2):/.test(to) ? 'tls' : 'plain',
    isVerified: verify?.args[0]?.value.toLowerCase() === 'require',
    isLocal: isLoopback(/^\w+:\/\/(\[[^\]]*\]|[^:/]*)/.exec(to)?.[1] ?? (to.startsWith('unix:') ? 'unix:' : undefined)),
    isExplicit: verify !== undefined,
    ...(sends
      ? { sends: `the ${sends.args[1]?.value} field` }
      : last(all, 'sslproxymachinecertificatefile')
        ? { sends: 'a client certificate' }
        : {}),
    verify: {
      file: place.file,
      start: place.start,
      end: place.end,
      correction: `${kept}SSLProxyVerify require\nSSLProxyCACertificateFile /etc/ssl/certs/ca-certificates.crt\nSSLProxyCheckPeerName on`,
    },
  }
}

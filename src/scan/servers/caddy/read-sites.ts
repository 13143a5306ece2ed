import type { CaddyDirective } from '../../configuration/read-caddyfile.ts'
import { type FieldFate, isCredentialField, isLoopback, type Route, type Upstream } from '../proxy.ts'

/** An address of a site, as Caddy takes it apart. */
export interface SiteAddress {
  readonly host: string
  readonly port: number
  readonly transport: 'plain' | 'tls'
}

/** A name alone is served over TLS on 443 with a certificate that Caddy gets itself. */
export function siteAddress(written: string, hasTls: boolean): SiteAddress {
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*)$/.exec(written.replace(/,$/, '')) ?? []
  const [, host = '', port] = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(rest) ?? []
  const isPlain =
    scheme === 'http' || (!hasTls && scheme === undefined && (port === '80' || (host === '' && port !== '443')))
  const transport = isPlain ? 'plain' : 'tls'
  return { host, port: port === undefined ? (isPlain ? 80 : 443) : Number(port), transport }
}

/** Directives with all that stand inside of them. */
export function* within(directives: readonly CaddyDirective[], depth = 0): Generator<CaddyDirective> {
  for (const directive of directives) {
    yield directive
    if (directive.block && depth < 16) yield* within(directive.block, depth + 1)
  }
}

/** Every `reverse_proxy` of a site. */
export function routesOf(site: readonly CaddyDirective[]): readonly Route[] {
  const all = [...within(site)]
  const isOther = all.some(
    ({ name, args, block }) =>
      /^(?:basic_?auth|forward_auth|authenticate|authorize|jwt)$/.test(name) ||
      (name.startsWith('@') &&
        [...args, ...(block ?? []).flatMap((inner) => [{ value: inner.name }, ...inner.args])].some(({ value }) =>
          /tls_client|tls\.client|remote_ip|client_ip/.test(value),
        )),
  )
  const shared = all.filter(({ name }) => name === 'request_header')
  return all.flatMap((directive) =>
    directive.name === 'reverse_proxy' ? [routeOf(directive, shared, isOther ? 'other' : 'open')] : [],
  )
}

function routeOf(directive: CaddyDirective, shared: readonly CaddyDirective[], gate: Route['gate']): Route {
  const { file, start, args, block = [] } = directive
  const matcher = args[0] && /^(?:[@*]|\/)/.test(args[0].value) ? args[0] : undefined
  const [first] = matcher ? args.slice(1) : args
  const to = first?.value ?? block.find(({ name }) => name === 'to')?.args[0]?.value ?? ''
  const end = args.at(-1)?.end ?? start + directive.name.length
  const { fields, prefixes } = fieldsOf([
    ...shared.map((one) => (one.args[0]?.value.startsWith('@') ? [] : one.args)),
    ...block.filter(({ name }) => name === 'header_up').map((one) => one.args),
  ])
  return {
    file,
    start,
    end,
    name: `reverse_proxy${matcher ? ` ${matcher.value}` : ''}`,
    to,
    gate,
    fields,
    removesPrefixes: prefixes,
    passesUnderscores: true,
    overwrite: (names) => ({
      file,
      start,
      end,
      correction: `${file.quote(start, end)} {\n${names.flatMap((name) => [`\theader_up -${name}`, `\theader_up -${name.replaceAll('-', '_')}`]).join('\n')}\n}`,
    }),
    upstream: upstreamOf(directive, to),
  }
}

function fieldsOf(lines: readonly (readonly { readonly value: string }[])[]): {
  readonly fields: ReadonlyMap<string, FieldFate>
  readonly prefixes: readonly string[]
} {
  const fields = new Map<string, FieldFate>()
  const prefixes: string[] = []
  for (const [written, value, replacement] of lines) {
    const name = written?.value.toLowerCase() ?? ''
    // A third word makes it a replacement inside of what the client sent; `+` adds to it, `?` sets what is absent.
    if (replacement || /^[+?>]/.test(name)) continue
    if (name.startsWith('-') && name.endsWith('*')) prefixes.push(name.slice(1, -1))
    else if (name.startsWith('-')) fields.set(name.slice(1), 'removed')
    else if (value) fields.set(name, value.value.toLowerCase().includes(`header.${name}`) ? 'passed' : 'set')
  }
  return { fields, prefixes }
}

function upstreamOf({ file, start, args, block = [] }: CaddyDirective, to: string): Upstream {
  const inner = [...within(block)]
  const off = inner.find(({ name }) => name === 'tls_insecure_skip_verify')
  const isTls = /^(?:https|h2):\/\//.test(to) || inner.some(({ name }) => name === 'tls' || name.startsWith('tls_'))
  const sends = block.find(
    ({ name, args: [field, value] }) =>
      name === 'header_up' && isCredentialField(field?.value ?? '') && !/header\./.test(value?.value ?? ''),
  )
  const place = off ?? { start, end: args.at(-1)?.end ?? start }
  const isKey = inner.some(({ name }) => name === 'tls_client_auth')
  return {
    transport: isTls ? 'tls' : 'plain',
    isVerified: off === undefined,
    isLocal: isLoopback(
      /^(?:\w+:\/\/)?(\[[^\]]*\]|[^:/]*)/.exec(to)?.[1] || (to.startsWith('unix/') ? 'unix:' : 'localhost'),
    ),
    isExplicit: off !== undefined,
    ...(sends ? { sends: `the ${sends.args[0]?.value} field` } : isKey ? { sends: 'a client certificate' } : {}),
    verify: { file, start: place.start, end: place.end, correction: 'tls_trusted_ca_certs /etc/caddy/upstream-ca.pem' },
  }
}

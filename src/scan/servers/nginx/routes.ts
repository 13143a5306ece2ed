import type { NginxDirective } from '../../configuration/read-nginx.ts'
import { isUnknown } from '../../configuration/template-text.ts'
import { type FieldFate, isCredentialField, isLoopback, type Route, type Upstream } from '../proxy.ts'
import { inherited, type Levels, setting, settingText } from './context.ts'
import { type Maps, rewritePhase, type Verdict } from './rewrite-phase.ts'

/** Directives that pass a request on, with those that set its fields. */
const passes: Readonly<Record<string, { readonly sets: string; readonly isCgi: boolean }>> = {
  proxy_pass: { sets: 'proxy_set_header', isCgi: false },
  grpc_pass: { sets: 'grpc_set_header', isCgi: false },
  uwsgi_pass: { sets: 'uwsgi_param', isCgi: true },
  fastcgi_pass: { sets: 'fastcgi_param', isCgi: true },
  scgi_pass: { sets: 'scgi_param', isCgi: true },
  // The program that Passenger starts itself.
  passenger_enabled: { sets: 'passenger_set_header', isCgi: false },
}

export interface ServerBlock {
  readonly directive: NginxDirective
  readonly levels: Levels
  readonly maps: Maps
  /** `upstream` blocks by name. */
  readonly upstreams: ReadonlyMap<string, NginxDirective>
}

interface Found {
  readonly location: NginxDirective | undefined
  readonly levels: Levels
  readonly pass: NginxDirective
}

/** Every place of a server from which requests go on to an upstream. */
export function routesOf(server: ServerBlock): readonly Route[] {
  const found: Found[] = []
  collect(server.directive.block ?? [], server.levels, undefined, found, 0)
  return found.map((one) => routeOf(server, one))
}

function collect(
  directives: readonly NginxDirective[],
  levels: Levels,
  location: NginxDirective | undefined,
  found: Found[],
  depth: number,
): void {
  // What `return` stands before is never reached.
  const isOver = directives.some(({ name }) => name === 'return')
  for (const directive of directives) {
    const { name, block } = directive
    if (name === 'passenger_enabled' && directive.args[0]?.value !== 'on') continue
    if (passes[name] && !isOver) found.push({ location, levels, pass: directive })
    else if (name === 'location' && block && depth < 16) collect(block, [...levels, block], directive, found, depth + 1)
    else if ((name === 'if' || name === 'limit_except') && block && location && depth < 16)
      collect(block, [...levels, block], location, found, depth + 1)
  }
}

function routeOf(server: ServerBlock, { location, levels, pass }: Found): Route {
  const { sets, isCgi } = passes[pass.name] ?? { sets: 'proxy_set_header', isCgi: false }
  const to = pass.args[0]?.value ?? ''
  const place = location ?? pass
  const first = inherited(levels, sets)
  const upstream = upstreamOf(server, levels, pass)
  const underscores = (
    [
      ['underscores_in_headers', 'on'],
      ['ignore_invalid_headers', 'off'],
    ] as const
  )
    .map(([name, value]) => (settingText(levels, name) === value ? setting(levels, name) : undefined))
    .find((directive) => directive !== undefined)
  return {
    file: place.file,
    start: place.start,
    end: headEnd(place),
    name: location ? `location ${location.args.map(({ value }) => value).join(' ')}` : pass.name,
    to,
    gate: gateOf(server, levels, location),
    fields: fieldsOf(first, isCgi),
    removesPrefixes: [],
    passesUnderscores: underscores !== undefined,
    ...(underscores
      ? {
          underscores: {
            file: underscores.file,
            start: underscores.start,
            end: underscores.end,
            correction: `${underscores.name} ${underscores.name.startsWith('ignore') ? 'on' : 'off'};`,
          },
        }
      : {}),
    overwrite: (fields) => {
      const lines = fields.map((field) =>
        isCgi
          ? `${sets} HTTP_${field.toUpperCase().replaceAll('-', '_')} "";`
          : `${sets} ${titled(field)} ${valueFor(field)};`,
      )
      return { file: pass.file, start: pass.start, end: pass.end, correction: [...lines, textOf(pass)].join('\n') }
    },
    ...(upstream ? { upstream } : {}),
  }
}

/** Up to the brace: the head of a block, or a whole directive. */
export function headEnd(directive: NginxDirective): number {
  const last = directive.args.at(-1)
  return directive.block ? (last?.end ?? directive.start + directive.name.length) : directive.end
}

function textOf({ file, start, end }: NginxDirective): string {
  return file.quote(start, end)
}

function titled(field: string): string {
  return field
    .split('-')
    .map((part) =>
      part === 'ssl' || part === 'dn' || part === 'tls'
        ? part.toUpperCase()
        : part.charAt(0).toUpperCase() + part.slice(1),
    )
    .join('-')
}

function valueFor(field: string): string {
  if (/verif/.test(field)) return '$ssl_client_verify'
  if (/subject|dn$|-cn$/.test(field)) return '$ssl_client_s_dn'
  if (/cert/.test(field)) return '$ssl_client_escaped_cert'
  if (/serial/.test(field)) return '$ssl_client_serial'
  if (/fingerprint/.test(field)) return '$ssl_client_fingerprint'
  return '""'
}

function fieldsOf(directives: readonly NginxDirective[], isCgi: boolean): ReadonlyMap<string, FieldFate> {
  const fields = new Map<string, FieldFate>()
  for (const { args } of directives) {
    const [name, value] = args
    if (!name) continue
    const written = name.value.toLowerCase()
    if (isCgi && !written.startsWith('http_')) continue
    const field = (isCgi ? written.slice(5) : written).replaceAll('_', '-')
    fields.set(field, fateOf(field, value?.value ?? ''))
  }
  return fields
}

function fateOf(field: string, value: string): FieldFate {
  if (value === '') return 'removed'
  if (value.toLowerCase().includes(`$http_${field.replaceAll('-', '_')}`)) return 'passed'
  return /\$\{?ssl_client_verify\b/.test(value) ? 'verified' : 'set'
}

function gateOf(server: ServerBlock, levels: Levels, location: NginxDirective | undefined): Route['gate'] {
  const serverBlock = server.directive.block ?? []
  const verdicts: readonly Verdict[] = ['NONE', 'FAILED:unable to verify the first certificate']
  const outcomes = (block: readonly NginxDirective[]) =>
    verdicts.map((verdict) => rewritePhase(serverBlock, block, verdict, server.maps))
  const own = outcomes(location?.block ?? [])
  if (own.every((outcome) => outcome === 'turned away')) return 'certificate'
  const name = location?.args[0]?.value ?? ''
  if (name.startsWith('@')) {
    const referrers = locationsOf(serverBlock).filter(({ block }) => refersTo(block ?? [], name))
    const isFromServer = refersTo(serverBlock, name)
    if (
      referrers.length > 0 &&
      !isFromServer &&
      referrers.every(({ block }) => outcomes(block ?? []).every((outcome) => outcome === 'turned away'))
    )
      return 'certificate'
  }
  if (own.some((outcome) => outcome === 'unknown')) return 'other'
  if (own[0] === 'turned away') return 'shown'
  const basic = settingText(levels, 'auth_basic')
  const isProtected =
    setting(levels.slice(-1), 'internal') !== undefined ||
    (basic !== undefined && basic !== 'off') ||
    ['auth_request', 'auth_jwt'].some((one) => ![undefined, 'off'].includes(settingText(levels, one))) ||
    inherited(levels, 'deny').some(({ args }) => args[0]?.value === 'all') ||
    levels.flat().some((directive) => /^(?:access|rewrite)_by_lua/.test(directive.name))
  return isProtected ? 'other' : 'open'
}

function locationsOf(directives: readonly NginxDirective[], depth = 0): readonly NginxDirective[] {
  if (depth > 16) return []
  return directives.flatMap((directive) =>
    directive.name === 'location' ? [directive, ...locationsOf(directive.block ?? [], depth + 1)] : [],
  )
}

function refersTo(directives: readonly NginxDirective[], name: string): boolean {
  return directives.some(
    (directive) =>
      ['try_files', 'error_page'].includes(directive.name) && directive.args.some(({ value }) => value === name),
  )
}

function upstreamOf(server: ServerBlock, levels: Levels, pass: NginxDirective): Upstream | undefined {
  const prefix = pass.name === 'grpc_pass' ? 'grpc' : pass.name === 'uwsgi_pass' ? 'uwsgi' : 'proxy'
  const written = pass.args[0]?.value ?? ''
  const isTls = /^(?:https|grpcs|suwsgi):\/\//.test(written)
  const sends = inherited(levels, `${prefix}_set_header`).find(
    ({ args: [name, value] }) =>
      name &&
      value &&
      value.value !== '' &&
      isCredentialField(name.value) &&
      !/\$(?:http_|upstream_http_|arg_|cookie_)/.test(value.value),
  )
  const certificate = setting(levels, `${prefix}_ssl_certificate`)
  const verify = setting(levels, `${prefix}_ssl_verify`)
  const place = verify ?? pass
  return {
    transport: isTls ? 'tls' : 'plain',
    isVerified: verify?.args[0]?.value === 'on' || (verify !== undefined && isUnknown(verify.args[0]?.value ?? '')),
    isLocal: isLocalUpstream(server, written),
    isExplicit: verify !== undefined,
    ...(sends ? { sends: `the ${sends.args[0]?.value} field` } : certificate ? { sends: 'a client certificate' } : {}),
    verify: {
      file: place.file,
      start: place.start,
      end: place.end,
      correction: `${prefix}_ssl_verify on;\n${prefix}_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;\n${prefix}_ssl_server_name on;${verify ? '' : `\n${textOf(pass)}`}`,
    },
  }
}

function isLocalUpstream(server: ServerBlock, written: string): boolean {
  const host = hostOf(written.replace(/^\w+:\/\//, ''))
  const block = server.upstreams.get(host)
  if (!block) return isLoopback(host)
  const servers = (block.block ?? []).filter(({ name }) => name === 'server')
  return servers.length > 0 && servers.every(({ args }) => isLoopback(hostOf(args[0]?.value ?? '')))
}

function hostOf(authority: string): string {
  if (authority.startsWith('unix:')) return 'unix:'
  return /^(\[[^\]]*\]|[^:/?]*)/.exec(authority)?.[1] ?? ''
}

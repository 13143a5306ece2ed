import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import type { SourceFile } from '../../source-file.ts'
import { type FieldFate, isCredentialField, isLoopback, type Route, type Upstream } from '../proxy.ts'

/** A connection manager with what it is asked about. */
export interface Manager {
  readonly file: SourceFile
  readonly node: ConfigurationNode
  readonly clusters: ReadonlyMap<string, ConfigurationNode>
  /** Whether clients may show a certificate: without one, what they sent about it is taken out, unless it is always passed on. */
  readonly asksClients: boolean
}

const forwardedClientCertificate = 'x-forwarded-client-cert'

export function routesOf(manager: Manager): readonly Route[] {
  const hosts = itemsAt(manager.node, 'route_config', 'virtual_hosts')
  return hosts.flatMap((host) =>
    itemsAt(host, 'routes').flatMap((route) => {
      const cluster =
        textAt(route, 'route', 'cluster') ?? textAt(itemsAt(route, 'route', 'weighted_clusters', 'clusters')[0], 'name')
      return cluster === undefined ? [] : [routeOf(manager, host, route, cluster)]
    }),
  )
}

function routeOf(manager: Manager, host: ConfigurationNode, route: ConfigurationNode, cluster: string): Route {
  const { file, node } = manager
  const match =
    textAt(route, 'match', 'prefix') ??
    textAt(route, 'match', 'path') ??
    textAt(route, 'match', 'safe_regex', 'regex') ??
    '/'
  const target = nodeAt(route, 'route', 'cluster') ?? route
  const underscores = textAt(node, 'common_http_protocol_options', 'headers_with_underscores_action')
  const levels = [nodeAt(node, 'route_config'), host, route]
  const fields = fieldsOf(manager, levels)
  const details = nodeAt(node, 'forward_client_cert_details')
  return {
    file,
    start: target.start,
    end: target.end,
    name: `the route ${match}`,
    to: cluster,
    gate: gateOf(node),
    fields,
    removesPrefixes: [],
    passesUnderscores: underscores !== 'DROP_HEADER' && underscores !== 'REJECT_REQUEST',
    overwrite: (names) =>
      details && names.length === 1 && names[0] === forwardedClientCertificate
        ? {
            file,
            start: details.start,
            end: details.end,
            correction: manager.asksClients ? 'SANITIZE_SET' : 'SANITIZE',
          }
        : {
            file,
            start: target.start,
            end: target.end,
            correction: `${file.quote(target.start, target.end)}\n# of the connection manager: common_http_protocol_options: { headers_with_underscores_action: REJECT_REQUEST }\n# of the virtual host: request_headers_to_remove: [${names.join(', ')}]`,
          },
    ...upstreamOf(manager, cluster, levels),
  }
}

/** Filters that decide who may ask; what they decide is not followed. */
function gateOf(manager: ConfigurationNode): Route['gate'] {
  const filters = itemsAt(manager, 'http_filters').map((filter) => textAt(filter, 'name') ?? '')
  return filters.some((name) => /rbac|ext_authz|jwt_authn|basic_auth|oauth2|api_key_auth|lua|wasm/.test(name))
    ? 'other'
    : 'open'
}

function fieldsOf(
  { node: manager, asksClients }: Manager,
  levels: readonly (ConfigurationNode | undefined)[],
): ReadonlyMap<string, FieldFate> {
  const fields = new Map<string, FieldFate>()
  for (const level of levels) {
    for (const removed of itemsAt(level, 'request_headers_to_remove'))
      if (removed.kind === 'scalar') fields.set(String(removed.value).toLowerCase(), 'removed')
    for (const added of itemsAt(level, 'request_headers_to_add')) {
      const name = textAt(added, 'header', 'key')?.toLowerCase()
      const action =
        textAt(added, 'append_action') ??
        (textAt(added, 'append') === 'false' ? 'OVERWRITE_IF_EXISTS_OR_ADD' : 'APPEND_IF_EXISTS_OR_ADD')
      const value = textAt(added, 'header', 'value') ?? ''
      // Appending leaves what the client sent in front.
      if (name === undefined || !action.startsWith('OVERWRITE_IF_EXISTS')) continue
      const isPassed = value.toLowerCase().includes(`%req(${name}`)
      fields.set(name, isPassed ? 'passed' : /PEER_(?:CERT|SUBJECT|FINGERPRINT|URI)/.test(value) ? 'verified' : 'set')
    }
  }
  // SANITIZE is the default.
  const details = textAt(manager, 'forward_client_cert_details') ?? 'SANITIZE'
  const isPassed = details === 'ALWAYS_FORWARD_ONLY' || (asksClients && !details.startsWith('SANITIZE'))
  const fate: FieldFate = isPassed ? 'passed' : details === 'SANITIZE_SET' && asksClients ? 'verified' : 'removed'
  fields.set(forwardedClientCertificate, fate)
  return fields
}

function upstreamOf(
  { file, clusters }: Manager,
  name: string,
  levels: readonly (ConfigurationNode | undefined)[],
): { readonly upstream?: Upstream } {
  const cluster = clusters.get(name)
  if (!cluster) return {}
  const context = nodeAt(cluster, 'transport_socket', 'typed_config')
  const isTls = textAt(context, '@type')?.endsWith('UpstreamTlsContext') === true
  const validation =
    nodeAt(context, 'common_tls_context', 'validation_context') ??
    nodeAt(context, 'common_tls_context', 'combined_validation_context') ??
    nodeAt(context, 'common_tls_context', 'validation_context_sds_secret_config')
  const isVerified = validation !== undefined && textAt(validation, 'trust_chain_verification') !== 'ACCEPT_UNTRUSTED'
  const addresses = itemsAt(cluster, 'load_assignment', 'endpoints').flatMap((endpoint) =>
    itemsAt(endpoint, 'lb_endpoints').map(
      (one) =>
        textAt(one, 'endpoint', 'address', 'socket_address', 'address') ??
        (nodeAt(one, 'endpoint', 'address', 'pipe') ? 'unix:' : ''),
    ),
  )
  const credential = levels
    .flatMap((level) => itemsAt(level, 'request_headers_to_add'))
    .map((added) => textAt(added, 'header', 'key') ?? '')
    .find(isCredentialField)
  const common = nodeAt(context, 'common_tls_context')
  const place = validation ?? common ?? context ?? cluster
  return {
    upstream: {
      transport: isTls ? 'tls' : 'plain',
      isVerified,
      isLocal: addresses.length > 0 && addresses.every(isLoopback),
      isExplicit: validation !== undefined,
      ...(credential === undefined
        ? nodeAt(common, 'tls_certificates')
          ? { sends: 'a client certificate' }
          : {}
        : { sends: `the ${credential} field` }),
      verify: {
        file,
        start: place.start,
        end: place.end,
        correction: `validation_context: { trusted_ca: { filename: /etc/ssl/certs/ca-certificates.crt } }`,
      },
    },
  }
}

/** Fields of requests that an access log's formats write out, with the place of the text. */
export function* loggedFields(
  node: ConfigurationNode | undefined,
): Generator<{ readonly name: string; readonly text: ConfigurationNode }> {
  const stack = itemsAt(node, 'access_log').slice()
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === 'list') stack.push(...next.items)
    else if (next.kind === 'map') stack.push(...entriesAt(next).map(([, { value }]) => value))
    else if (typeof next.value === 'string')
      for (const [, name = ''] of next.value.matchAll(/%REQ\(([\w:-]{1,80})/g)) yield { name, text: next }
  }
}

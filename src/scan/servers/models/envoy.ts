import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { templateText } from '../../configuration/template-text.ts'
import type { SourceFile } from '../../source-file.ts'
import { loggedFields, type Manager, routesOf } from '../envoy/routes.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import { isCallerCredential, type NamedFile, type ReverseProxy, type Route } from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'

/** Measured on 1.39: `test/servers/proxies.test.ts` starts it with each of these settings. */
export const envoy: ServerModel = {
  id: 'envoy',
  title: 'Envoy',
  read(tree, _deployment, gap) {
    const listeners: Listener[] = []
    for (const path of tree.paths) {
      if (!/\.(?:ya?ml|json)(?:\.(?:erb|j2|tmpl|template))?$/i.test(path)) continue
      const file = tree.isAbout(path, 'envoy listener') ? tree.file(path) : undefined
      if (!file || !/\blisteners\b/.test(file.text) || !/\bfilter_chains\b/.test(file.text)) continue
      const { documents, problems } = readYaml(templateText(file.text))
      for (const { start, says } of problems)
        gap(`${path}:${file.place(start, start).line}: ${says}; this Envoy configuration was not judged`)
      for (const document of documents) listeners.push(...listenersOf(file, document))
      if (/\b(?:dynamic_resources|lds_config|rds)\b/.test(file.text))
        gap(`${path}: Envoy is told listeners or routes while it runs (xDS): those are not in the tree, and not judged`)
    }
    return listeners
  },
  documentation:
    'https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/transport_sockets/tls/v3/tls.proto#envoy-v3-api-msg-extensions-transport-sockets-tls-v3-downstreamtlscontext',
}

function* listenersOf(file: SourceFile, document: ConfigurationNode): Generator<Listener> {
  const resources = nodeAt(document, 'static_resources') ?? document
  const clusters = new Map(itemsAt(resources, 'clusters').map((one) => [textAt(one, 'name') ?? '', one]))
  for (const listener of itemsAt(resources, 'listeners')) {
    const address = nodeAt(listener, 'address', 'socket_address')
    for (const chain of itemsAt(listener, 'filter_chains')) yield listenerOf(file, address ?? listener, chain, clusters)
  }
}

function listenerOf(
  file: SourceFile,
  address: ConfigurationNode,
  chain: ConfigurationNode,
  clusters: ReadonlyMap<string, ConfigurationNode>,
): Listener {
  const context = nodeAt(chain, 'transport_socket', 'typed_config')
  const isTls = context !== undefined && textAt(context, '@type')?.endsWith('DownstreamTlsContext') === true
  const common = nodeAt(context, 'common_tls_context')
  const validation =
    nodeAt(common, 'validation_context') ?? nodeAt(common, 'combined_validation_context', 'default_validation_context')
  const isElsewhere = nodeAt(common, 'validation_context_sds_secret_config') !== undefined
  const isDemanded = textAt(context, 'require_client_certificate') === 'true'
  const clients = isTls ? clientsOf(isDemanded, validation, isElsewhere) : 'not asked'
  const managers = itemsAt(chain, 'filters').flatMap((filter): Manager[] => {
    const node = nodeAt(filter, 'typed_config')
    return node && textAt(node, '@type')?.endsWith('HttpConnectionManager')
      ? [{ file, node, clusters, asksClients: clients !== 'not asked' }]
      : []
  })
  const routes = managers.length > 0 ? managers.flatMap(routesOf) : tcpRoutes(file, chain)
  const port = textAt(address, 'port_value')
  const host = textAt(address, 'address')
  return {
    server: managers.length > 0 ? 'envoy' : 'envoy tcp',
    file,
    start: address.start,
    end: address.end,
    address: host === '0.0.0.0' || host === '::' ? undefined : host,
    port: port === undefined ? undefined : Number(port),
    transport: isTls ? 'tls' : 'plain',
    clients,
    ...(clients === 'any' && isDemanded ? { refusesNone: true } : {}),
    claims: validation !== undefined || isElsewhere || isDemanded,
    because: reasons(clients, isDemanded, validation),
    ...(textAt(validation, 'trusted_ca', 'filename') === undefined
      ? {}
      : { ca: textAt(validation, 'trusted_ca', 'filename') ?? '' }),
    ...(textAt(validation, 'crl', 'filename') === undefined
      ? {}
      : { crl: textAt(validation, 'crl', 'filename') ?? '' }),
    passesTo: routes.map(({ to }) => to),
    setsFields: [...new Set(routes.flatMap(({ fields }) => [...fields.keys()]))],
    proxy: {
      speaks: managers.length > 0 ? 'http' : 'tcp',
      ...trustOf(file, address, context, validation),
      routes,
      logs: managers.flatMap(({ node }) =>
        [...loggedFields(node)]
          .filter(({ name }) => isCallerCredential(name))
          .map(({ name, text }) => ({
            file,
            start: text.start,
            end: text.end,
            correction: '"-"',
            what: `the ${name} field`,
          })),
      ),
      serves: [],
    },
  }
}

/** `require_client_certificate` without a validation context does nothing: measured on 1.39. */
function clientsOf(
  isDemanded: boolean,
  validation: ConfigurationNode | undefined,
  isElsewhere: boolean,
): ClientCertificates {
  const isPinned = ['verify_certificate_spki', 'verify_certificate_hash'].some(
    (name) => itemsAt(validation, name).length > 0,
  )
  const hasAuthority =
    nodeAt(validation, 'trusted_ca') !== undefined ||
    nodeAt(validation, 'ca_certificate_provider_instance') !== undefined ||
    nodeAt(validation, 'custom_validator_config') !== undefined
  const isUntrusted = textAt(validation, 'trust_chain_verification') === 'ACCEPT_UNTRUSTED'
  if (!validation && !isElsewhere) return 'not asked'
  if (!isElsewhere && !isPinned && (!hasAuthority || isUntrusted))
    return isDemanded || hasAuthority ? 'any' : 'not asked'
  return isDemanded ? 'required' : 'optional'
}

function reasons(
  clients: ClientCertificates,
  isDemanded: boolean,
  validation: ConfigurationNode | undefined,
): string[] {
  if (clients === 'optional') return ['require_client_certificate is false unless it is set']
  if (textAt(validation, 'trust_chain_verification') === 'ACCEPT_UNTRUSTED')
    return ['trust_chain_verification ACCEPT_UNTRUSTED takes certificates of any issuer']
  if (clients === 'not asked' && isDemanded)
    return ['require_client_certificate does nothing without a validation_context: clients are served without one']
  if (clients === 'any' && isDemanded) return ['there is no trusted_ca to check a certificate against']
  return []
}

function trustOf(
  file: SourceFile,
  address: ConfigurationNode,
  context: ConfigurationNode | undefined,
  validation: ConfigurationNode | undefined,
): Omit<ReverseProxy, 'speaks' | 'routes' | 'logs' | 'serves'> {
  const demand = entryOf(context, 'require_client_certificate') ?? entryOf(context, '@type')
  const untrusted = entryOf(validation, 'trust_chain_verification')
  const kept =
    demand && !nodeAt(context, 'require_client_certificate') ? `${file.quote(demand.start, demand.end)}\n` : ''
  const authority = nodeAt(validation, 'trusted_ca', 'filename')
  const certificate = nodeAt(
    itemsAt(context, 'common_tls_context', 'tls_certificates')[0],
    'certificate_chain',
    'filename',
  )
  const trusted = entryOf(validation, 'trusted_ca')
  const place = { file, start: address.start, end: address.end }
  const change =
    untrusted && textAt(validation, 'trust_chain_verification') === 'ACCEPT_UNTRUSTED'
      ? { file, ...untrusted, correction: 'trust_chain_verification: VERIFY_TRUST_CHAIN' }
      : demand
        ? {
            file,
            ...demand,
            correction: `${kept}require_client_certificate: true${validation ? '' : '\n# in common_tls_context: validation_context: { trusted_ca: { filename: /etc/envoy/clients-ca.pem } }'}`,
          }
        : { ...place, correction: file.quote(place.start, place.end) }
  return {
    demand: change,
    ...(authority ? { authority: named(file, authority) } : {}),
    ...(certificate ? { certificate: named(file, certificate) } : {}),
    ...(trusted && !nodeAt(validation, 'crl')
      ? {
          revoke: {
            file,
            ...trusted,
            correction: `${file.quote(trusted.start, trusted.end)}\ncrl: { filename: /etc/envoy/clients.crl }`,
            says: 'no crl',
          },
        }
      : {}),
  }
}

/** A key with its value. */
function entryOf(node: ConfigurationNode | undefined, key: string): { start: number; end: number } | undefined {
  const entry = entriesAt(node).find(([name]) => name === key)?.[1]
  return entry && { start: entry.keyStart, end: entry.value.end }
}

function named(file: SourceFile, node: ConfigurationNode): NamedFile {
  return { file, start: node.start, end: node.end, path: textAt(node) ?? '' }
}

function tcpRoutes(file: SourceFile, chain: ConfigurationNode): readonly Route[] {
  return itemsAt(chain, 'filters').flatMap((filter) => {
    const cluster = nodeAt(filter, 'typed_config', 'cluster')
    if (cluster?.kind !== 'scalar') return []
    const place = { file, start: cluster.start, end: cluster.end }
    const isGuarded = itemsAt(chain, 'filters').some((one) => /rbac|ext_authz/.test(textAt(one, 'name') ?? ''))
    return [
      {
        ...place,
        name: `the cluster ${cluster.value}`,
        to: String(cluster.value),
        gate: isGuarded ? 'other' : 'open',
        fields: new Map(),
        removesPrefixes: [],
        passesUnderscores: true,
        overwrite: () => ({ ...place, correction: file.quote(place.start, place.end) }),
      },
    ]
  })
}

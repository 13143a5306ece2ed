import type { Row } from './proxy-programs.ts'

const row = (
  name: string,
  parts: {
    readonly context?: string
    readonly common?: string
    readonly manager?: string
    readonly host?: string
    readonly isPlain?: boolean
  },
  field?: string,
): Row => ({
  name: `envoy: ${name}`,
  server: 'envoy',
  ...(field === undefined ? {} : { field }),
  files: {
    'envoy.yaml': `static_resources:
  listeners:
    - name: door
      address: { socket_address: { address: 127.0.0.1, port_value: «port» } }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: door
${parts.manager ?? ''}
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                route_config:
                  virtual_hosts:
                    - name: app
                      domains: ["*"]
${parts.host ?? ''}
                      routes: [{ match: { prefix: / }, route: { cluster: app } }]
${
  parts.isPlain
    ? ''
    : `          transport_socket:
            name: envoy.transport_sockets.tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
${parts.context ?? ''}
              common_tls_context:
                tls_certificates: [{ certificate_chain: { filename: «server» }, private_key: { filename: «serverKey» } }]
${parts.common ?? ''}`
}
  clusters:
    - name: app
      connect_timeout: 2s
      load_assignment:
        cluster_name: app
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: «echo» } } } }] }]
`,
  },
})

const demanded = '              require_client_certificate: true'
const authority = '                validation_context: { trusted_ca: { filename: «ca» } }'
const untrusted =
  '                validation_context: { trusted_ca: { filename: «ca» }, trust_chain_verification: ACCEPT_UNTRUSTED }'

export const envoyConfigurations: readonly Row[] = [
  row('plain', { isPlain: true }),
  row('no verification', {}),
  row('an authority alone', { common: authority }),
  row('required', { context: demanded, common: authority }),
  row('required without an authority', { context: demanded }),
  row('required, and untrusted ones accepted', { context: demanded, common: untrusted }),
  row('untrusted ones accepted', { common: untrusted }),
  row('a field removed', { host: '                      request_headers_to_remove: [X-SSL-Client-Verify]' }),
  row('a field appended', {
    host: '                      request_headers_to_add: [{ header: { key: X-SSL-Client-Verify, value: "no" } }]',
  }),
  row('a field overwritten', {
    host: '                      request_headers_to_add: [{ header: { key: X-SSL-Client-Verify, value: "no" }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }]',
  }),
  row('underscores refused', {
    manager: '                common_http_protocol_options: { headers_with_underscores_action: REJECT_REQUEST }',
  }),
  row('the forwarded certificate', {}, 'x-forwarded-client-cert'),
  row(
    'the forwarded certificate handed on',
    { manager: '                forward_client_cert_details: ALWAYS_FORWARD_ONLY' },
    'x-forwarded-client-cert',
  ),
  row(
    'the forwarded certificate set anew',
    {
      context: demanded,
      common: authority,
      manager:
        '                forward_client_cert_details: SANITIZE_SET\n                set_current_client_cert_details: { subject: true }',
    },
    'x-forwarded-client-cert',
  ),
]

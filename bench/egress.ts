import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createAuthority, issueCertificate } from '../src/identity/mint/certificate.ts'
import type { Contender, Payload, Scene, SceneOptions, Target } from './door.ts'
import type { GoGenerator } from './load.ts'
import { entriesText, gzipPayload } from './payload.ts'
import { choosePeers, runningPeer, startEnvoy, startHaproxy, startNginx } from './peers.ts'
import { freePort } from './process.ts'
import { ourContenders, type SallyportOptions } from './sallyport.ts'

const name = 'ledger.test'
const prefix = '/ledger'

/** Plaintext client → the door puts the key in → upstream over TLS 1.3, which answers 200 only to the key. */
export async function egressScene(options: SceneOptions, go: GoGenerator | undefined): Promise<Scene> {
  const { directory } = options
  const key = randomBytes(24).toString('base64url')
  const upstream = await startUpstream(options, key, go)
  const { contenders, absent } = choosePeers(options.peers, {
    nginx: (version) => nginx(options, upstream, key, version, 'nginx'),
    'nginx-log': (version) => nginx(options, upstream, key, version, 'nginx-log'),
    haproxy: (version) => haproxy(options, upstream, key, version),
    envoy: (version) => envoy(options, upstream, key, version),
  })
  const ours: SallyportOptions = {
    directory,
    config: `keys:
  ledger:
    kind: { hosts: ["${name}:${upstream.port}", "${name}:${upstream.streams}"], carrier: { header: Authorization, prefix: "Bearer " } }
    from: env:LEDGER_KEY
    env: LEDGER_KEY
egress:
  routes: [{ key: ledger, methods: [GET, POST], paths: [/v1/**] }]
  unsafe_resolve: { ${name}: 127.0.0.1 }
  unsafe_addresses: [127.0.0.0/8]
  hosts:
    "${name}:${upstream.port}": { ca: ${upstream.ca} }
    "${name}:${upstream.streams}": { ca: ${upstream.ca} }`,
    environment: { LEDGER_KEY: key },
    target: (ready, app) => {
      const port = Number(new URL(ready.egress?.reverse.ledger ?? '').port)
      const at = targets(port, app.get('LEDGER_KEY') ?? '')
      // The base URL leads to the first host alone; the other one is asked for as a proxy is.
      return (payload) => {
        const target = at(payload)
        if (payload.kind !== 'events') return target
        return {
          ...target,
          path: `https://${name}:${upstream.streams}${payload.path}`,
          host: `${name}:${upstream.streams}`,
        }
      }
    },
  }
  const decoding = contenders.find((contender) => contender.name === 'nginx')
  return {
    name: 'egress',
    says: 'plaintext client → the door puts the key in → upstream over TLS 1.3',
    payloads: options.payloads,
    contenders: [
      ...ourContenders(ours, options),
      ...contenders,
      ...(decoding ? [nginx(options, upstream, key, decoding.version, 'nginx-gunzip')] : []),
      withoutDoor(upstream, key),
    ],
    absent,
    secret: Buffer.from(key),
  }
}

interface Upstream {
  readonly port: number
  /** Of the one that sends event streams and long bodies. */
  readonly streams: number
  /** PEM file of the authority that their certificate is from. */
  readonly ca: string
}

async function startUpstream(
  { directory, payloads }: SceneOptions,
  key: string,
  go: GoGenerator | undefined,
): Promise<Upstream> {
  const authority = await createAuthority({ name: 'bench upstream' })
  const leaf = await issueCertificate(authority, { dns: [name], usages: 'server' })
  const write = (file: string, text: string | Buffer): string => {
    writeFileSync(join(directory, file), text, { mode: 0o600 })
    return join(directory, file)
  }
  const ca = write('upstream-ca.pem', authority.certificatePem)
  const chain = write('upstream.pem', leaf.chainPem)
  const privateKey = write('upstream.key', leaf.privateKeyPem)
  const entries = write('entries.json', entriesText(gzipPayload.bytes))
  const encoded = write('entries.json.gz', gzipSync(entriesText(gzipPayload.bytes)))
  const port = await freePort()
  await startNginx({
    directory,
    name: 'upstream',
    port,
    // One cipher suite, so that every door does the same work.
    http: `server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${chain};
    ssl_certificate_key ${privateKey};
    ssl_protocols TLSv1.3;
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    if ($http_authorization != "Bearer ${key}") { return 401; }
    ${servePlain(directory, payloads)}
    location = ${gzipPayload.path} { alias ${encoded}; default_type application/json; add_header Content-Encoding gzip; }
  }`,
  })
  const streams = go
    ? await go.serve({ cert: chain, key: privateKey, authorization: `Bearer ${key}`, body: entries })
    : port
  return { port, streams, ca }
}

/** For nginx: a file for each plain payload. A request with a body gets the same answer. */
export function servePlain(directory: string, payloads: readonly Payload[]): string {
  const plain = payloads.filter(({ kind }) => kind === 'plain')
  const locations = plain.map(({ path, bytes }) => {
    const file = join(directory, `entries-${bytes}.json`)
    writeFileSync(file, entriesText(bytes))
    return `location = ${path} { alias ${file}; default_type application/json; error_page 405 =200 $uri; }`
  })
  return ['open_file_cache max=100 inactive=1h;', 'open_file_cache_valid 1h;', ...locations].join('\n    ')
}

function targets(port: number, credential: string): (payload: Payload) => Target {
  return ({ kind, path }) => ({
    port,
    host: `127.0.0.1:${port}`,
    path: `${prefix}${path}`,
    headers: [`Authorization: Bearer ${credential}`, ...(kind === 'gzip' ? ['Accept-Encoding: gzip'] : [])],
  })
}

/** As long as a phantom, so that every door reads as much. */
const placeholder = `placeholder-${'0'.repeat(40)}`

function nginx(
  { directory }: SceneOptions,
  upstream: Upstream,
  key: string,
  version: string,
  kind: 'nginx' | 'nginx-log' | 'nginx-gunzip',
): Contender {
  const decodes = kind === 'nginx-gunzip'
  return {
    name: kind,
    version,
    ...(decodes ? { only: 'gzip' } : {}),
    async start() {
      const port = await freePort()
      const keeping = 'keepalive 64; keepalive_requests 1000000000;'
      const proxied = (to: string, at: number) => `proxy_pass https://${to};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host ${name}:${at};
      proxy_set_header Authorization "Bearer ${key}";
      proxy_ssl_protocols TLSv1.3;
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate ${upstream.ca};
      proxy_ssl_name ${name};
      proxy_ssl_server_name on;`
      const streaming = (at: string) => `location ${prefix}${at} {
      ${proxied(`streams${at}`, upstream.streams)}
      proxy_buffering off;
    }`
      const http = `upstream ledger { server 127.0.0.1:${upstream.port}; ${keeping} }
  upstream streams { server 127.0.0.1:${upstream.streams}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    ${decodes ? 'gunzip on;' : ''}
    location ${prefix}/ {
      ${proxied('ledger/', upstream.port)}
    }
    ${streaming('/v1/events')}
    ${streaming('/v1/bytes/')}
  }`
      const started = await startNginx({ directory, name: `nginx-${port}`, http, port, log: kind === 'nginx-log' })
      const at = targets(port, placeholder)
      const plainly = (payload: Payload): Target => {
        const target = at(payload)
        return { ...target, headers: target.headers.filter((line) => !line.startsWith('Accept-Encoding')) }
      }
      return runningPeer(started, decodes ? plainly : at)
    },
  }
}

function haproxy({ directory }: SceneOptions, upstream: Upstream, key: string, version: string): Contender {
  return {
    name: 'haproxy',
    version,
    async start() {
      const port = await freePort()
      const backend = (label: string, at: number, more = '') => `backend ${label}
  ${more}
  http-request set-header Host ${name}:${at}
  server ${label} 127.0.0.1:${at} ssl ssl-min-ver TLSv1.3 verify required ca-file ${upstream.ca} sni str(${name}) verifyhost ${name}`
      const config = `frontend door
  bind 127.0.0.1:${port}
  http-request replace-path ^${prefix}(/.*) \\1
  http-request set-header Authorization "Bearer ${key}"
  use_backend streams if { path_beg /v1/events /v1/bytes }
  default_backend ledger
${backend('ledger', upstream.port)}
${backend('streams', upstream.streams, 'option http-no-delay')}`
      return runningPeer(await startHaproxy(directory, `haproxy-${port}`, config, port), targets(port, placeholder))
    },
  }
}

function envoy({ directory }: SceneOptions, upstream: Upstream, key: string, version: string): Contender {
  return {
    name: 'envoy',
    version,
    async start() {
      const port = await freePort()
      const cluster = (label: string, at: number) => ({
        name: label,
        connect_timeout: '10s',
        type: 'STATIC',
        load_assignment: {
          cluster_name: label,
          endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(at) } }] }],
        },
        transport_socket: {
          name: 'envoy.transport_sockets.tls',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
            sni: name,
            common_tls_context: {
              tls_params: { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' },
              validation_context: {
                trusted_ca: { filename: upstream.ca },
                match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: name } }],
              },
            },
          },
        },
      })
      const route = (match: string, to: string, label: string, at: number) => ({
        match: { prefix: match },
        route: {
          cluster: label,
          prefix_rewrite: to,
          host_rewrite_literal: `${name}:${at}`,
          timeout: '0s',
        },
      })
      const started = await startEnvoy(
        directory,
        `envoy-${port}`,
        {
          static_resources: {
            listeners: [
              {
                address: socketAddress(port),
                filter_chains: [
                  {
                    filters: [
                      {
                        name: 'envoy.filters.network.http_connection_manager',
                        typed_config: {
                          '@type':
                            'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
                          stat_prefix: 'door',
                          route_config: {
                            virtual_hosts: [
                              {
                                name: 'door',
                                domains: ['*'],
                                routes: [
                                  route(`${prefix}/v1/events`, '/v1/events', 'streams', upstream.streams),
                                  route(`${prefix}/v1/bytes/`, '/v1/bytes/', 'streams', upstream.streams),
                                  route(`${prefix}/`, '/', 'ledger', upstream.port),
                                ],
                              },
                            ],
                          },
                          http_filters: [
                            {
                              name: 'envoy.filters.http.credential_injector',
                              typed_config: {
                                '@type':
                                  'type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector',
                                overwrite: true,
                                credential: {
                                  name: 'envoy.http.injected_credentials.generic',
                                  typed_config: {
                                    '@type':
                                      'type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic',
                                    credential: { name: 'key' },
                                    header: 'Authorization',
                                  },
                                },
                              },
                            },
                            {
                              name: 'envoy.filters.http.router',
                              typed_config: {
                                '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
                              },
                            },
                          ],
                        },
                      },
                    ],
                  },
                ],
              },
            ],
            clusters: [cluster('ledger', upstream.port), cluster('streams', upstream.streams)],
            secrets: [{ name: 'key', generic_secret: { secret: { inline_string: `Bearer ${key}` } } }],
          },
        },
        port,
      )
      return runningPeer(started, targets(port, placeholder))
    },
  }
}

function socketAddress(port: number): object {
  return { socket_address: { address: '127.0.0.1', port_value: port } }
}

/** The client at the upstream itself: what an event takes without a door. */
function withoutDoor({ streams, ca }: Upstream, key: string): Contender {
  return {
    name: 'no door',
    version: '',
    only: 'events',
    start: async () => ({
      startMs: Number.NaN,
      target: ({ path }) => ({
        port: streams,
        host: name,
        path,
        headers: [`Authorization: Bearer ${key}`],
        tls: { ca },
      }),
      pids: () => [],
      stop: async () => {},
    }),
  }
}

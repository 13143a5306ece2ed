import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, issueCertificate } from '../src/identity/mint/certificate.ts'
import type { Contender, Scene, SceneOptions, Target } from './door.ts'
import { answerOfBytes, choosePeers, runningPeer, startHaproxy, startNginx } from './peers.ts'
import { freePort } from './process.ts'
import { ourContenders, type SallyportOptions } from './sallyport.ts'

const name = 'ledger.test'
const path = '/ledger/v1/entries'

/** Plaintext client → the door puts the key in → upstream over TLS 1.3, which answers 200 only to the key. */
export async function egressScene(options: SceneOptions): Promise<Scene> {
  const { directory } = options
  const key = randomBytes(24).toString('base64url')
  const upstream = await startUpstream(options, key)
  const { contenders, absent } = choosePeers(options.peers, {
    nginx: (version) => nginx(options, upstream, key, version, false),
    'nginx-log': (version) => nginx(options, upstream, key, version, true),
    haproxy: (version) => haproxy(options, upstream, key, version),
  })
  const ours: SallyportOptions = {
    directory,
    config: `keys:
  ledger:
    kind: { hosts: ["${name}:${upstream.port}"], carrier: { header: Authorization, prefix: "Bearer " } }
    from: env:LEDGER_KEY
    env: LEDGER_KEY
egress:
  routes: [{ key: ledger, methods: [GET, POST], paths: [/v1/**] }]
  unsafe_resolve: { ${name}: 127.0.0.1 }
  unsafe_addresses: [127.0.0.0/8]
  hosts: { "${name}:${upstream.port}": { ca: ${upstream.ca} } }`,
    environment: { LEDGER_KEY: key },
    target: (ready, app) =>
      targetAt(Number(new URL(ready.egress?.reverse.ledger ?? '').port), app.get('LEDGER_KEY') ?? ''),
  }
  return {
    name: 'egress',
    says: 'plaintext client → the door puts the key in → upstream over TLS 1.3',
    contenders: [...ourContenders(ours, options), ...contenders],
    absent,
  }
}

interface Upstream {
  readonly port: number
  /** PEM file of the authority that its certificate is from. */
  readonly ca: string
}

async function startUpstream({ directory, bodyBytes }: SceneOptions, key: string): Promise<Upstream> {
  const authority = await createAuthority({ name: 'bench upstream' })
  const leaf = await issueCertificate(authority, { dns: [name], usages: 'server' })
  const [ca, chain, privateKey] = ['upstream-ca.pem', 'upstream.pem', 'upstream.key'].map((file) =>
    join(directory, file),
  ) as [string, string, string]
  writeFileSync(ca, authority.certificatePem)
  writeFileSync(chain, leaf.chainPem)
  writeFileSync(privateKey, leaf.privateKeyPem, { mode: 0o600 })
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
    ${answerOfBytes(bodyBytes)}
  }`,
  })
  return { port, ca }
}

function targetAt(port: number, credential: string): Target {
  return { port, host: `127.0.0.1:${port}`, path, headers: [`Authorization: Bearer ${credential}`] }
}

/** As long as a phantom, so that every door reads as much. */
const placeholder = `placeholder-${'0'.repeat(40)}`

function nginx({ directory }: SceneOptions, upstream: Upstream, key: string, version: string, log: boolean): Contender {
  return {
    name: log ? 'nginx-log' : 'nginx',
    version,
    async start() {
      const port = await freePort()
      const http = `upstream ledger { server 127.0.0.1:${upstream.port}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location /ledger/ {
      proxy_pass https://ledger/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host ${name}:${upstream.port};
      proxy_set_header Authorization "Bearer ${key}";
      proxy_ssl_protocols TLSv1.3;
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate ${upstream.ca};
      proxy_ssl_name ${name};
      proxy_ssl_server_name on;
    }
  }`
      const started = await startNginx({ directory, name: `nginx-${port}`, http, port, log })
      return runningPeer(started, targetAt(port, placeholder))
    },
  }
}

function haproxy({ directory }: SceneOptions, upstream: Upstream, key: string, version: string): Contender {
  return {
    name: 'haproxy',
    version,
    async start() {
      const port = await freePort()
      const config = `frontend door
  bind 127.0.0.1:${port}
  http-request replace-path ^/ledger(/.*) \\1
  http-request set-header Host ${name}:${upstream.port}
  http-request set-header Authorization "Bearer ${key}"
  default_backend ledger
backend ledger
  server ledger 127.0.0.1:${upstream.port} ssl ssl-min-ver TLSv1.3 verify required ca-file ${upstream.ca} sni str(${name}) verifyhost ${name}`
      return runningPeer(await startHaproxy(directory, `haproxy-${port}`, config, port), targetAt(port, placeholder))
    },
  }
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, issueCertificate } from '../src/identity/mint/certificate.ts'
import type { Contender, Payload, Scene, SceneOptions, Target } from './door.ts'
import { servePlain } from './egress.ts'
import { choosePeers, runningPeer, startHaproxy, startNginx } from './peers.ts'
import { freePort } from './process.ts'
import { ourContenders, type SallyportOptions } from './sallyport.ts'

const host = 'billing.test'

interface Files {
  /** The authority of both the door's and the client's certificate. */
  readonly ca: string
  readonly chain: string
  readonly key: string
  /** Certificate and key in one, as haproxy wants them. */
  readonly both: string
  readonly clientChain: string
  readonly clientKey: string
}

/** Client with a certificate → the door checks it → plaintext app. Nobody resumes sessions: Sallyport does not. */
export async function ingressScene(options: SceneOptions): Promise<Scene> {
  const { directory } = options
  const files = await mintFiles(directory)
  const app = await startApp(options)
  const { contenders, absent } = choosePeers(options.peers, {
    nginx: (version) => nginx(options, files, app, version, false),
    'nginx-log': (version) => nginx(options, files, app, version, true),
    haproxy: (version) => haproxy(options, files, app, version),
    envoy: undefined,
  })
  const ours: SallyportOptions = {
    directory,
    config: `app: { listen: "127.0.0.1:${app}" }
ingress:
  listen: 127.0.0.1:0
  certificate: { chain: ${files.chain}, key: ${files.key} }
  clients: { ca: ${files.ca} }
  policy:
    - { allow: { spiffe: "spiffe://bench.test/client" }, methods: [GET, POST], paths: [/v1/**] }`,
    environment: {},
    target: (ready) => targets(Number(new URL(ready.ingress ?? '').port), files),
  }
  return {
    name: 'ingress',
    says: 'mutual TLS 1.3 client → the door checks it → plaintext app',
    payloads: options.payloads,
    contenders: [...ourContenders(ours, options), ...contenders],
    absent,
  }
}

async function mintFiles(directory: string): Promise<Files> {
  const authority = await createAuthority({ name: 'bench clients' })
  const server = await issueCertificate(authority, { dns: [host], usages: 'server' })
  const client = await issueCertificate(authority, { uris: ['spiffe://bench.test/client'] })
  const write = (file: string, text: string): string => {
    writeFileSync(join(directory, file), text, { mode: 0o600 })
    return join(directory, file)
  }
  return {
    ca: write('clients-ca.pem', authority.certificatePem),
    chain: write('door.pem', server.chainPem),
    key: write('door.key', server.privateKeyPem),
    both: write('door-both.pem', server.chainPem + server.privateKeyPem),
    clientChain: write('client.pem', client.chainPem),
    clientKey: write('client.key', client.privateKeyPem),
  }
}

async function startApp({ directory, payloads }: SceneOptions): Promise<number> {
  const port = await freePort()
  await startNginx({
    directory,
    name: 'app',
    port,
    http: `server { listen 127.0.0.1:${port}; ${servePlain(directory, payloads)} }`,
  })
  return port
}

function targets(port: number, { ca, clientChain, clientKey }: Files): (payload: Payload) => Target {
  return ({ path }) => ({ port, host, path, headers: [], tls: { ca, cert: clientChain, key: clientKey } })
}

function nginx({ directory }: SceneOptions, files: Files, app: number, version: string, log: boolean): Contender {
  return {
    name: log ? 'nginx-log' : 'nginx',
    version,
    async start() {
      const port = await freePort()
      const http = `upstream app { server 127.0.0.1:${app}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${files.chain};
    ssl_certificate_key ${files.key};
    ssl_protocols TLSv1.3;
    ssl_client_certificate ${files.ca};
    ssl_verify_client on;
    ssl_session_tickets off;
    ssl_session_cache off;
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }
  }`
      const started = await startNginx({ directory, name: `nginx-${port}`, http, port, log })
      return runningPeer(started, targets(port, files))
    },
  }
}

function haproxy({ directory }: SceneOptions, files: Files, app: number, version: string): Contender {
  return {
    name: 'haproxy',
    version,
    async start() {
      const port = await freePort()
      const config = `frontend door
  bind 127.0.0.1:${port} ssl crt ${files.both} ssl-min-ver TLSv1.3 ca-file ${files.ca} verify required
  default_backend app
backend app
  server app 127.0.0.1:${app}`
      return runningPeer(await startHaproxy(directory, `haproxy-${port}`, config, port), targets(port, files))
    },
  }
}

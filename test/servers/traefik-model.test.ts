import { expect, it } from 'vitest'
import { listenersOf } from './model-of.ts'

const dynamic = (clientAuth: string) => `http:
  routers:
    app: { rule: "Host(\`a.test\`)", entryPoints: [websecure], service: app, tls: { options: mtls@file } }
  services:
    app: { loadBalancer: { servers: [{ url: "http://127.0.0.1:9292" }] } }
tls:
  options:
    mtls:
      clientAuth:
${clientAuth}
`
const entryPoints = 'entryPoints:\n  websecure: { address: ":8443" }\n'

it.each([
  ['RequestClientCert', 'any', false],
  ['RequireAnyClientCert', 'any', true],
  ['VerifyClientCertIfGiven', 'optional', false],
  ['RequireAndVerifyClientCert', 'required', false],
  ['NoClientCert', 'not asked', false],
])('reads %s', async (type, clients, refusesNone) => {
  const text = dynamic(`        caFiles: [ca.pem]\n        clientAuthType: ${type}`)
  const { listeners, gaps } = await listenersOf({ 'dynamic.yml': text, 'traefik.yml': entryPoints })
  expect(gaps).toEqual([])
  expect(listeners).toMatchObject([{ server: 'traefik', port: 8443, transport: 'tls', clients, ca: 'ca.pem' }])
  expect(listeners[0]?.refusesNone ?? false).toBe(refusesNone)
})

it('takes a list of authorities alone for a demand, as Traefik does', async () => {
  const { listeners } = await listenersOf({ 'a.yml': `${entryPoints}${dynamic('        caFiles: [ca.pem]')}` })
  expect(listeners).toMatchObject([{ clients: 'required' }])
})

it('reads TOML and labels like YAML', async () => {
  const toml = `[tls.options]
  [tls.options.mtls.clientAuth]
    caFiles = ["ca.pem"]
    clientAuthType = "VerifyClientCertIfGiven" # not yet
`
  const compose = `services:
  proxy:
    command: ["--entrypoints.websecure.address=:8443"]
  app:
    labels:
      - "traefik.http.routers.app.rule=Host(\`a.test\`)"
      - "traefik.http.routers.app.entrypoints=websecure"
      - "traefik.http.routers.app.tls=true"
      - "traefik.http.routers.app.tls.options=mtls@file"
      - "traefik.http.routers.app.middlewares=strip@docker"
      - "traefik.http.middlewares.strip.headers.customrequestheaders.X-SSL-Client-Verify="
`
  const { listeners } = await listenersOf({ 'traefik/dynamic.toml': toml, 'docker-compose.yml': compose })
  expect(listeners).toMatchObject([{ port: 8443, transport: 'tls', clients: 'optional' }])
  expect(listeners[0]?.proxy.routes[0]?.fields.get('x-ssl-client-verify')).toBe('removed')
})

import type { Problem, Rule } from '../rule.ts'
import { appListeners, isBeyondLoopback, oncePerPlace, placeText } from '../servers/app-listeners.ts'
import type { Listener } from '../servers/listener.ts'
import { isLoopback, isProxyListener, type ProxyListener } from '../servers/proxy.ts'

export const bindsBeyondLoopbackBehindProxy: Rule = {
  id: 'binds-beyond-loopback-behind-proxy',
  about: 'tree',
  title: 'Clients can go around the proxy that ends TLS',
  severity: 'high',
  cwe: 1327,
  explanation: `A proxy of the tree ends TLS, and perhaps verifies client certificates, for a program that itself listens on every address of the
machine, or whose container's port is open to other machines. Who connects to the program's port speaks plain HTTP to it, needs
no certificate, and may send every field that the proxy would have set. Sinatra listens on 0.0.0.0 in production unless it is
told otherwise, and so do Puma, Thin and Unicorn.

**Fix.** Bind the program to 127.0.0.1 or to a Unix socket; in Compose leave out its \`ports\`.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        Procfile: 'web: bundle exec puma -p 9292\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://app:4567; }\n  }\n}\n',
        'compose.yaml':
          'services:\n  app:\n    image: app\n    command: bundle exec ruby app.rb -o 0.0.0.0\n    ports: ["4567:4567"]\n',
        'app.rb': "require 'sinatra'\nget('/') { 'hello' }\n",
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        Procfile: 'web: bundle exec puma -b tcp://127.0.0.1:9292\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://app:9292; }\n  }\n}\n',
        'compose.yaml':
          'services:\n  app:\n    image: app\n    command: bundle exec puma -b tcp://0.0.0.0:9292\n  proxy:\n    image: nginx\n    ports: ["443:443"]\n',
      },
    ],
  },
  *check({ listeners }) {
    const proxies = listeners
      .filter(isProxyListener)
      .filter(({ transport, address }) => transport === 'tls' && !isLoopback(address))
    if (proxies.length === 0) return
    for (const listener of oncePerPlace(appListeners(listeners).filter(({ purpose }) => purpose === undefined))) {
      const around = proxies.filter((proxy) => leadsTo(proxy, listener))
      const strictest = around.find(({ clients }) => clients !== 'not asked') ?? around[0]
      if (strictest) yield problem(listener, strictest)
    }
  },
}

/** Whether the proxy passes requests on to the listener, and others can reach it as well. */
function leadsTo(proxy: ProxyListener, listener: Listener): boolean {
  const { port, startedBy } = listener
  if (port === undefined) return false
  const published = startedBy?.publishes?.find(({ inside }) => inside === port)
  return proxy.proxy.routes.some(({ to, upstream }) => {
    const target = targetOf(to)
    if (
      upstream?.isLocal &&
      !startedBy?.isContained &&
      isBeyondLoopback(listener) !== false &&
      namesLocally(proxy, port)
    )
      return true
    if (!target) return false
    if (startedBy?.isContained) {
      const isMeant = startedBy.service === target.host || (isLoopback(target.host) && target.port === published?.host)
      return isMeant && published !== undefined && !isLoopback(published.address)
    }
    return isLoopback(target.host) && target.port === port && isBeyondLoopback(listener) !== false
  })
}

/** A name that the configuration gives to addresses of its own: the machine's port is among them. */
function namesLocally({ file }: ProxyListener, port: number): boolean {
  return new RegExp(`(?:127\\.0\\.0\\.1|localhost|\\[::1\\]):${port}\\b`).test(file.text)
}

function targetOf(to: string): { readonly host: string; readonly port: number } | undefined {
  const [, host, port] = /^(?:[a-z]+:\/\/)?(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?(?:\/|$)/i.exec(to) ?? []
  return host === undefined ? undefined : { host, port: Number(port ?? 80) }
}

function problem(listener: Listener, proxy: ProxyListener): Problem {
  const { file, start, end, server, address, startedBy, port } = listener
  const asks = proxy.clients !== 'not asked'
  const published = startedBy?.isContained ? startedBy.publishes?.find(({ inside }) => inside === port) : undefined
  const where = published ? `port ${published.host || published.inside} of the machine` : placeText(listener)
  return {
    file,
    start,
    end,
    severity: asks ? 'high' : 'low',
    confidence: address === undefined ? 'firm' : 'certain',
    ...(address === undefined && !published ? { holds: 'where the environment is production' } : {}),
    message: `${where} answers plain HTTP to other machines, around the ${proxy.server} that ends TLS for it${asks ? ' and asks for client certificates' : ''}.`,
    fix: published
      ? 'Leave out the container’s ports: the proxy reaches it without.'
      : 'Bind it to 127.0.0.1 or a Unix socket.',
    identity: [server],
  }
}

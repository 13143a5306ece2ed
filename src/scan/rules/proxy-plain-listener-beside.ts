import type { Rule } from '../rule.ts'
import { isLoopback, isProxyListener, type ProxyListener, type Route } from '../servers/proxy.ts'
import { addressText, hostOfRoute, isHarmless, namesOf } from '../servers/proxy-verdicts.ts'

export const proxyPlainListenerBeside: Rule = {
  id: 'proxy-plain-listener-beside',
  about: 'tree',
  title: 'Another port of the proxy leads to the same program without a certificate',
  severity: 'high',
  cwe: 288,
  explanation: `One listener of a reverse proxy demands client certificates, and another, in plain HTTP or in TLS without that demand, passes
requests on to the same upstream. Mutual TLS protects the port and not the program: clients take the other way. In nginx
\`ssl_verify_client on\` says nothing about a \`listen 80\` of the same server.

**Fix.** Let the other listener redirect, or bind it to the loopback address, or take it away.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 80;\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server { listen 80; return 301 https://$host$request_uri; }\n  server {\n    listen 127.0.0.1:8080;\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
    ],
  },
  *check({ listeners }) {
    const proxies = listeners.filter(isProxyListener)
    for (const other of proxies) {
      if (other.clients !== 'not asked' || isLoopback(other.address)) continue
      // Told as what it is: proxy-client-certificate-not-asked.
      if (other.transport === 'tls' && other.claims) continue
      for (const guarded of proxies) {
        const shared = isGuarded(guarded) && guarded.server === other.server ? sharedRoutes(guarded, other) : []
        if (shared.length === 0) continue
        const { file, start, end, proxy } = other
        yield {
          ...(proxy.onlyLocal ?? { file, start, end }),
          message: `${addressText(other)} ${other.transport === 'plain' ? 'speaks plain HTTP' : 'asks for no client certificate'} and leads to ${namesOf(shared)}, for which ${addressText(guarded)} demands one.`,
          fix: 'Let it redirect to the other port, bind it to 127.0.0.1, or remove it.',
          identity: [other.server, addressText(other)],
        }
        break
      }
    }
  },
}

function isGuarded({ transport, clients, proxy }: ProxyListener): boolean {
  if (transport !== 'tls' || clients === 'not asked') return false
  return clients === 'required' || (proxy.routes.length > 0 && proxy.routes.every(({ gate }) => gate === 'certificate'))
}

function sharedRoutes(guarded: ProxyListener, other: ProxyListener): readonly Route[] {
  const hosts = new Set(guarded.proxy.routes.map(hostOfRoute).filter((host) => host !== ''))
  return other.proxy.routes.filter(
    (route) => route.gate === 'open' && hosts.has(hostOfRoute(route)) && !isHarmless(route),
  )
}

import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'

export const proxyUpstreamUnverified: Rule = {
  id: 'proxy-upstream-unverified',
  about: 'tree',
  title: 'Proxy passes requests on to an upstream that it does not verify',
  severity: 'high',
  cwe: 295,
  explanation: `A reverse proxy passes requests on over TLS and does not check the upstream's certificate, so whoever stands between them, or
answers for its name, gets what it sends. nginx (\`proxy_ssl_verify\`) and Apache do not check unless they are told to, Envoy does
not without a \`validation_context\`. Told where the proxy adds a credential of its own, or where the configuration turns the
check off in so many words (haproxy \`verify none\`, Caddy \`tls_insecure_skip_verify\`, Traefik \`insecureSkipVerify\`).
Upstreams on the same machine are not told.

**Fix.** Check the certificate against the authority that issues it, and the name in it.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 127.0.0.1:8080;\n    location / {\n      proxy_set_header Authorization "Bearer $key";\n      proxy_pass https://ledger.example.com;\n    }\n  }\n}\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 127.0.0.1:8080;\n    location / {\n      proxy_set_header Authorization "Bearer $key";\n      proxy_pass https://ledger.example.com;\n      proxy_ssl_verify on;\n      proxy_ssl_trusted_certificate ledger-ca.pem;\n    }\n    location /static/ { proxy_pass https://assets.internal; }\n  }\n}\n',
      },
    ],
  },
  *check({ listeners }) {
    for (const { server, proxy } of listeners.filter(isProxyListener))
      for (const { name, to, upstream } of proxy.routes) {
        if (upstream?.transport !== 'tls' || upstream.isVerified || upstream.isLocal) continue
        if (upstream.sends === undefined && !upstream.isExplicit) continue
        yield {
          ...upstream.verify,
          severity: upstream.sends === undefined ? 'medium' : 'high',
          message: `${name} passes requests on to ${to} over TLS without checking its certificate${upstream.sends === undefined ? '' : `, and sends ${upstream.sends}`}.`,
          fix: 'Check the upstream’s certificate against the authority that issues it, and its name.',
          identity: [server, name, to],
        }
      }
  },
}

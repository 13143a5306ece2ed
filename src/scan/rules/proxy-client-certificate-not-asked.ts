import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'
import { addressText } from '../servers/proxy-verdicts.ts'

export const proxyClientCertificateNotAsked: Rule = {
  id: 'proxy-client-certificate-not-asked',
  about: 'tree',
  title: 'Proxy names an authority for clients and asks none for a certificate',
  severity: 'high',
  cwe: 306,
  explanation: `The configuration of a reverse proxy names the authority of its clients' certificates, so it reads as if they needed one, and
never asks for it. Naming the authority is not enough: nginx needs \`ssl_verify_client on\`, haproxy \`verify required\` on the
\`bind\` line, Apache \`SSLVerifyClient require\`, stunnel \`verifyChain = yes\`. In Envoy it is the other
way round: \`require_client_certificate\` without a \`validation_context\` does nothing. Every client is served.

**Fix.** Add the line that demands a certificate, and prove it with \`sallyport probe\`.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
      {
        'haproxy.cfg':
          'frontend door\n  bind :443 ssl crt s.pem ca-file ca.pem\n  default_backend app\nbackend app\n  server one 127.0.0.1:9292\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_trusted_certificate chain.pem;\n    ssl_stapling on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
    ],
  },
  *check({ listeners }) {
    for (const listener of listeners.filter(isProxyListener)) {
      if (listener.transport !== 'tls' || listener.clients !== 'not asked' || !listener.claims) continue
      if (listener.proxy.routes.length > 0 && listener.proxy.routes.every(({ gate }) => gate === 'certificate'))
        continue
      yield {
        ...listener.proxy.demand,
        message: `${addressText(listener)} names an authority for clients and asks no client for a certificate.`,
        fix: 'Demand a certificate of every client.',
        evidence: listener.because,
        identity: [listener.server, addressText(listener)],
      }
    }
  },
}

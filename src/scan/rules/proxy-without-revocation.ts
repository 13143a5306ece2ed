import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'
import { addressText } from '../servers/proxy-verdicts.ts'

export const proxyWithoutRevocation: Rule = {
  id: 'proxy-without-revocation',
  about: 'tree',
  title: 'Proxy admits revoked client certificates',
  severity: 'low',
  cwe: 299,
  explanation: `A reverse proxy verifies its clients' certificates and is given no revocation list. A client whose key was stolen stays in until
its certificate expires, whatever its issuer says. In Apache a list alone does nothing: \`SSLCARevocationCheck\` is \`none\`
unless it is set. Where certificates live for hours, as SPIFFE's do, that is enough, and this can be allowed with that reason.

**Fix.** Give the proxy the list of every authority in the chain, and load it anew when it changes: nginx \`ssl_crl\`, haproxy
\`crl-file\`, Apache \`SSLCARevocationFile\` with \`SSLCARevocationCheck chain\`, Envoy \`crl\`, stunnel \`CRLfile\`.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  ssl_crl ca.crl;\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
    ],
  },
  *check({ listeners }) {
    for (const listener of listeners.filter(isProxyListener)) {
      const { revoke } = listener.proxy
      if (!revoke || listener.transport !== 'tls') continue
      if (listener.clients !== 'required' && listener.clients !== 'optional') continue
      yield {
        file: revoke.file,
        start: revoke.start,
        end: revoke.end,
        correction: revoke.correction,
        message: `${addressText(listener)} verifies client certificates with ${revoke.says}: a revoked one is admitted.`,
        fix: 'Give it the revocation list of each authority, and renew the list before its nextUpdate.',
        identity: [listener.server, addressText(listener)],
      }
    }
  },
}

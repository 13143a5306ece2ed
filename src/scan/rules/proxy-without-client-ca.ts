import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'
import { addressText } from '../servers/proxy-verdicts.ts'

export const proxyWithoutClientCa: Rule = {
  id: 'proxy-without-client-ca',
  about: 'tree',
  title: 'Proxy verifies clients against no authority of its own',
  severity: 'medium',
  cwe: 295,
  explanation: `A reverse proxy is to verify its clients' certificates and is told no authority to verify them against. What it then does
differs: nginx, haproxy and stunnel refuse to start, so this file is not what runs; Apache turns every client away; Caddy takes
the machine's public roots, so that whoever has a certificate of any public authority is let in.

**Fix.** Name the authority that issues your clients' certificates, and no other.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_crl ca.crl;\n    ssl_client_certificate ca.pem;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
    ],
  },
  *check({ listeners }) {
    for (const listener of listeners.filter(isProxyListener)) {
      const { missingAuthority: missing } = listener.proxy
      if (!missing || listener.transport !== 'tls') continue
      const isOpen = missing.effect.includes('public')
      yield {
        file: missing.file,
        start: missing.start,
        end: missing.end,
        correction: missing.correction,
        severity: isOpen ? 'high' : 'medium',
        message: `${addressText(listener)} verifies clients and names no authority for them: ${missing.effect}.`,
        fix: 'Name the authority that issues your clients’ certificates.',
        identity: [listener.server, addressText(listener)],
      }
    }
  },
}

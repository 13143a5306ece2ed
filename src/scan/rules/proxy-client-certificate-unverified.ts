import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'
import { addressText, namesOf, openRoutes } from '../servers/proxy-verdicts.ts'

export const proxyClientCertificateUnverified: Rule = {
  id: 'proxy-client-certificate-unverified',
  about: 'tree',
  title: 'Proxy takes any client certificate',
  severity: 'high',
  cwe: 295,
  explanation: `A reverse proxy asks clients for a certificate and checks against no authority who issued it: nginx and Apache
\`optional_no_ca\`, haproxy with \`ca-ignore-err all crt-ignore-err all\`, Envoy \`ACCEPT_UNTRUSTED\`,
Caddy \`request\` and \`require\`, Traefik \`RequireAnyClientCert\`,
stunnel \`requireCert\` without \`verifyChain\`. Everybody can make a certificate with any name in it.

**Fix.** Name the authority that issues your clients' certificates, and demand a certificate of it.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_verify_client optional_no_ca;\n    location / {\n      proxy_set_header X-SSL-Client-DN $ssl_client_s_dn;\n      proxy_pass http://app;\n    }\n  }\n}\n',
      },
      { 'stunnel.conf': '[app]\naccept = 8443\nconnect = 127.0.0.1:9292\ncert = s.pem\nrequireCert = yes\n' },
      {
        'vhost.conf':
          '<VirtualHost *:443>\n  SSLEngine on\n  SSLVerifyClient optional_no_ca\n  ProxyPass / http://127.0.0.1:9292/\n</VirtualHost>\n',
      },
      {
        'vhost.conf':
          '<VirtualHost *:443>\n  SSLEngine on\n  SSLCACertificateFile ca.pem\n  SSLVerifyClient optional_no_ca\n  RequestHeader set X-SSL-Client-Verify "%{SSL_CLIENT_VERIFY}s"\n  ProxyPass / http://127.0.0.1:9292/\n</VirtualHost>\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_verify_client optional_no_ca;\n    location / {\n      if ($ssl_client_verify != "SUCCESS") { return 403; }\n      proxy_set_header X-SSL-Client-DN $ssl_client_s_dn;\n      proxy_pass http://app;\n    }\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n  }\n}\n',
      },
    ],
  },
  *check(evidence) {
    for (const listener of evidence.listeners.filter(isProxyListener)) {
      if (listener.transport !== 'tls' || listener.clients !== 'any') continue
      const { open, gated, judgedElsewhere } = openRoutes(evidence, listener)
      if (gated.length > 0) continue
      if (open.length === 0 && judgedElsewhere.length > 0)
        yield {
          ...listener.proxy.demand,
          severity: 'medium',
          confidence: 'tentative',
          message: `${addressText(listener)}: a certificate of anybody's making is taken; only the program behind ${namesOf(judgedElsewhere)}, which is not here, can refuse it by the verdict that it is handed.`,
          fix: 'Name the authority that issues your clients’ certificates, and demand one of its certificates.',
          evidence: listener.because,
          identity: [listener.server, addressText(listener)],
        }
      if (open.length === 0) continue
      yield {
        ...listener.proxy.demand,
        message: `${addressText(listener)}: a certificate of anybody's making is taken; such clients reach ${namesOf(open)}.`,
        fix: 'Name the authority that issues your clients’ certificates, and demand one of its certificates.',
        evidence: listener.because,
        identity: [listener.server, addressText(listener)],
      }
    }
  },
}

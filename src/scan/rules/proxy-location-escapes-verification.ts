import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'
import { addressText, namesOf, openRoutes } from '../servers/proxy-verdicts.ts'

export const proxyLocationEscapesVerification: Rule = {
  id: 'proxy-location-escapes-verification',
  about: 'tree',
  title: 'A path of the proxy escapes the check of client certificates',
  severity: 'high',
  cwe: 288,
  explanation: `Client certificates are optional at a listener, and some of its paths turn away who has none, while another path leads on to an
upstream without that check. In nginx an \`if\` in one \`location\` says nothing about the others, and not even about locations
inside it.

**Fix.** Check in the server and not in each location, or demand a certificate of everybody. Where a path is meant for
everybody, allow this with the reason.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client optional;\n    location / {\n      if ($ssl_client_verify != SUCCESS) { return 403; }\n      proxy_pass http://app;\n    }\n    location /reports { proxy_pass http://app; }\n  }\n}\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client optional;\n    location / {\n      if ($ssl_client_verify != SUCCESS) { return 403; }\n      proxy_pass http://app;\n    }\n    location = /healthz { proxy_pass http://app; }\n    location /admin { auth_basic staff; auth_basic_user_file staff; proxy_pass http://app; }\n  }\n}\n',
      },
    ],
  },
  *check(evidence) {
    for (const listener of evidence.listeners.filter(isProxyListener)) {
      if (listener.transport !== 'tls' || (listener.clients !== 'optional' && listener.clients !== 'any')) continue
      const { open, gated } = openRoutes(evidence, listener)
      if (gated.length === 0) continue
      for (const route of open)
        yield {
          file: route.file,
          start: route.start,
          end: route.end,
          confidence: 'firm',
          message: `${addressText(listener)}: ${route.name} is open to clients without a certificate, which ${namesOf(gated)} turns away.`,
          fix: 'Check for a certificate before it, too, or in the whole server.',
          identity: [listener.server, addressText(listener), route.name],
        }
    }
  },
}

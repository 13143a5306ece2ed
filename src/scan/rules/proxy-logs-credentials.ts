import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'

export const proxyLogsCredentials: Rule = {
  id: 'proxy-logs-credentials',
  about: 'tree',
  title: 'Proxy writes credentials to its access log',
  severity: 'high',
  cwe: 532,
  explanation: `The access log of a reverse proxy is told to hold a field, cookie or parameter that authenticates its caller: nginx
\`$http_authorization\` in a \`log_format\`, haproxy \`capture request header Authorization\`, Apache \`%{Authorization}i\`, Envoy
\`%REQ(AUTHORIZATION)%\`, Caddy \`log_credentials\`, Traefik with \`accessLog.fields.headers\`. Who reads logs, their backups and
what collects them can then act as every caller.

**Fix.** Leave it out, or log a name that says who it was and is no credential (\`$ssl_client_s_dn\`, \`$remote_user\`).`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  log_format audit \'$remote_addr $request_time "$http_authorization"\';\n  access_log /var/log/nginx/audit.log audit;\n  server { listen 80; location / { proxy_pass http://app; } }\n}\n',
      },
    ],
    good: [
      {
        'nginx.conf':
          "http {\n  log_format audit '$remote_addr $request_time $ssl_client_s_dn';\n  log_format unused '$http_authorization';\n  access_log /var/log/nginx/audit.log audit;\n  server { listen 80; location / { proxy_pass http://app; } }\n}\n",
      },
    ],
  },
  *check({ listeners }) {
    for (const { server, proxy } of listeners.filter(isProxyListener))
      for (const { what, ...change } of proxy.logs)
        yield {
          ...change,
          message: `The access log holds ${what} of every request.`,
          fix: 'Leave it out of the log.',
          identity: [server, what],
        }
  },
}

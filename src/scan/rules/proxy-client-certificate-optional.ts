import type { Rule } from '../rule.ts'
import { isProxyListener } from '../servers/proxy.ts'
import { addressText, namesOf, openRoutes } from '../servers/proxy-verdicts.ts'

export const proxyClientCertificateOptional: Rule = {
  id: 'proxy-client-certificate-optional',
  about: 'tree',
  title: 'Proxy serves clients that show no certificate',
  severity: 'high',
  cwe: 306,
  explanation: `A reverse proxy checks the certificate of a client that shows one, and serves a client that shows none as well: nginx
\`ssl_verify_client optional\`, haproxy \`verify optional\`, Apache \`SSLVerifyClient optional\`, Caddy \`verify_if_given\`, Envoy
without \`require_client_certificate\`, Traefik \`VerifyClientCertIfGiven\`. Nothing after it turns such a client away, and the
verdict is not handed to a program that reads it. Whoever reaches the port is served. In
haproxy \`ssl_c_verify\` is 0 for a client without a certificate too: to ask for that alone turns nobody away (measured on 2.6).

**Fix.** Demand a certificate. Where some paths must stay open, turn the others away in the proxy (nginx:
\`if ($ssl_client_verify != SUCCESS) { return 403; }\`) or hand the verdict to the program in a field that clients cannot set.
Prove it with \`sallyport probe\`.`,
  examples: {
    bad: [
      {
        'site.conf':
          'server { listen 443 ssl; ssl_certificate s.pem; ssl_client_certificate ca.pem; ssl_crl ca.crl; ssl_verify_client optional; location / { proxy_pass http://127.0.0.1:9292; } }\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_certificate s.pem;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client optional;\n    passenger_enabled on;\n  }\n}\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_certificate s.pem;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client optional;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
      {
        'haproxy.cfg':
          'frontend door\n  mode http\n  bind :443 ssl crt s.pem ca-file ca.pem crl-file ca.crl verify optional\n  http-request deny unless { ssl_c_verify 0 }\n  default_backend app\nbackend app\n  server one 127.0.0.1:9292\n',
      },
      {
        'ingress.yaml':
          'kind: Ingress\nmetadata:\n  annotations:\n    nginx.ingress.kubernetes.io/auth-tls-secret: default/ca\n    nginx.ingress.kubernetes.io/auth-tls-verify-client: optional\nspec:\n  rules:\n    - http:\n        paths:\n          - path: /\n            backend: { service: { name: app, port: { number: 80 } } }\n',
        'app.rb': "get('/') { 'hello' }\n",
      },
      {
        Caddyfile:
          'api.example.com {\n\ttls {\n\t\tclient_auth {\n\t\t\tmode verify_if_given\n\t\t\ttrusted_ca_cert_file ca.pem\n\t\t}\n\t}\n\treverse_proxy 127.0.0.1:9292\n}\n',
      },
    ],
    good: [
      {
        'haproxy.cfg':
          'frontend door\n  mode http\n  bind :443 ssl crt s.pem ca-file ca.pem crl-file ca.crl verify optional\n  http-request deny unless { ssl_fc_has_crt } { ssl_c_verify 0 }\n  default_backend app\nbackend app\n  server one 127.0.0.1:9292\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client optional;\n    if ($ssl_client_verify != SUCCESS) { return 403; }\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate ca.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client optional;\n    location / {\n      proxy_set_header X-SSL-Client-Verify $ssl_client_verify;\n      proxy_pass http://127.0.0.1:9292;\n    }\n  }\n}\n',
        'app.rb': "halt 403 unless request.env['HTTP_X_SSL_CLIENT_VERIFY'] == 'SUCCESS'\n",
      },
    ],
  },
  *check(evidence) {
    for (const listener of evidence.listeners.filter(isProxyListener)) {
      if (listener.transport !== 'tls' || listener.clients !== 'optional') continue
      const { open, gated } = openRoutes(evidence, listener)
      if (open.length === 0 || gated.length > 0) continue
      yield {
        ...listener.proxy.demand,
        message: `${addressText(listener)}: clients without a certificate reach ${namesOf(open)}.`,
        fix: 'Demand a certificate of every client, or turn those without one away where the answer is not for everybody.',
        evidence: listener.because,
        identity: [listener.server, addressText(listener)],
      }
    }
  },
}

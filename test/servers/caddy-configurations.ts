import type { Row } from './proxy-programs.ts'

const row = (name: string, site: string, auth = '', proxy = '', address = 'https://localhost:«port»'): Row => ({
  name: `caddy: ${name}`,
  server: 'caddy',
  files: {
    Caddyfile: `{
	admin off
	auto_https disable_redirects
	storage file_system «folder»/storage
	skip_install_trust
}
(door) {
	tls «server» «serverKey»${auth === '' ? '' : ` {\n\t\tclient_auth {\n${auth}\n\t\t}\n\t}`}
}
${address} {
	bind 127.0.0.1
${site}
	reverse_proxy http://127.0.0.1:«echo»${proxy === '' ? '' : ` {\n${proxy}\n\t}`}
}
`,
  },
})

const tls = (name: string, auth: string, proxy = '') => row(name, '\timport door', auth, proxy)
const ca = '\t\t\ttrusted_ca_cert_file «ca»'

export const caddyConfigurations: readonly Row[] = [
  row('plain', '', '', '', 'http://localhost:«port»'),
  tls('no verification', ''),
  tls('an authority alone', ca),
  tls('request', `${ca}\n\t\t\tmode request`),
  tls('require', '\t\t\tmode require'),
  tls('require with an authority', `${ca}\n\t\t\tmode require`),
  tls('verify_if_given', `${ca}\n\t\t\tmode verify_if_given`),
  tls('require_and_verify', `${ca}\n\t\t\tmode "require_and_verify" # mode request`),
  tls('a field removed', '', '\t\theader_up -X-SSL-Client-Verify'),
  tls('fields removed by their beginning', '', '\t\theader_up -X-SSL-*'),
  tls('both spellings set', '', '\t\theader_up X-SSL-Client-Verify no\n\t\theader_up -X_SSL_Client_Verify'),
  {
    name: 'caddy: JSON, verify_if_given',
    server: 'caddy',
    files: {
      'caddy.json': `{ "admin": { "disabled": true }, "storage": { "module": "file_system", "root": "«folder»/storage" },
  "apps": { "tls": { "certificates": { "load_files": [{ "certificate": "«server»", "key": "«serverKey»" }] } },
    "http": { "servers": { "door": { "listen": ["127.0.0.1:«port»"], "automatic_https": { "disable": true },
      "tls_connection_policies": [{ "client_authentication": { "trusted_ca_certs_pem_files": ["«ca»"], "mode": "verify_if_given" } }],
      "routes": [{ "handle": [{ "handler": "reverse_proxy", "upstreams": [{ "dial": "127.0.0.1:«echo»" }],
        "headers": { "request": { "delete": ["X-SSL-Client-Verify"] } } }] }] } } } } }
`,
    },
  },
]

import type { Row } from './proxy-programs.ts'

const modules = [
  ...['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'headers', 'ssl', 'socache_shmcb', 'rewrite', 'setenvif'],
]

const around = (rest: string) => `ServerRoot «folder»
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`).join('')}PidFile «folder»/pid
ErrorLog «folder»/error.log
ServerName localhost
Listen 127.0.0.1:«port»
${rest}
`

const host = (lines: string, main = '') =>
  around(`${main}
<VirtualHost 127.0.0.1:«port»>
  SSLEngine on
  # Node shows no certificate after the handshake, which TLS 1.3 has in the place of a second one.
  SSLProtocol TLSv1.2
  SSLCertificateFile «server»
  SSLCertificateKeyFile «serverKey»
${lines
  .split('\n')
  .map((line) => `  ${line.trim()}\n`)
  .join('')}  ProxyPass / http://127.0.0.1:«echo»/
</VirtualHost>`)

const row = (name: string, text: string, more: Readonly<Record<string, string>> = {}): Row => ({
  name: `apache: ${name}`,
  server: 'apache',
  files: { 'apache2.conf': text, ...more },
})

const ca = 'SSLCACertificateFile «ca»'

export const apacheConfigurations: readonly Row[] = [
  row('plain', around('<VirtualHost *:«port»>\n  ProxyPass / http://127.0.0.1:«echo»/\n</VirtualHost>')),
  row('an authority alone', host(ca)),
  row('require', host(`${ca}\nSSLVerifyClient require`)),
  row('require in the main server', host('', `${ca}\nSSLVerifyClient require`)),
  row('optional', host(`${ca}\nSSLVerifyClient optional`)),
  row('optional_no_ca', host('SSLVerifyClient optional_no_ca')),
  row('require in a location', host(`${ca}\n<Location "/">\nSSLVerifyClient require\n</Location>`)),
  row(
    'optional and a verdict required',
    host(`${ca}\nSSLVerifyClient optional\n<Location />\nRequire ssl-verify-client\n</Location>`),
  ),
  row(
    'optional_no_ca and a verdict required by an expression',
    host(
      `${ca}\nSSLVerifyClient optional_no_ca\n<Location />\nRequire expr "%{SSL_CLIENT_VERIFY} == 'SUCCESS'"\n</Location>`,
    ),
  ),
  row(
    'optional and a verdict required by a rewrite',
    host(
      `${ca}\nSSLVerifyClient optional\nRewriteEngine on\nRewriteCond %{SSL:SSL_CLIENT_VERIFY} !=SUCCESS\nRewriteRule .* - [F]`,
    ),
  ),
  row('a field set', host('RequestHeader set X-SSL-Client-Verify "%{SSL_CLIENT_VERIFY}s"')),
  row(
    'both spellings removed',
    host('RequestHeader unset X-SSL-Client-Verify\nRequestHeader unset X_SSL_Client_Verify'),
  ),
  row(
    'a field set in a location under a condition',
    host('<Location />\nRequestHeader set X-SSL-Client-Verify none env=nothing\n</Location>'),
  ),
  row(
    'modules asked for, words defined, lines continued',
    host(
      `Define clients ${ca.split(' ')[1]}\n<IfModule ssl_module>\nSSLCACertificateFile \${clients}\nSSLVerifyClient \\\n    require\n</IfModule>`,
    ),
  ),
  row('a host of another file', around('IncludeOptional sites/*.conf'), {
    'sites/app.conf': `<VirtualHost *:«port»>
SSLEngine on
SSLCertificateFile «server»
SSLCertificateKeyFile «serverKey»
${ca}
SSLVerifyClient require
ProxyPass "/" "http://127.0.0.1:«echo»/"
</VirtualHost>
`,
  }),
]

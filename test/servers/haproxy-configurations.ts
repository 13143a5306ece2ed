import type { Row } from './proxy-programs.ts'

const row = (name: string, bind: string, rules: readonly string[] = [], more = '', global = ''): Row => ({
  name: `haproxy: ${name}`,
  server: 'haproxy',
  files: {
    'haproxy.cfg': `global
  ssl-default-bind-options ssl-min-ver TLSv1.2
  ${global}
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend door
  bind 127.0.0.1:«port»${bind}
${rules.map((rule) => `  ${rule}\n`).join('')}  default_backend app
backend app
  ${more}
  server one 127.0.0.1:«echo»
`,
  },
})

const tls = ' ssl crt «serverBoth»'
const ca = `${tls} ca-file «ca»`

export const haproxyConfigurations: readonly Row[] = [
  row('plain', ''),
  row('no verification', tls),
  row('an authority alone', ca),
  row('verify none', `${ca} verify none`),
  row('verify required', `${ca} verify required`),
  row('verify optional', `${ca} verify optional`),
  row('required with errors ignored', `${ca} verify required ca-ignore-err all crt-ignore-err all`),
  row('optional with errors ignored', `${ca} verify optional ca-ignore-err all crt-ignore-err all`),
  row('optional, and only the verdict is asked for', `${ca} verify optional`, [
    'http-request deny unless { ssl_c_verify 0 }',
  ]),
  row('optional, and a certificate is asked for', `${ca} verify optional`, [
    'http-request deny unless { ssl_fc_has_crt }',
  ]),
  row('optional, and a certificate is asked for by name', `${ca} verify optional`, [
    'acl shown ssl_c_used',
    'http-request deny deny_status 403 if !shown',
  ]),
  row(
    'errors ignored, and verdict and certificate are asked for',
    `${ca} verify optional ca-ignore-err all crt-ignore-err all`,
    ['http-request deny unless { ssl_c_used } { ssl_c_verify 0 }'],
  ),
  row(
    'errors ignored, and only a certificate is asked for',
    `${ca} verify optional ca-ignore-err all crt-ignore-err all`,
    ['tcp-request content reject if !{ ssl_fc_has_crt }'],
  ),
  row('errors ignored, and only the name is asked for', `${ca} verify optional ca-ignore-err all crt-ignore-err all`, [
    'http-request deny unless { ssl_c_s_dn(cn) -m str billing }',
  ]),
  row('a field set', tls, ['http-request set-header X-SSL-Client-Verify %[ssl_c_verify]']),
  row('a field set for some and removed for the others', `${ca} verify optional`, [
    'http-request del-header X-SSL-Client-Verify',
    'http-request set-header X-SSL-Client-Verify %[ssl_c_verify] if { ssl_fc_has_crt }',
  ]),
  row('fields removed by their beginning', tls, ['http-request del-header X-SSL- -m beg']),
  row('a field removed in the backend', tls, [], 'http-request del-header x-ssl-client-verify'),
  row('a field handed on', tls, ['http-request set-header X-SSL-Client-Verify %[req.hdr(X-SSL-Client-Verify)]']),
  row(
    'names restricted',
    tls,
    ['http-request del-header X-SSL-Client-Verify'],
    'option http-restrict-req-hdr-names delete',
  ),
  row('quotes and escapes', `${tls} ca-file "«ca»" verify 'optional'`, [
    'http-request set-header X-Note "a # b \\"c\\"" # verify required',
  ]),
]

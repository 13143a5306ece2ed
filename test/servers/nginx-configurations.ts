import type { Row } from './proxy-programs.ts'

const around = (inHttp: string) => `daemon off; master_process off; pid «folder»/nginx.pid; error_log stderr crit;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path «folder»/body; proxy_temp_path «folder»/proxy; fastcgi_temp_path «folder»/fastcgi;
  uwsgi_temp_path «folder»/uwsgi; scgi_temp_path «folder»/scgi;
  ssl_certificate «server»; ssl_certificate_key «serverKey»;
${inHttp}
}
`

const server = (inServer: string, inLocation = '', inHttp = '') =>
  around(`${inHttp}
  server {
    listen 127.0.0.1:«port» ssl;
    ${inServer}
    location / { ${inLocation} proxy_pass http://127.0.0.1:«echo»; }
  }`)

const row = (name: string, text: string, more: Readonly<Record<string, string>> = {}): Row => ({
  name: `nginx: ${name}`,
  server: 'nginx',
  files: { 'nginx.conf': text, ...more },
})

const ca = 'ssl_client_certificate «ca»;'

export const nginxConfigurations: readonly Row[] = [
  row('plain', around('server { listen 127.0.0.1:«port»; location / { proxy_pass http://127.0.0.1:«echo»; } }')),
  row('no verification', server('')),
  row('an authority alone', server(ca)),
  row('verify on', server(`${ca} ssl_verify_client on;`)),
  row('verify on, from http', server('', '', `${ca} ssl_verify_client on;`)),
  row('verify off below http’s on', server('ssl_verify_client off;', '', `${ca} ssl_verify_client on;`)),
  row('optional', server(`${ca} ssl_verify_client optional;`)),
  row('optional_no_ca', server('ssl_verify_client optional_no_ca;')),
  row(
    'optional and a check in the server',
    server(`${ca} ssl_verify_client optional; if ($ssl_client_verify != SUCCESS) { return 403; }`),
  ),
  row(
    'optional_no_ca and a check in the location',
    server(`${ca} ssl_verify_client optional_no_ca;`, 'if ($ssl_client_verify != "SUCCESS") { return 403; }'),
  ),
  row(
    'optional and a check by map',
    server(
      `${ca} ssl_verify_client optional; if ($denied) { return 403; }`,
      '',
      'map $ssl_client_verify $denied { default 1; SUCCESS 0; }',
    ),
  ),
  row(
    'optional and a check by set',
    server(
      `${ca} ssl_verify_client optional; set $ok 0; if ($ssl_client_verify = SUCCESS) { set $ok 1; } if ($ok = 0) { return 403; }`,
    ),
  ),
  row(
    'optional_no_ca and a check that only asks for a certificate',
    server(`${ca} ssl_verify_client optional_no_ca; if ($ssl_client_verify = NONE) { return 403; }`),
  ),
  row(
    'a check of a name by a pattern',
    server(`${ca} ssl_verify_client optional; if ($ssl_client_verify !~ ^SUCCESS$) { return 403; }`),
  ),
  row('a field set', server('', 'proxy_set_header X-SSL-Client-Verify $ssl_client_verify;')),
  row('a field removed in the server', server('proxy_set_header X-SSL-Client-Verify "";')),
  row(
    'a server’s field lost in a location',
    server('proxy_set_header X-SSL-Client-Verify "";', 'proxy_set_header Connection "";'),
  ),
  row('a field handed on', server('', 'proxy_set_header X-SSL-Client-Verify $http_x_ssl_client_verify;')),
  row('underscores', server('', 'proxy_set_header X-SSL-Client-Verify "";', 'underscores_in_headers on;')),
  row(
    'invalid names not ignored',
    server('', 'proxy_set_header X-SSL-Client-Verify "";', 'ignore_invalid_headers off;'),
  ),
  row('a server of another file', around('include conf.d/*.conf;'), {
    'conf.d/app.conf': `server {
  listen 127.0.0.1:«port» ssl;
  include snippets/clients.conf;
  location / { proxy_pass http://127.0.0.1:«echo»; }
}
`,
    'snippets/clients.conf': `${ca}\nssl_verify_client "on";\n`,
  }),
  row(
    'quotes, comments and braces',
    server(`${ca} # ssl_verify_client off;\n    add_header X-Note 'a { b ; c'; ssl_verify_client 'optional';`),
  ),
]

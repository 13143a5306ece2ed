import type { Row } from './proxy-programs.ts'

const row = (name: string, lines: string, global = ''): Row => ({
  name: `stunnel: ${name}`,
  server: 'stunnel',
  files: {
    'stunnel.conf': `foreground = yes
pid =
syslog = no
${global}
[app]
accept = 127.0.0.1:«port»
connect = 127.0.0.1:«echo»
cert = «server»
key = «serverKey»
${lines}
`,
  },
})

const ca = 'CAfile = «ca»'

export const stunnelConfigurations: readonly Row[] = [
  row('no verification', ''),
  row('an authority alone', ca),
  row('verifyChain', `${ca}\nverifyChain = yes`),
  row('verifyChain for all services', '', `${ca}\nverifyChain = yes`),
  row('verifyChain without requireCert', `${ca}\nverifyChain = yes\nrequireCert = no`),
  row('requireCert alone', 'requireCert = yes'),
  row('requireCert with an authority', `${ca}\nrequireCert = yes`),
  row('level 0', `${ca}\nverify = 0`),
  row('level 1', `${ca}\nverify = 1`),
  row('level 2', `${ca}\n; verify = 0\nverify = 2`),
]

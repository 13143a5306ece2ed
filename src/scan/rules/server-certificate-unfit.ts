import type { Certificate } from '../../identity/certificate.ts'
import { objectIdentifiers as oids } from '../../identity/object-identifiers.ts'
import { certificateUses } from '../certificates/certificate-uses.ts'
import { type CertificateObject, nameOf, objectsOf } from '../certificates/tree-certificates.ts'
import type { Rule } from '../rule.ts'

export const serverCertificateUnfit: Rule = {
  id: 'server-certificate-unfit',
  about: 'tree',
  title: 'Certificate of a server that clients should refuse',
  severity: 'medium',
  cwe: 295,
  explanation: `A listener shows a certificate that is not meant for servers: its extended key usage has no \`serverAuth\`; it has no subject
alternative name, so that only clients that still look at the common name accept it; it is good for every name of a top-level
domain; or what follows it in the file is not its issuer. Clients that check refuse it, and those who use the service then
turn the check off.

**Fix.** Issue one with \`serverAuth\` and the server's names as subject alternative names, followed by its intermediates.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_certificate tls/server.pem;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        'tls/server.pem': '{{certificate:client}}',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_certificate tls/server.pem;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        'tls/server.pem': '{{certificate:no-names}}',
      },
      {
        'config/puma.rb':
          "ssl_bind '0.0.0.0', 8443, cert: 'tls/server.pem', key: '/run/tls.key', ca: '/run/ca.pem', verify_mode: 'force_peer'\n",
        Procfile: 'web: bundle exec puma -C config/puma.rb\n',
        'tls/server.pem': '{{certificate:client}}',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_certificate tls/server.pem;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        'tls/server.pem': '{{certificate:server}}',
      },
      {
        'config/puma.rb':
          "ssl_bind '0.0.0.0', 8443, cert: 'tls/server.pem', key: '/run/tls.key', ca: '/run/ca.pem', verify_mode: 'force_peer'\n",
        Procfile: 'web: bundle exec puma -C config/puma.rb\n',
        'tls/server.pem': '{{certificate:server}}',
      },
    ],
  },
  *check({ tree, listeners }) {
    for (const { path, named } of certificateUses(tree, listeners).servers) {
      const chain = path === undefined ? [] : objectsOf(tree, path).filter(isCertificate)
      const [leaf, next] = chain
      const says = leaf && problemOf(leaf.certificate, next?.certificate)
      if (!leaf || says === undefined) continue
      yield {
        file: named.file,
        start: named.start,
        end: named.end,
        message: `${nameOf(leaf.certificate)}, which this listener shows, ${says}.`,
        fix: 'Issue one with serverAuth and the server’s names as subject alternative names, followed by its intermediates.',
        evidence: [`${leaf.file.path}:${leaf.file.place(leaf.start, leaf.end).line}`],
        identity: [leaf.certificate.serialHex],
      }
    }
  },
}

function isCertificate(object: CertificateObject): object is Extract<CertificateObject, { kind: 'certificate' }> {
  return object.kind === 'certificate'
}

function problemOf(leaf: Certificate, next: Certificate | undefined): string | undefined {
  const { extKeyUsage, subjectAltNames, issuer } = leaf
  if (extKeyUsage && !extKeyUsage.includes(oids.serverAuth) && !extKeyUsage.includes(oids.anyExtendedKeyUsage))
    return 'is not for servers: its extended key usage has no serverAuth'
  if (!subjectAltNames.some(({ kind }) => kind === 'dns' || kind === 'ip' || kind === 'uri'))
    return 'has no subject alternative name'
  const wide = subjectAltNames.find(({ kind, value }) => kind === 'dns' && /^\*(?:\.[^.]+)?$/.test(value))
  if (wide) return `is good for every name of ${wide.value}`
  if (next && !next.subject.equals(issuer)) return 'is followed by a certificate that is not its issuer’s'
  return undefined
}

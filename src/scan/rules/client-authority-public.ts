import { certificateUses } from '../certificates/certificate-uses.ts'
import { isPublicAuthority, isPublicBundle } from '../certificates/public-authorities.ts'
import { nameOf, objectsOf } from '../certificates/tree-certificates.ts'
import type { Rule } from '../rule.ts'

export const clientAuthorityPublic: Rule = {
  id: 'client-authority-public',
  about: 'tree',
  title: 'Clients are verified against public authorities',
  severity: 'high',
  cwe: 295,
  explanation: `A listener verifies its clients against authorities that issue certificates to everybody: the system's bundle of public roots, or
a file with one of them in it. Whoever controls any domain name has such a certificate, often one that is good for clients
too, and is let in.

**Fix.** Name the authority that issues your own clients' certificates, and no other.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate /etc/ssl/certs/ca-certificates.crt;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate clients.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        'clients.pem': '{{certificate:authority}}{{certificate:public-authority}}',
      },
    ],
    good: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate clients.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        'clients.pem': '{{certificate:authority}}',
      },
    ],
  },
  *check({ tree, listeners }) {
    for (const { path, named } of certificateUses(tree, listeners).authorities) {
      const found = (path === undefined ? [] : objectsOf(tree, path)).flatMap((object) =>
        object.kind === 'certificate' && isPublicAuthority(object.certificate) ? [nameOf(object.certificate)] : [],
      )
      if (found.length === 0 && !isPublicBundle(named.path)) continue
      yield {
        file: named.file,
        start: named.start,
        end: named.end,
        message: `Clients are verified against ${found.length > 0 ? `${found[0]}, which issues certificates to everybody` : 'the public roots: everybody can have a certificate of theirs'}.`,
        fix: 'Name the authority that issues your own clients’ certificates, and no other.',
        evidence: found.slice(0, 5),
        identity: [named.path],
      }
    }
  },
}

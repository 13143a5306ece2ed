import { certificateUses } from '../certificates/certificate-uses.ts'
import { type CertificateObject, nameOf, objectsOf } from '../certificates/tree-certificates.ts'
import type { Rule } from '../rule.ts'
import type { Tree } from '../tree.ts'

export const clientAuthorityUnfit: Rule = {
  id: 'client-authority-unfit',
  about: 'tree',
  title: 'File of authorities for clients that holds none, or less than it seems',
  severity: 'medium',
  cwe: 295,
  explanation: `A listener verifies its clients against a file that is empty, is damaged, or holds the certificate of somebody who may not issue
any. Most servers then refuse to start or refuse everybody; libraries fall back to the public roots for an empty list, so that
everybody gets in. A client's own certificate in such a file lets in whoever holds its key, for as long as it stands there,
whatever its issuer revokes.

**Fix.** Put the certificates of the authorities that issue your clients' certificates into the file, and nothing else.`,
  examples: {
    bad: [
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate clients.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        'clients.pem': '# filled in by the deployment\n',
      },
      {
        'nginx.conf':
          'http {\n  server {\n    listen 443 ssl;\n    ssl_client_certificate clients.pem;\n    ssl_crl ca.crl;\n    ssl_verify_client on;\n    location / { proxy_pass http://127.0.0.1:9292; }\n  }\n}\n',
        'clients.pem': '{{certificate:client}}',
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
      const says = path === undefined ? undefined : problemOf(tree, path)
      if (says === undefined) continue
      yield {
        file: named.file,
        start: named.start,
        end: named.end,
        message: `${path}, against which clients are verified, ${says}.`,
        fix: 'Put the certificates of the authorities that issue your clients’ certificates into it, and nothing else.',
        identity: [named.path],
      }
    }
  },
}

function problemOf(tree: Tree, path: string): string | undefined {
  const objects = objectsOf(tree, path)
  const certificates = objects.filter((object) => object.kind === 'certificate')
  const broken = objects.find(({ kind }) => kind === 'unreadable') as
    | Extract<CertificateObject, { kind: 'unreadable' }>
    | undefined
  if (broken) return `has a part that cannot be read: ${broken.says}`
  if (certificates.length === 0) return 'holds no certificate'
  const leaf = certificates.find(
    ({ certificate: { basicConstraints, keyUsage, version } }) =>
      (version === 3 && !basicConstraints?.isCa) || (keyUsage && !keyUsage.includes('keyCertSign')),
  )
  return leaf && `holds ${nameOf(leaf.certificate)}, which may not issue certificates`
}

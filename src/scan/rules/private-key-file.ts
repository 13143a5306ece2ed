import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const privateKeyFile: Rule = {
  id: 'private-key-file',
  about: 'file',
  title: 'File is a private key',
  severity: 'critical',
  cwe: 321,
  cap: { grade: 'D', reason: 'a private key is in the tree' },
  explanation: `A file is a private key: PEM of any kind, OpenSSH, PuTTY, OpenPGP, age or JWK. Whoever has a copy of the repository can be the
server, the client or the person that the key stands for, and can read what was sent to it. An encrypted key is as safe as
its passphrase. Certificates and public keys are not reported.

**Fix.** Make a new pair, have the certificate issued anew and the old one revoked, and give the service the key when it is
deployed: a mounted secret, a store, a file that the repository ignores.`,
  examples: {
    bad: [{ 'config/server.key': '{{private-key}}\n' }, { 'deploy/id_ed25519': '{{private-key}}\n' }],
    good: [
      { 'config/server.pem': '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUc\n-----END CERTIFICATE-----\n' },
      { 'keys.md': 'A file that begins with -----BEGIN PRIVATE KEY----- is one.\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'private-key-file', (literal) => ({
      message: `The file is ${/^[aeiou]/.test(literal.title) ? 'an' : 'a'} ${literal.title}.`,
      fix: `Make a new pair, revoke the old certificate, and give the service its key when it is deployed: a store or a mounted secret.`,
      mayReadInstead: false,
    }))
  },
}

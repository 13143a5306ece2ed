import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const passwordFile: Rule = {
  id: 'password-file',
  about: 'file',
  title: 'File of passwords is in the tree',
  severity: 'high',
  cwe: 538,
  explanation: `A file from which a program reads its user's password (\`.netrc\`, \`.npmrc\`, \`.pypirc\`, \`.pgpass\`, \`.git-credentials\`, \`.dockercfg\`,
\`.htpasswd\`, Maven's \`settings.xml\`) is among the files of the repository, and holds one. Digests of passwords can be tried offline.

**Fix.** Change the password or revoke the token, remove the file from the repository and its history, and ignore it.`,
  examples: {
    bad: [
      { '.netrc': 'machine api.internal.corp login deploy password gR7kk2pLmZx9Qw4T\n' },
      { '.npmrc': '//npm.internal.corp/:_authToken={{snyk-api-token}}\n' },
      { '.pgpass': 'db.internal.corp:5432:app:app:gR7kk2pLmZx9\n' },
    ],
    good: [
      { '.npmrc': `//npm.internal.corp/:_authToken=\${NPM_TOKEN}\n` },
      { '.netrc': 'machine api.internal.corp login deploy password <password>\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'password-file', (literal) => ({
      message: `A ${literal.title} stands in a file of passwords: ${literal.shown}.`,
      fix: `Change it where it is checked, remove the file from the repository and its history, and ignore it.`,
      mayReadInstead: false,
    }))
  },
}

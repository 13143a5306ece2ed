import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const encodedSecret: Rule = {
  id: 'encoded-secret',
  about: 'file',
  title: 'Secret is written in base64',
  severity: 'high',
  cwe: 798,
  explanation: `Base64 hides nothing. A key, a private key or a pair of name and password was found in what the text decodes to: in a
Kubernetes \`Secret\`, a \`Basic\` field (RFC 7617), a kubeconfig, a variable of a build.

**Fix.** Change the secret, then let the cluster fetch it from a store (External Secrets, Sealed Secrets, SOPS), or the program
from its environment.`,
  examples: {
    bad: [
      {
        'k8s/secret.yaml':
          'apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  password: Z1I3a2sycExtWng5UXc0VA==\n',
      },
      { 'api.http': 'GET https://api.internal.corp/\nAuthorization: Basic ZGVwbG95OmdSN2trMnBMbVp4OVF3NFQ=\n' },
    ],
    good: [
      { 'k8s/secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  password: Y2hhbmdlbWU=\n' },
      { 'k8s/external.yaml': 'kind: ExternalSecret\nspec:\n  data:\n    - secretKey: password\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'encoded-secret', (literal) => ({
      message: `A ${literal.title} is written in the file${literal.name === undefined ? '' : `, as ${literal.name}`}: ${literal.shown}.`,
      fix: `Change the secret, then have it fetched from a store, or read from the environment.`,
      mayReadInstead: false,
    }))
  },
}

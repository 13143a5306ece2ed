import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const credentialsInUrl: Rule = {
  id: 'credentials-in-url',
  about: 'file',
  title: 'URL holds a name and a password',
  severity: 'high',
  cwe: 522,
  explanation: `A web address or a repository's has \`user:password@\` in it (RFC 3986 §3.2.1). Besides being written in the file, it goes where URLs
go: logs, proxies, process lists, the output of \`git remote -v\`, messages of exceptions.

**Fix.** Change the password, and give it to the client by itself: a credential helper, a field of the request, the environment.`,
  examples: {
    bad: [
      { 'deploy.sh': 'git clone https://deploy:gR7kk2pLmZx9Qw4T@git.internal.corp/app.git\n' },
      { Gemfile: 'source "https://ci:Qw4TgR7kk2pLmZx9@gems.internal.corp/"\n' },
    ],
    good: [
      {
        'deploy.sh':
          'git clone https://$USER:$TOKEN@git.internal.corp/app.git\ncurl http://user:password@example.com/\n',
      },
      { 'proxy.conf': 'http_proxy=http://user:pass@proxy:3128/\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'credentials-in-url', (literal) => ({
      message: `A ${literal.title} is written in the file: ${literal.shown}.`,
      fix: `Change the password, and give it to the client by itself: a credential helper, or a field that is read from the environment.`,
      mayReadInstead: false,
    }))
  },
}

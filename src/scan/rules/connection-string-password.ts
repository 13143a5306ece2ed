import { variableOf } from '../literals/read-instead.ts'
import { tellSecrets } from '../literals/tell-secrets.ts'
import type { Rule } from '../rule.ts'

export const connectionStringPassword: Rule = {
  id: 'connection-string-password',
  about: 'file',
  title: 'Connection string holds a password',
  severity: 'critical',
  cwe: 798,
  cap: { grade: 'D', reason: 'a password is written in the source' },
  explanation: `The address of a database, a broker or a mail server has its password in it: a URL with \`user:password@host\`, a JDBC URL with
\`password=\`, an ADO.NET or Azure string with \`Password=\`, \`AccountKey=\` or \`SharedAccessKey=\`. Not reported on the reader's own
machine, with a password that guards nothing (\`postgres:postgres\`), or with a reference in the password's place.

**Fix.** Change the password at the server, then read the whole address, or its password, from the environment or a store.`,
  examples: {
    bad: [
      { 'config/database.yml': 'production:\n  url: {{database-url}}\n' },
      {
        'app.properties':
          'spring.datasource.url=jdbc:mysql://db.internal.corp/app?user=app&password=gR7kk2pLmZx9Qw4T\n',
      },
      {
        'appsettings.json':
          '{ "ConnectionStrings": { "Main": "Server=db.internal.corp;User Id=app;Password=gR7#kk2!pLmZ;" } }\n',
      },
    ],
    good: [
      { 'config/database.yml': "production:\n  url: <%= ENV['DATABASE_URL'] %>\n" },
      { 'docker-compose.yml': 'DATABASE_URL: postgres://postgres:postgres@db:5432/app\n' },
      { 'app.py': 'url = f"postgres://{user}:{password}@{host}/app"\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'connection-string-password', (literal) => ({
      message: `A ${literal.title} is written in the file: ${literal.shown}.`,
      fix: `Change the password at the server, then read the address from the environment or a store: ${variableOf(literal, 'DATABASE_URL')}.`,
      mayReadInstead: false,
    }))
  },
}

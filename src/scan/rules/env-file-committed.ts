import { refersElsewhere } from '../literals/refers-elsewhere.ts'
import type { Rule } from '../rule.ts'

const fileName = /(?:^|\/)\.env(?:\.(?:production|prod|staging|live|development|dev|local))?(?:\.local)?$/
const entry = /^(?:export[ \t]+)?([A-Z][A-Z0-9_]{1,80})[ \t]*=[ \t]*(["']?)([^"'\s#]{4,400})\2[ \t]*(?:#.*)?$/gm
const secretName =
  /(?:^|_)(?:API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?)$/
const harmlessName = /PUBLIC|PUBLISHABLE|_KEY_ID$|TEST/
/** What everybody gives to a database on a developer's machine, and what stands for nothing. */
const harmlessValue =
  /^(?:true|false|none|null|nil|root|admin|user|test\w*|dev\w*|local\w*|postgres|mysql|redis|rails|password|passwd|secret|token|todo|tbd|[x*.]+)$|example|sample|placeholder|redacted|change|replace|your|dummy|fake|xxxx|1234|abcd|insert/i

export const envFileCommitted: Rule = {
  id: 'env-file-committed',
  about: 'file',
  title: 'File of environment variables is in the tree, with values',
  severity: 'medium',
  cwe: 538,
  explanation: `A \`.env\` that git does not ignore gives variables with the names of secrets their values. Whoever has the repository has them,
and the next value that somebody puts there is committed with the next change. Where a value is a key by its shape, that is told
as a finding of its own, and this rule says nothing.

**Fix.** Ignore the file (\`echo .env >> .gitignore\`, \`git rm --cached .env\`), change what stood in it, and commit a
\`.env.example\` without values.`,
  examples: {
    bad: [
      { '.env': 'PORT=3000\nBILLING_TOKEN=night7\n' },
      { 'services/billing/.env': "LEDGER_TOKEN='blue7'\n" },
      { '.env.production': 'export LEDGER_SECRET=w1nter\nHOST=example.com\n' },
      { '.env': 'QUEUE_API_KEY=blue42fish # of the old queue\n' },
    ],
    good: [
      { '.env': 'PORT=3000\nRACK_ENV=production\nAPI_URL=https://api.example.com\n' },
      { '.env.example': 'SMTP_PASSWORD=p4ss\n' },
      { '.env': `SMTP_PASSWORD=\nAPI_TOKEN=\${VAULT_TOKEN}\nDB_PASSWORD=changeme\n` },
      { '.env.test': 'SMTP_PASSWORD=p4ss\n' },
    ],
  },
  *check({ file, literals }) {
    if (!fileName.test(file.path) || literals.length > 0 || /(?:^|\/)(?:tests?|specs?|examples?)\//.test(file.path))
      return
    const held = [...file.text.matchAll(entry)].filter(
      ([, name = '', , value = '']) =>
        secretName.test(name) && !harmlessName.test(name) && !harmlessValue.test(value) && !refersElsewhere(value),
    )
    const [first] = held
    const name = first?.[1]
    if (!first || name === undefined) return
    const start = first.index + first[0].indexOf(name)
    const rest = held.length > 1 ? ` and ${held.length - 1} more` : ''
    yield {
      file,
      start,
      end: start + name.length,
      confidence: 'firm',
      message: `${name}${rest} has its value in a file that is committed.`,
      fix: 'Ignore the file, take it out of the repository with git rm --cached, and change what stood in it.',
      identity: [file.path],
    }
  },
}

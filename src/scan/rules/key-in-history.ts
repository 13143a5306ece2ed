import type { HistorySecret } from '../history/history-secret.ts'
import { digestOf } from '../literals/tell-secrets.ts'
import type { Rule } from '../rule.ts'

export const keyInHistory: Rule = {
  id: 'key-in-history',
  about: 'history',
  title: 'API key is in the git history',
  severity: 'critical',
  cwe: 540,
  cap: { grade: 'D', reason: 'a key is in the history' },
  explanation: `A key was committed and taken out again. Everybody who has a clone, a fork or a cache of the repository still has it:
\`git log -p\` shows it. Only looked for with \`sallyport scan --history\` (whatever a branch, a tag, the stash or a reflog
leads to; with \`--dangling\` also what nothing leads to any more) and with \`--since REF\` (what the commits of a branch
added). With \`--history\` messages and the names of files are searched too.

A key that is still in a file is reported there, once, and its history stands with it.

**Fix.** Replace the key at its issuer first: it has to be taken as known, and nothing that is done to the history changes
that. Then, if it must not be read there any more, take it out of the history with
[git filter-repo](https://github.com/newren/git-filter-repo), push all branches and tags with force, and have every clone
made anew. Forks, pull requests and caches of the hosting service keep the old commits until its support removes them.`,
  examples: {
    bad: [
      {
        'commit 1/config.yml': 'stripe: {{stripe-secret-key}}\n',
        'commit 2/config.yml': 'stripe: <%= ENV["STRIPE_API_KEY"] %>\n',
      },
      {
        'commit 1/config/deploy.env': 'GITHUB_TOKEN={{github-personal-token}}\n',
        'commit 2/README.md': 'Set GITHUB_TOKEN.\n',
      },
    ],
    good: [
      {
        'commit 1/app.rb': "def key = ENV['STRIPE_API_KEY']\n",
        'commit 2/app.rb': "def key = ENV.fetch('STRIPE_API_KEY')\n",
      },
    ],
  },
  *check({ secrets }) {
    for (const secret of secrets) {
      const { kind, title, file, start, end, test, severity, confidence, setting, shown } = secret.literal
      yield {
        file,
        start,
        end,
        severity,
        confidence,
        ...(setting === undefined ? {} : { holds: setting }),
        message: `A ${title}${test ? ' of test mode' : ''} is ${placeOf(secret)}: ${shown}. ${timesOf(secret)}`,
        fix: `${renewal(secret)} ${removal(secret)}`,
        ...(secret.paths.length > 1 || secret.hasMorePaths ? { evidence: [`paths: ${pathsOf(secret)}`] } : {}),
        identity: [kind?.id ?? title, shown, ...digestOf(secret.literal)],
      }
    }
  },
}

function placeOf({ where, isInHead, isReachable }: HistorySecret): string {
  const thing = where === 'file' ? 'in an earlier version of a file' : `in a ${where}`
  if (!isReachable) return `${thing} that no branch, tag or reflog leads to any more`
  return isInHead ? `${where === 'file' ? 'in a file' : thing} of the commit that is checked out` : thing
}

function timesOf({ first, last, object, addedBy }: HistorySecret): string {
  if (addedBy) return `Commit ${addedBy.id.slice(0, 12)} of ${addedBy.authored} added it.`
  if (!first || !last) return `No commit has it: it is in object ${object.slice(0, 12)}.`
  if (first.id === last.id) return `Only commit ${first.id.slice(0, 12)} of ${first.authored} has it.`
  return `First in commit ${first.id.slice(0, 12)} of ${first.authored}, last in ${last.id.slice(0, 12)} of ${last.authored}.`
}

function pathsOf({ paths, hasMorePaths }: HistorySecret): string {
  return `${paths.slice(0, 10).join(', ')}${hasMorePaths || paths.length > 10 ? ', …' : ''}`
}

function renewal({ literal: { kind } }: HistorySecret): string {
  if (!kind) return 'Change it where it is checked: it has to be taken as known.'
  return kind.use === 'stays'
    ? `Make a new one and put it in this one's place (${kind.documentation}): this one has to be taken as known.`
    : `Replace the key at its issuer (${kind.documentation}): it has to be taken as known.`
}

function removal({ where, paths, isReachable }: HistorySecret): string {
  if (!isReachable)
    return 'Then `git reflog expire --expire=now --all && git gc --prune=now` removes the object here; clones and caches keep it.'
  if (where === 'file') {
    const given = paths.slice(0, 3).map((path) => ` --path ${quoted(path)}`)
    const whole = `\`git filter-repo --invert-paths${given.join('')}${paths.length > 3 ? ' …' : ''}\``
    return `To take it out of the history: \`git filter-repo --replace-text FILE\`, with the key in FILE${paths.length > 0 ? `; or the file with all its versions: ${whole}` : ''}. Clones, forks and caches keep it.`
  }
  const option = where === 'file name' ? '--filename-callback' : '--replace-message FILE'
  return `To remove it from the history: \`git filter-repo ${option}\`. Clones, forks and caches keep it.`
}

/** For a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

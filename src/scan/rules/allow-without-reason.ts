import type { Rule } from '../rule.ts'

export const allowWithoutReason: Rule = {
  id: 'allow-without-reason',
  about: 'file',
  title: 'A comment allows a finding and does not say why',
  severity: 'low',
  cwe: 1116,
  explanation: `\`sallyport: allow RULE\` without a reason behind \`--\`. Whoever reads it later cannot tell whether the reason still holds,
so it allows nothing: what it was meant for is reported as well.

**Fix.** Write why it is no leak, or why it is accepted and until when: \`# sallyport: allow key-in-log -- a canary, worthless
by design\`.`,
  examples: {
    bad: [
      '# sallyport: allow key-constant\nx = 1\n',
      { 'settings.py': 'x = 1  # sallyport: allow key-constant --\n' },
      { 'config.yml': '# sallyport: allow key-literal, key-in-url\ntoken: none\n' },
    ],
    good: ["text = '# sallyport: allow key-constant'\n", '# sallyport: see the documentation\n'],
  },
  *check({ file, allows }) {
    for (const { start, end, rules, reason } of allows) {
      if (reason !== '') continue
      const names = rules.map(({ id }) => file.masked(id)).join(', ')
      yield {
        file,
        start,
        end,
        message: `The comment says to allow ${names || 'something'}, and not why: it allows nothing.`,
        fix: `Write the reason behind two dashes: sallyport: allow ${names || 'RULE'} -- REASON.`,
        identity: [names],
      }
    }
  },
}

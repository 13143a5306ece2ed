import type { Rule } from '../rule.ts'

export const allowUnknownRule: Rule = {
  id: 'allow-unknown-rule',
  about: 'file',
  title: 'A comment allows a rule that does not exist',
  severity: 'low',
  cwe: 1116,
  explanation: `\`sallyport: allow NAME -- reason\`, and there is no rule NAME. A slip in the name leaves the finding reported; a rule
that is gone leaves a comment that misleads.

**Fix.** Write the rule's id as the finding names it, in brackets behind its title; \`sallyport explain\` lists them all.`,
  examples: {
    bad: [
      '# sallyport: allow key-in-lgo -- a canary\nx = 1\n',
      { 'main.go': '// sallyport: allow everything -- we know\npackage main\n' },
      { 'page.html': '<!-- sallyport: allow key_literal -- an example -->\n<p>\n' },
    ],
    good: ['puts "# sallyport: allow key-in-lgo -- x"\n'],
  },
  *check({ file, allows, isRule }) {
    for (const { rules, reason } of allows) {
      if (reason === '') continue
      for (const { id, start, end } of rules) {
        if (isRule(id)) continue
        yield {
          file,
          start,
          end,
          message: `There is no rule ${file.masked(id)}: the comment allows nothing.`,
          fix: 'Write the id of a rule as a finding names it in brackets, or take the comment out.',
          identity: [file.masked(id)],
        }
      }
    }
  },
}

import type { Rule } from '../rule.ts'

export const allowUnused: Rule = {
  id: 'allow-unused',
  about: 'file',
  title: 'A comment allows a finding that is not there',
  severity: 'note',
  cwe: 1116,
  explanation: `\`sallyport: allow RULE -- reason\` on a line, or above a line, where RULE finds nothing. The leak was mended or has moved,
and the comment would hide the next one. It is not reported in a file that could not be read whole.

**Fix.** Take the comment out, or put it on the line that the finding names, or on one of its own right above.`,
  examples: {
    bad: [
      '# sallyport: allow key-literal -- moved to the store\nx = 1\n',
      { 'a.sql': 'select 1; -- sallyport: allow key-literal -- an example\n' },
    ],
    good: [
      "puts ENV['STRIPE_API_KEY'] # sallyport: allow key-in-log -- a script that shows it to its owner\n",
      "# sallyport: allow key-in-log -- a script that shows it to its owner\n# (and to nobody else)\nputs ENV['STRIPE_API_KEY']\n",
      { 'a.sh': "echo '# sallyport: allow key-literal -- x'\n" },
    ],
  },
  // For every allowance; where one has allowed something, apply-allows.ts takes it out again.
  *check({ file, allows, isRule }) {
    for (const { rules, reason, covers } of allows) {
      if (reason === '') continue
      for (const { id, start, end } of rules) {
        if (!isRule(id)) continue
        yield {
          file,
          start,
          end,
          message: `${id} finds nothing on line ${covers}: the comment allows nothing.`,
          fix: 'Take the comment out, or put it on the line that the finding names or right above it.',
          identity: [id],
        }
      }
    }
  },
}

import type { Example, Rule } from '../../src/scan/rule.ts'
import { table } from '../../src/scan/rules/index.ts'
import { generatedBy, markdownTable } from '../markdown.ts'
import { seenLeaking } from './seen-leaking.ts'

/** A page for each rule, and one that lists them. */
export const page = {
  path: 'docs/reference/rules',
  async content(): Promise<Map<string, string>> {
    const rules = await Promise.all(table.map(({ load }) => load()))
    const seen = await seenLeaking()
    const rows = rules.map(({ id, title, severity }) => [`[\`${id}\`](${id}.md)`, severity, title])
    const list = `${generatedBy}
# Rules

What \`sallyport scan\` looks for. \`sallyport explain RULE\` says the same as a rule's page.

${markdownTable(['rule', 'severity', 'finds'], rows)}
`
    return new Map([
      ['README.md', list],
      ...rules.map((rule) => [`${rule.id}.md`, pageOf(rule, seen.get(rule.id) ?? [])] as const),
    ])
  },
}

function pageOf({ id, title, severity, cwe, explanation, examples }: Rule, seenIn: readonly string[]): string {
  return `${generatedBy}
# ${title}

\`${id}\`, severity ${severity}, [CWE-${cwe}](https://cwe.mitre.org/data/definitions/${cwe}.html)

${explanation.trim()}

${
  seenIn.length > 0
    ? `Seen in a running app: ${seenIn.map((name) => `[${name}](../../../test/leaks/${name})`).join(', ')}.`
    : 'Not seen in a running app so far: the finding rests on the source alone.'
}

## Reported

${examples.bad.map(blockOf).join('\n\n')}

## Not reported

${examples.good.map(blockOf).join('\n\n')}
`
}

/** `{{stripe-secret-key}}` in it stands for a key of that kind: a page must not hold one. */
function blockOf(example: Example): string {
  const files = typeof example === 'string' ? { 'app.rb': example } : example
  return Object.entries(files)
    .map(([name, text]) => `\`${name}\`:\n\n\`\`\`${name.endsWith('.rb') ? 'ruby' : ''}\n${text.trimEnd()}\n\`\`\``)
    .join('\n\n')
}

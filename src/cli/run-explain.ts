import { SallyportError } from '../errors.ts'
import type { Check } from '../probe/check.ts'
import { table as checks } from '../probe/checks/index.ts'
import type { Example, Rule } from '../scan/rule.ts'
import { table } from '../scan/rules/index.ts'
import { seenLeaking } from '../scan/seen-leaking.ts'
import type { World } from './command.ts'

export async function runExplain(this: World, _flags: Record<never, never>, id?: string): Promise<void> {
  const { stdout } = this.process
  if (id === undefined) {
    const rules: (Rule | Check)[] = await Promise.all([...table, ...checks].map(({ load }) => load()))
    const width = Math.max(...rules.map((rule) => rule.id.length))
    for (const rule of rules) stdout.write(`${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.title}\n`)
    return
  }
  const rule = table.find((candidate) => candidate.id === id)
  const check = checks.find((candidate) => candidate.id === id)
  if (!rule && !check) {
    throw new SallyportError(
      'CLI_USAGE',
      `there is no rule ${JSON.stringify(id)}; did you mean ${nearest(id).join(', ')}?`,
    )
  }
  // The scanner and the prober may know the same leak by the same name.
  const pages = [rule && page(await rule.load()), check && checkPage(await check.load())]
  stdout.write(pages.filter((text) => text !== undefined).join('\n'))
}

function checkPage(check: Check): string {
  const weakness = check.cwe === undefined ? '' : `, CWE-${check.cwe}`
  return `${[check.title, `${check.id}, ${check.severity}${weakness}`, check.explanation.trim()].join('\n\n')}\n`
}

function page(rule: Rule): string {
  const block = (example: Example) =>
    (typeof example === 'string'
      ? example
      : Object.entries(example)
          .map(([name, text]) => `# ${name}\n${text}`)
          .join('\n')
    )
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`.trimEnd())
      .join('\n')
  return [
    `${rule.title}`,
    `${rule.id}, ${rule.severity}, CWE-${rule.cwe}`,
    rule.explanation.trim(),
    Object.hasOwn(seenLeaking, rule.id)
      ? 'Seen to leak in a running app.'
      : 'Not seen to leak in a running app so far: the finding rests on the source alone.',
    'Reported:',
    ...rule.examples.bad.map(block),
    'Not reported:',
    ...rule.examples.good.map(block),
    `Where it is no leak: a comment on the line or right above it, sallyport: allow ${rule.id} -- REASON`,
  ]
    .join('\n\n')
    .concat('\n')
}

/** The nearest, and others that are as near but for two letters, or that hold what was asked for; three at most. */
function nearest(id: string): string[] {
  const ids = [...new Set([...table, ...checks].map((candidate) => candidate.id))]
  const ranked = ids
    .map((candidate) => ({ id: candidate, distance: distance(id, candidate) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  const isNear = (one: (typeof ranked)[number]) =>
    one.distance <= (best?.distance ?? 0) + 2 && one.distance < id.length / 2
  return ranked
    .filter((one) => one === best || isNear(one) || (id.length > 3 && one.id.includes(id)))
    .slice(0, 3)
    .map((one) => one.id)
}

/** Levenshtein's distance; names are short. */
function distance(a: string, b: string): number {
  const from = a.slice(0, 100)
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = from[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change))
    }
    row = next
  }
  return row[b.length] ?? 0
}

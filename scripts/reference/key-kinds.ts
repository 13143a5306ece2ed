import type { KeyKind } from '../../src/keys/kind.ts'
import { loadKinds } from '../../src/keys/load-kinds.ts'
import { generatedBy, markdownTable } from '../markdown.ts'

const uses = {
  travels: 'It travels in requests: the app gets a phantom instead.',
  signs: 'It signs requests: the app signs with a phantom, and the door signs again with the key.',
  stays: 'It stays in the app: it is looked for and never replaced.',
}

export const page = {
  path: 'docs/reference/key-kinds.md',
  async content(): Promise<string> {
    const kinds = await loadKinds()
    return `${generatedBy}
# Key kinds

What Sallyport knows about keys: ${kinds.length} kinds. The scanner recognises them, the doors carry them, the scrubber removes them and the
prober notices them, all from the same description. For any other key, write \`kind: { hosts: […], carrier: … }\`.

\`sallyport run\` takes a key that travels or signs out of the environment unasked where it has its kind's form, unless the
kind says otherwise below: a key with a prefix of its own under any name, one without under a name of its kind's. Hosts
with a \`*\` serve every customer of the issuer; whoever knows theirs names it under \`hosts:\`. A variable for a base URL
(\`url_env\`) is one that the issuer's own libraries read.

${markdownTable(
  ['kind', 'use', 'hosts', 'carried as', 'variables', 'variables for a base URL'],
  kinds.map((kind) => [
    `[\`${kind.id}\`](#${kind.id})`,
    kind.use,
    codes(kind.hosts),
    codes(kind.carriers.map(({ says }) => says)),
    codes(kind.environment),
    codes((kind.baseUrls ?? []).map(({ variable, path }) => (path === '' ? variable : `${variable} (…${path})`))),
  ]),
)}

${kinds.map(section).join('\n')}`
  },
}

function section(kind: KeyKind): string {
  const { id, title, use, leftUnasked, beside, documentation } = kind
  const asked = leftUnasked === undefined ? '' : `\n- Left in the environment unless asked for: a key ${leftUnasked}`
  const needed = beside === undefined ? '' : `\n- Taken only beside: \`${beside.variable}\``
  return `## \`${id}\`

${title}. ${uses[use]}

- Looks like: ${looks(kind)}${asked}${needed}
- Documented at: <${documentation}>
`
}

function looks({ shape, fits }: KeyKind): string {
  const named = fits && `${code(fits.source)}, under a name of its kind`
  if (!shape) return named ?? 'nothing in particular; known by its name alone'
  const own = `${code(shape.pattern.source)}${shape.checksum ? ', with a checksum' : ''}`
  return named ? `${own}; or ${named}` : own
}

function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ')
}

/** A backtick in a pattern would end the code (CommonMark 0.31 §6.1). */
function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

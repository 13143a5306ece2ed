import { loadKinds } from '../../src/keys/load-kinds.ts'
import { generatedBy } from '../markdown.ts'

const uses = {
  travels: 'It travels in requests, so the app gets a phantom instead.',
  signs: 'It signs requests and never leaves the app.',
  stays: 'It never leaves the app, so it is never replaced.',
}

export const page = {
  path: 'docs/reference/key-kinds.md',
  async content(): Promise<string> {
    const kinds = await loadKinds()
    const sections = kinds.map(
      (kind) => `## \`${kind.id}\`

${kind.title}. ${uses[kind.use]}

- Looks like: ${kind.shape ? `\`${kind.shape.pattern.source}\`${kind.shape.checksum ? ', with a checksum' : ''}` : 'nothing in particular; known by its variable only'}
- For: ${kind.hosts.map((host) => `\`${host}\``).join(', ')}
- Carried as: ${kind.carriers.map(({ says }) => `\`${says}\``).join(', ')}
- Usually found in: ${kind.environment.map((name) => `\`${name}\``).join(', ')}
- Documented at: <${kind.documentation}>
`,
    )
    return `${generatedBy}
# Key kinds

What Sallyport knows about keys. The scanner recognises them, the doors carry them, the scrubber removes them and the
prober notices them, all from the same description. For any other key, write \`kind: { hosts: […], carrier: … }\`.

${sections.join('\n')}`
  },
}

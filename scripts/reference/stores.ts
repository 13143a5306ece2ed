import * as z from 'zod'
import { loadKnown } from '../../src/config/schema.ts'
import { generatedBy, markdownTable } from '../markdown.ts'

export const page = {
  path: 'docs/reference/stores.md',
  async content(): Promise<string> {
    const { stores } = await loadKnown()
    const sections = stores.map((kind) => {
      const settings = Object.entries(kind.config(z).shape).map(([name, setting]) => [
        `\`${name}\``,
        setting.description ?? '',
      ])
      return `## \`${kind.id}\`

${kind.title}.${kind.isBuiltIn ? ` The store \`${kind.id}\` is there without being declared.` : ''}

${kind.explanation}

A reference is ${kind.reference.says}: \`from: ${kind.id}:${kind.reference.example}\`.
${settings.length > 0 ? `\n${markdownTable(['setting', 'meaning'], settings)}\n` : ''}`
    })
    return `${generatedBy}
# Stores

Where keys are kept. The configuration holds references only (\`from: store:reference\`), never a key. Whatever a store
returns must be one word of visible ASCII characters, as a key rides in a field of the request; one line ending at the
end is left out.

${sections.join('\n')}`
  },
}

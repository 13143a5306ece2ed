import { limits } from '../../src/limits.ts'
import { generatedBy, markdownTable } from '../markdown.ts'

export const page = {
  path: 'docs/reference/limits.md',
  async content(): Promise<string> {
    const rows = Object.entries(limits).map(([name, value]) => [
      `\`${name}\``,
      value.toLocaleString('en-US'),
      unit(name),
    ])
    return `${generatedBy}
# Limits

Every bound of the product. None of them can be set.

${markdownTable(['limit', 'value', 'unit'], rows)}
`
  },
}

function unit(name: string): string {
  if (name.endsWith('Ms')) return 'milliseconds'
  return name.includes('Bytes') ? 'bytes' : ''
}

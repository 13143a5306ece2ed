import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const notionApiToken: KeyKind = {
  id: 'notion-api-token',
  title: 'Notion integration token',
  use: 'travels',
  shape: { prefixes: ['ntn_', 'secret_'], pattern: /ntn_[0-9]{11}[0-9A-Za-z]{35}|secret_[0-9A-Za-z]{43}/ },
  hosts: ['api.notion.com'],
  carriers: [bearerCarrier],
  environment: ['NOTION_TOKEN', 'NOTION_API_KEY', 'NOTION_KEY', 'NOTION_API_TOKEN', 'NOTION_SECRET'],
  example: (random) => `ntn_${random.digits(11)}${random.base62(35)}`,
  phantom: (random, { prefix, length }) => {
    const digits = prefix === 'ntn_' ? '00000000000' : ''
    return prefix + digits + markedBase62(random, length - prefix.length - digits.length)
  },
  documentation: 'https://developers.notion.com/reference/authentication',
}

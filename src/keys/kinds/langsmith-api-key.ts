import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const langsmithApiKey: KeyKind = {
  id: 'langsmith-api-key',
  title: 'LangSmith API key',
  use: 'travels',
  shape: { prefixes: ['lsv2_pt_', 'lsv2_sk_'], pattern: /lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}/ },
  hosts: ['api.smith.langchain.com', 'eu.api.smith.langchain.com'],
  carriers: [headerCarrier('x-api-key')],
  environment: ['LANGSMITH_API_KEY', 'LANGCHAIN_API_KEY'],
  baseUrls: [
    { variable: 'LANGSMITH_ENDPOINT', path: '' },
    { variable: 'LANGCHAIN_ENDPOINT', path: '' },
  ],
  example: (random) => `lsv2_pt_${random.hex(32)}_${random.hex(10)}`,
  phantom: (random, like) => `${like.prefix}${markedHex(random, 32)}_${random.hex(10)}`,
  documentation: 'https://docs.langchain.com/langsmith/create-account-api-key',
}

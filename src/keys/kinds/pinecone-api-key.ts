import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, markedUuid } from '../random.ts'

export const pineconeApiKey: KeyKind = {
  id: 'pinecone-api-key',
  title: 'Pinecone API key',
  use: 'travels',
  shape: { prefixes: ['pcsk_'], pattern: /pcsk_[0-9A-Za-z]{5,6}_[0-9A-Za-z]{60,70}/ },
  fits: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  hosts: ['api.pinecone.io', '*.pinecone.io'],
  carriers: [headerCarrier('Api-Key')],
  environment: ['PINECONE_API_KEY', 'PINECONE_KEY'],
  baseUrls: [{ variable: 'PINECONE_CONTROLLER_HOST', path: '' }],
  example: (random) => `pcsk_${random.base62(6)}_${random.base62(63)}`,
  phantom: (random, like) =>
    like.length === oldLength ? markedUuid(random) : `pcsk_00000_${markedBase62(random, like.length - 11)}`,
  documentation: 'https://docs.pinecone.io/reference/api/authentication',
}

/** Older keys are UUIDs. */
const oldLength = 36

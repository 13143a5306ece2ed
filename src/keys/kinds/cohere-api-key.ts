import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const cohereApiKey: KeyKind = {
  id: 'cohere-api-key',
  title: 'Cohere API key',
  use: 'travels',
  fits: /[0-9A-Za-z]{40}/,
  hosts: ['api.cohere.com', 'api.cohere.ai'],
  carriers: [bearerCarrier],
  environment: ['CO_API_KEY', 'COHERE_API_KEY', 'COHERE_KEY'],
  baseUrls: [{ variable: 'CO_API_URL', path: '' }],
  example: (random) => random.base62(40),
  phantom: (random, like) => markedBase62(random, like.length),
  documentation: 'https://docs.cohere.com/reference/about',
}

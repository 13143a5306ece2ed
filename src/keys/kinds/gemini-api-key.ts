import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const geminiApiKey: KeyKind = {
  id: 'gemini-api-key',
  title: 'Gemini API key',
  use: 'travels',
  shape: { prefixes: ['AQ.'], pattern: /AQ\.[0-9A-Za-z_-]{40,90}/ },
  hosts: ['generativelanguage.googleapis.com', 'aiplatform.googleapis.com', '*.aiplatform.googleapis.com'],
  carriers: [headerCarrier('x-goog-api-key'), queryCarrier('key'), bearerCarrier],
  environment: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  baseUrls: [{ variable: 'GOOGLE_GEMINI_BASE_URL', path: '' }],
  example: (random) => `AQ.Ab8${random.base62(47)}`,
  phantom: (random, like) => `AQ.${markedBase62(random, like.length - 3)}`,
  documentation: 'https://ai.google.dev/gemini-api/docs/api-key',
}

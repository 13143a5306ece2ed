import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const googleApiKey: KeyKind = {
  id: 'google-api-key',
  title: 'Google API key',
  use: 'travels',
  shape: { prefixes: ['AIza'], pattern: /AIza[0-9A-Za-z_-]{35}/ },
  leftUnasked: 'which apps also give to browsers, for maps and Firebase',
  hosts: ['generativelanguage.googleapis.com', 'maps.googleapis.com', '*.googleapis.com'],
  carriers: [headerCarrier('x-goog-api-key'), queryCarrier('key'), bearerCarrier],
  environment: [
    'GOOGLE_API_KEY',
    'GEMINI_API_KEY',
    'GOOGLE_GENAI_API_KEY',
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'GOOGLE_MAPS_API_KEY',
    'GOOGLE_CLOUD_API_KEY',
    'YOUTUBE_API_KEY',
  ],
  baseUrls: [{ variable: 'GOOGLE_GEMINI_BASE_URL', path: '' }],
  example: (random) => `AIzaSy${random.base62(33)}`,
  phantom: (random, like) => `AIzaSy${markedBase62(random, like.length - 6)}`,
  documentation: 'https://cloud.google.com/docs/authentication/api-keys',
}

import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const elevenlabsApiKey: KeyKind = {
  id: 'elevenlabs-api-key',
  title: 'ElevenLabs API key',
  use: 'travels',
  shape: { prefixes: ['sk_'], pattern: /sk_[0-9a-f]{48}/ },
  hosts: [
    'api.elevenlabs.io',
    'api.us.elevenlabs.io',
    'api.eu.residency.elevenlabs.io',
    'api.in.residency.elevenlabs.io',
  ],
  carriers: [headerCarrier('xi-api-key')],
  environment: ['ELEVENLABS_API_KEY', 'ELEVEN_API_KEY', 'ELEVENLABS_KEY'],
  example: (random) => `sk_${random.hex(48)}`,
  phantom: (random, like) => `sk_${markedHex(random, like.length - 3)}`,
  documentation: 'https://elevenlabs.io/docs/api-reference/authentication',
}

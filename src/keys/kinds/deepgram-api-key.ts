import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const deepgramApiKey: KeyKind = {
  id: 'deepgram-api-key',
  title: 'Deepgram API key',
  use: 'travels',
  fits: /[0-9a-f]{40}/,
  hosts: ['api.deepgram.com', 'api.eu.deepgram.com', 'agent.deepgram.com'],
  carriers: [headerCarrier('Authorization', 'Token '), headerCarrier('Authorization', 'token ')],
  environment: ['DEEPGRAM_API_KEY'],
  example: (random) => random.hex(40),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://developers.deepgram.com/guides/fundamentals/authenticating',
}

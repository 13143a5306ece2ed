import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const twilioApiKeySecret: KeyKind = {
  id: 'twilio-api-key-secret',
  title: 'Twilio API key secret',
  use: 'travels',
  fits: /[0-9A-Za-z]{32}/,
  leftUnasked: 'which apps also sign access tokens with',
  hosts: ['api.twilio.com', '*.twilio.com'],
  carriers: [basicCarrier('password')],
  environment: ['TWILIO_API_KEY_SECRET', 'TWILIO_API_SECRET'],
  example: (random) => random.base62(32),
  phantom: (random, like) => markedBase62(random, like.length),
  documentation: 'https://www.twilio.com/docs/iam/api-keys',
}

import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const twilioAuthToken: KeyKind = {
  id: 'twilio-auth-token',
  title: 'Twilio auth token',
  use: 'travels',
  fits: /[0-9a-f]{32}/,
  leftUnasked: 'which apps also check webhooks with',
  hosts: ['api.twilio.com', '*.twilio.com'],
  carriers: [basicCarrier('password')],
  environment: ['TWILIO_AUTH_TOKEN', 'TWILIO_TOKEN'],
  example: (random) => random.hex(32),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://www.twilio.com/docs/usage/requests-to-twilio',
}

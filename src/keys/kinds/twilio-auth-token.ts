import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

/** Not taken unasked: the same token checks the signatures of webhooks, which a phantom cannot. With a route it can be, in an app that receives none. */
export const twilioAuthToken: KeyKind = {
  id: 'twilio-auth-token',
  title: 'Twilio auth token',
  use: 'travels',
  hosts: ['api.twilio.com', '*.twilio.com'],
  carriers: [basicCarrier('password')],
  environment: ['TWILIO_AUTH_TOKEN', 'TWILIO_TOKEN'],
  example: (random) => random.hex(32),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://www.twilio.com/docs/usage/requests-to-twilio',
}

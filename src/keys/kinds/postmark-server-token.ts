import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex, markedUuid, randomUuid } from '../random.ts'

export const postmarkServerToken: KeyKind = {
  id: 'postmark-server-token',
  title: 'Postmark server token',
  use: 'travels',
  fits: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  hosts: ['api.postmarkapp.com'],
  carriers: [headerCarrier('X-Postmark-Server-Token')],
  environment: ['POSTMARK_SERVER_TOKEN', 'POSTMARK_API_TOKEN', 'POSTMARK_API_KEY', 'POSTMARK_TOKEN'],
  example: (random) => randomUuid(random),
  phantom: (random, like) => (like.length === 36 ? markedUuid(random) : markedHex(random, like.length)),
  documentation: 'https://postmarkapp.com/developer/api/overview#authentication',
}

import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const squareAccessToken: KeyKind = {
  id: 'square-access-token',
  title: 'Square access token',
  use: 'travels',
  shape: { prefixes: ['EAAA', 'sq0atp-'], pattern: /EAAA[0-9A-Za-z_+=-]{60}|sq0atp-[0-9A-Za-z_-]{22}/ },
  hosts: ['connect.squareup.com', 'connect.squareupsandbox.com'],
  carriers: [bearerCarrier],
  environment: ['SQUARE_ACCESS_TOKEN', 'SQUARE_TOKEN', 'SQUARE_SANDBOX_TOKEN', 'SQUARE_API_KEY'],
  example: (random) => `EAAA${random.base62(60)}`,
  phantom: (random, { prefix, length }) => prefix + markedBase62(random, length - prefix.length),
  documentation: 'https://developer.squareup.com/docs/build-basics/access-tokens',
}

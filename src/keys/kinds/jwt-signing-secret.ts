import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const jwtSigningSecret: KeyKind = {
  id: 'jwt-signing-secret',
  title: 'JWT signing secret',
  use: 'stays',
  fits: /[0-9a-f]{32,128}/,
  hosts: [],
  carriers: [],
  environment: [
    'JWT_SECRET',
    'JWT_SECRET_KEY',
    'JWT_SIGNING_KEY',
    'JWT_SIGNING_SECRET',
    'ACCESS_TOKEN_SECRET',
    'REFRESH_TOKEN_SECRET',
    'TOKEN_SECRET',
  ],
  example: (random) => random.hex(64),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://www.rfc-editor.org/rfc/rfc8725#section-3.5',
}

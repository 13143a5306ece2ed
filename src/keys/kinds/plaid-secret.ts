import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const plaidSecret: KeyKind = {
  id: 'plaid-secret',
  title: 'Plaid secret',
  use: 'travels',
  fits: /[0-9a-f]{30}/,
  hosts: ['production.plaid.com', 'sandbox.plaid.com', 'development.plaid.com'],
  carriers: [headerCarrier('PLAID-SECRET')],
  environment: ['PLAID_SECRET', 'PLAID_API_SECRET', 'PLAID_SANDBOX_SECRET', 'PLAID_PRODUCTION_SECRET'],
  example: (random) => random.hex(30),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://plaid.com/docs/api/',
}

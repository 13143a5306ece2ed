import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const supabaseAccessToken: KeyKind = {
  id: 'supabase-access-token',
  title: 'Supabase access token',
  use: 'travels',
  shape: { prefixes: ['sbp_'], pattern: /sbp_[0-9a-f]{40}/ },
  hosts: ['api.supabase.com'],
  carriers: [bearerCarrier],
  environment: ['SUPABASE_ACCESS_TOKEN'],
  example: (random) => `sbp_${random.hex(40)}`,
  phantom: (random, like) => `sbp_${markedHex(random, like.length - 4)}`,
  documentation: 'https://supabase.com/docs/reference/api/introduction',
}

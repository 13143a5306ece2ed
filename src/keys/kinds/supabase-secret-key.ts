import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** Clients send it twice. Every project has a host of its own below this one: name yours under `hosts`. */
export const supabaseSecretKey: KeyKind = {
  id: 'supabase-secret-key',
  title: 'Supabase secret key',
  use: 'travels',
  shape: { prefixes: ['sb_secret_'], pattern: /sb_secret_[0-9A-Za-z_-]{22}_[0-9A-Za-z_-]{8}/ },
  hosts: ['*.supabase.co'],
  carriers: [headerCarrier('apikey'), bearerCarrier],
  environment: ['SUPABASE_SECRET_KEY', 'SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_SERVICE_KEY'],
  example: (random) => `sb_secret_${random.base62(22)}_${random.base62(8)}`,
  phantom: (random) => `sb_secret_${markedBase62(random, 22)}_${random.base62(8)}`,
  documentation: 'https://supabase.com/docs/guides/api/api-keys',
}

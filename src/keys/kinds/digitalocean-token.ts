import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const digitaloceanToken: KeyKind = {
  id: 'digitalocean-token',
  title: 'DigitalOcean access token',
  use: 'travels',
  shape: { prefixes: ['dop_v1_', 'doo_v1_'], pattern: /do[op]_v1_[0-9a-f]{64}/ },
  hosts: ['api.digitalocean.com', 'registry.digitalocean.com'],
  carriers: [bearerCarrier, basicCarrier('password')],
  environment: [
    'DIGITALOCEAN_TOKEN',
    'DIGITALOCEAN_ACCESS_TOKEN',
    'DIGITALOCEAN_API_TOKEN',
    'DIGITALOCEAN_API_KEY',
    'DO_API_TOKEN',
    'DO_TOKEN',
    'DO_PAT',
  ],
  baseUrls: [{ variable: 'DIGITALOCEAN_API_URL', path: '' }],
  example: (random) => `dop_v1_${random.hex(64)}`,
  phantom: (random, like) => like.prefix + markedHex(random, like.length - like.prefix.length),
  documentation: 'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
}

import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const netlifyAccessToken: KeyKind = {
  id: 'netlify-access-token',
  title: 'Netlify access token',
  use: 'travels',
  shape: { prefixes: ['nfp_'], pattern: /nfp_[0-9A-Za-z]{36,48}/ },
  hosts: ['api.netlify.com'],
  carriers: [bearerCarrier],
  environment: ['NETLIFY_AUTH_TOKEN', 'NETLIFY_TOKEN', 'NETLIFY_ACCESS_TOKEN', 'NETLIFY_API_TOKEN'],
  example: (random) => `nfp_${random.base62(40)}`,
  phantom: (random, like) => `nfp_${markedBase62(random, like.length - 4)}`,
  documentation: 'https://docs.netlify.com/api/get-started/#authentication',
}

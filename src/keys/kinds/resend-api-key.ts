import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { phantomMark } from '../random.ts'

export const resendApiKey: KeyKind = {
  id: 'resend-api-key',
  title: 'Resend API key',
  use: 'travels',
  shape: { prefixes: ['re_'], pattern: /re_[0-9A-Za-z]{8}_[0-9A-Za-z]{24}/ },
  hosts: ['api.resend.com'],
  carriers: [bearerCarrier],
  environment: ['RESEND_API_KEY', 'RESEND_KEY'],
  baseUrls: [
    { variable: 'RESEND_BASE_URL', path: '' },
    { variable: 'RESEND_API_URL', path: '' },
  ],
  example: (random) => `re_${random.base62(8)}_${random.base62(24)}`,
  phantom: (random, like) => `re_${phantomMark}${random.base62(1)}_${random.base62(like.length - 12)}`,
  documentation: 'https://resend.com/docs/api-reference/introduction',
}

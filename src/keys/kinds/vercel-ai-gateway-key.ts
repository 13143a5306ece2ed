import { base62Checksum, hasBase62Checksum } from '../base62-checksum.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const vercelAiGatewayKey: KeyKind = {
  id: 'vercel-ai-gateway-key',
  title: 'Vercel AI Gateway key',
  use: 'travels',
  shape: {
    prefixes: ['vck_'],
    pattern: /vck_[0-9A-Za-z_-]{50}[0-9A-Za-z]{6}/,
    checksum: (text) => hasBase62Checksum(text, 4),
  },
  hosts: ['ai-gateway.vercel.sh'],
  carriers: [bearerCarrier],
  environment: ['AI_GATEWAY_API_KEY', 'VERCEL_AI_GATEWAY_API_KEY'],
  example: (random) => withChecksum('vck_', random.base62(50)),
  phantom: (random, like) => withChecksum(like.prefix, markedBase62(random, like.length - 10)),
  documentation: 'https://vercel.com/changelog/new-token-formats-and-secret-scanning',
}

function withChecksum(prefix: string, body: string): string {
  return prefix + body + base62Checksum(body)
}

import { base62Checksum, hasBase62Checksum } from '../base62-checksum.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const vercelAccessToken: KeyKind = {
  id: 'vercel-access-token',
  title: 'Vercel access token',
  use: 'travels',
  shape: {
    prefixes: ['vcp_', 'vci_', 'vca_'],
    pattern: /vc[pia]_[0-9A-Za-z_-]{50}[0-9A-Za-z]{6}/,
    checksum: (text) => hasBase62Checksum(text, 4),
  },
  fits: /[0-9A-Za-z]{24}/,
  hosts: ['api.vercel.com'],
  carriers: [bearerCarrier],
  environment: ['VERCEL_TOKEN', 'VERCEL_API_TOKEN', 'VERCEL_ACCESS_TOKEN'],
  example: (random) => withChecksum('vcp_', random.base62(50)),
  phantom: (random, like) =>
    like.length === oldLength
      ? markedBase62(random, oldLength)
      : withChecksum(like.prefix, markedBase62(random, like.length - 10)),
  documentation: 'https://vercel.com/changelog/new-token-formats-and-secret-scanning',
}

/** Until 2026 they had no prefix. */
const oldLength = 24

function withChecksum(prefix: string, body: string): string {
  return prefix + body + base62Checksum(body)
}

import { base62Checksum, hasBase62Checksum } from '../base62-checksum.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const npmAccessToken: KeyKind = {
  id: 'npm-access-token',
  title: 'npm access token',
  use: 'travels',
  shape: {
    prefixes: ['npm_'],
    pattern: /npm_[0-9A-Za-z]{36}/,
    checksum: (text) => hasBase62Checksum(text, 4),
  },
  hosts: ['registry.npmjs.org'],
  carriers: [bearerCarrier],
  environment: ['NPM_TOKEN', 'NODE_AUTH_TOKEN', 'NPM_AUTH_TOKEN', 'NPM_ACCESS_TOKEN', 'NPM_PUBLISH_TOKEN'],
  example: (random) => withChecksum(random.base62(30)),
  phantom: (random, like) => withChecksum(markedBase62(random, like.length - 10)),
  documentation: 'https://docs.npmjs.com/about-access-tokens',
}

function withChecksum(body: string): string {
  return `npm_${body}${base62Checksum(body)}`
}

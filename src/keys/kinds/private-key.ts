import type { KeyKind } from '../kind.ts'
import { markedBase62, type Random } from '../random.ts'

/** A private key in PEM (RFC 7468 §10 and the older labels), not encrypted; line ends may be written as `\n`. */
export const privateKey: KeyKind = {
  id: 'private-key',
  title: 'private key',
  use: 'stays',
  shape: {
    prefixes: ['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH '].map((label) => `-----BEGIN ${label}PRIVATE KEY-----`),
    pattern:
      /-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----[0-9A-Za-z+/=\s\\]{60,16384}-----END (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----/,
  },
  hosts: [],
  carriers: [],
  environment: ['PRIVATE_KEY', 'SSH_PRIVATE_KEY', 'TLS_PRIVATE_KEY', 'APP_PRIVATE_KEY', 'GITHUB_APP_PRIVATE_KEY'],
  example: (random) => armoured(random.base62(64), random),
  phantom: (random, { length }) => armoured(markedBase62(random, 64), random, length),
  documentation: 'https://www.rfc-editor.org/rfc/rfc7468#section-10',
}

const begin = '-----BEGIN PRIVATE KEY-----\n'
const end = '\n-----END PRIVATE KEY-----'

function armoured(first: string, random: Random, length = 1_704): string {
  const rest = Math.max(length - begin.length - first.length - 1 - end.length, 0)
  const lines = random.base62(rest).match(/.{1,64}/g) ?? []
  return begin + [first, lines.join('\n')].join('\n').slice(0, first.length + 1 + rest) + end
}

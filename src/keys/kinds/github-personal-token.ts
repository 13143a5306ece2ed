import { crc32 } from 'node:zlib'
import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const githubPersonalToken: KeyKind = {
  id: 'github-personal-token',
  title: 'GitHub personal access token (classic)',
  use: 'travels',
  shape: {
    prefixes: ['ghp_'],
    pattern: /ghp_[0-9A-Za-z]{36}/,
    checksum: (text) => text.slice(-6) === checksum(text.slice(4, -6)),
  },
  hosts: [
    'api.github.com',
    'uploads.github.com',
    'github.com',
    'raw.githubusercontent.com',
    'ghcr.io',
    'npm.pkg.github.com',
  ],
  carriers: [bearerCarrier, headerCarrier('Authorization', 'token '), basicCarrier('password'), basicCarrier('user')],
  environment: [
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'GITHUB_PAT',
    'GITHUB_ACCESS_TOKEN',
    'OCTOKIT_ACCESS_TOKEN',
    'GITHUB_API_TOKEN',
  ],
  example: (random) => withChecksum(random.base62(30)),
  phantom: (random) => withChecksum(markedBase62(random, 30)),
  documentation:
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github',
}

function withChecksum(body: string): string {
  return `ghp_${body}${checksum(body)}`
}

/** The last six characters: CRC-32 of the random part in base62, digits first, padded with zeros. */
function checksum(body: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  let rest = crc32(body)
  let text = ''
  while (rest > 0) {
    text = digits[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text.padStart(6, '0')
}

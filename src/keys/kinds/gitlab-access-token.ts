import { crc32 } from 'node:zlib'
import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

const prefix = 'glpat-'
const checksumLength = 7
const tailLength = '.01.'.length + 2 + checksumLength

/** 16 random bytes and where to look for the account, in base64url. */
const payloadLength = 36
const routableMin = prefix.length + 27 + tailLength

export const gitlabAccessToken: KeyKind = {
  id: 'gitlab-access-token',
  title: 'GitLab personal, project or group access token',
  use: 'travels',
  shape: {
    prefixes: [prefix],
    pattern: /glpat-(?:[0-9A-Za-z_-]{27,300}(?:\.[0-9a-z]{2})?\.[0-9a-z]{9}|[0-9A-Za-z_-]{20})/,
    checksum: (text) => !text.includes('.') || text.slice(-checksumLength) === checksum(text.slice(0, -checksumLength)),
  },
  hosts: ['gitlab.com', 'registry.gitlab.com'],
  carriers: [headerCarrier('PRIVATE-TOKEN'), bearerCarrier, basicCarrier('password'), queryCarrier('private_token')],
  environment: [
    'GITLAB_TOKEN',
    'GITLAB_ACCESS_TOKEN',
    'GITLAB_API_TOKEN',
    'GITLAB_PRIVATE_TOKEN',
    'GITLAB_API_PRIVATE_TOKEN',
    'GITLAB_PERSONAL_ACCESS_TOKEN',
    'GL_TOKEN',
  ],
  baseUrls: [
    { variable: 'GITLAB_API_ENDPOINT', path: '/api/v4' },
    { variable: 'GITLAB_URL', path: '' },
  ],
  example: (random) => routable(random.base62(payloadLength)),
  phantom: (random, like) =>
    like.length < routableMin
      ? `${prefix}${markedBase62(random, like.length - prefix.length)}`
      : routable(markedBase62(random, like.length - prefix.length - tailLength)),
  documentation: 'https://docs.gitlab.com/user/profile/personal_access_tokens/',
}

/** Version, the payload's length and the checksum of all before it, in base 36: names where the account is. */
function routable(payload: string): string {
  const text = `${prefix}${payload}.01.${payload.length.toString(36).padStart(2, '0')}`
  return text + checksum(text)
}

function checksum(text: string): string {
  return crc32(text).toString(36).padStart(checksumLength, '0')
}

import { base62Checksum, hasBase62Checksum } from './base62-checksum.ts'
import type { Carrier } from './carrier.ts'
import { basicCarrier } from './carriers/basic.ts'
import { bearerCarrier } from './carriers/bearer.ts'
import { headerCarrier } from './carriers/header.ts'
import type { Likeness, Shape } from './kind.ts'
import { markedBase62, type Random } from './random.ts'

/** What all of GitHub's tokens have in common: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/ */
export const githubHosts: readonly string[] = [
  'api.github.com',
  'uploads.github.com',
  'github.com',
  'raw.githubusercontent.com',
  'ghcr.io',
  'npm.pkg.github.com',
]

/** The registries take a token as a bearer, git as either half of Basic credentials, the API also as `token`. */
export const githubCarriers: readonly Carrier[] = [
  bearerCarrier,
  headerCarrier('Authorization', 'token '),
  basicCarrier('password'),
  basicCarrier('user'),
]

/** Variables from which Octokit and the Actions toolkit take the API's URL. */
export const githubBaseUrls = [{ variable: 'GITHUB_API_URL', path: '' }] as const

/** `ghp_` and the like: four characters, 30 random ones, six of checksum. */
export function githubShape(prefix: string): Shape {
  return {
    prefixes: [prefix],
    pattern: new RegExp(`${prefix}[0-9A-Za-z]{36}`),
    checksum: (text) => hasBase62Checksum(text, prefix.length),
  }
}

export function githubExample(prefix: string, random: Random): string {
  return withChecksum(prefix, random.base62(30))
}

export function githubPhantom(prefix: string, random: Random, like: Likeness): string {
  return withChecksum(prefix, markedBase62(random, like.length - prefix.length - checksumLength))
}

const checksumLength = 6

function withChecksum(prefix: string, body: string): string {
  return prefix + body + base62Checksum(body)
}

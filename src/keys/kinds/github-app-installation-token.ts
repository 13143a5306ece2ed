import { githubBaseUrls, githubCarriers, githubExample, githubHosts, githubPhantom, githubShape } from '../github.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, type Random } from '../random.ts'

const short = githubShape('ghs_')
const shortLength = 40

/** In base64url, as a JSON Web Token's header is: a key of this form stands behind the app's id and a `_`. */
const header = Buffer.from('{"typ":"JWT","alg":"none"}').toString('base64url')

export const githubAppInstallationToken: KeyKind = {
  id: 'github-app-installation-token',
  title: 'GitHub App installation token',
  use: 'travels',
  shape: {
    prefixes: short.prefixes,
    pattern: new RegExp(
      `ghs_[0-9]{1,12}_eyJ[0-9A-Za-z_-]{8,400}\\.[0-9A-Za-z_-]{20,2000}\\.[0-9A-Za-z_-]{20,800}|${short.pattern.source}`,
    ),
    checksum: (text) => text.length > shortLength || short.checksum?.(text) !== false,
  },
  hosts: githubHosts,
  carriers: githubCarriers,
  environment: ['GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_APP_TOKEN', 'GITHUB_INSTALLATION_TOKEN'],
  baseUrls: githubBaseUrls,
  example: (random) => githubExample('ghs_', random),
  phantom: (random, like) =>
    like.length > shortLength ? long(random, like.length) : githubPhantom('ghs_', random, like),
  documentation:
    'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app',
}

/** Three parts like a JSON Web Token's: Octokit tells how to send a token by counting its dots. */
function long(random: Random, length: number): string {
  const start = `ghs_0000000_${header}.`
  const signature = `.${random.base62(43)}`
  return start + markedBase62(random, Math.max(length - start.length - signature.length, 20)) + signature
}

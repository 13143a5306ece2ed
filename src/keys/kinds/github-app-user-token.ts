import { githubBaseUrls, githubCarriers, githubExample, githubHosts, githubPhantom, githubShape } from '../github.ts'
import type { KeyKind } from '../kind.ts'

export const githubAppUserToken: KeyKind = {
  id: 'github-app-user-token',
  title: 'GitHub App user access token',
  use: 'travels',
  shape: githubShape('ghu_'),
  hosts: githubHosts,
  carriers: githubCarriers,
  environment: ['GITHUB_USER_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'],
  baseUrls: githubBaseUrls,
  example: (random) => githubExample('ghu_', random),
  phantom: (random, like) => githubPhantom('ghu_', random, like),
  documentation:
    'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app',
}

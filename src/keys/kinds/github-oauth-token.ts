import { githubBaseUrls, githubCarriers, githubExample, githubHosts, githubPhantom, githubShape } from '../github.ts'
import type { KeyKind } from '../kind.ts'

export const githubOauthToken: KeyKind = {
  id: 'github-oauth-token',
  title: 'GitHub OAuth access token',
  use: 'travels',
  shape: githubShape('gho_'),
  hosts: githubHosts,
  carriers: githubCarriers,
  environment: ['GITHUB_OAUTH_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'],
  baseUrls: githubBaseUrls,
  example: (random) => githubExample('gho_', random),
  phantom: (random, like) => githubPhantom('gho_', random, like),
  documentation: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
}

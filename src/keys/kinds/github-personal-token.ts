import { githubBaseUrls, githubCarriers, githubExample, githubHosts, githubPhantom, githubShape } from '../github.ts'
import type { KeyKind } from '../kind.ts'

export const githubPersonalToken: KeyKind = {
  id: 'github-personal-token',
  title: 'GitHub personal access token (classic)',
  use: 'travels',
  shape: githubShape('ghp_'),
  hosts: githubHosts,
  carriers: githubCarriers,
  environment: [
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'GITHUB_PAT',
    'GITHUB_ACCESS_TOKEN',
    'OCTOKIT_ACCESS_TOKEN',
    'GITHUB_API_TOKEN',
  ],
  baseUrls: githubBaseUrls,
  example: (random) => githubExample('ghp_', random),
  phantom: (random, like) => githubPhantom('ghp_', random, like),
  documentation:
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github',
}

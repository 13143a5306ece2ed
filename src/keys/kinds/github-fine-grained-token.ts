import { githubBaseUrls, githubCarriers, githubHosts } from '../github.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const githubFineGrainedToken: KeyKind = {
  id: 'github-fine-grained-token',
  title: 'GitHub fine-grained personal access token',
  use: 'travels',
  shape: { prefixes: ['github_pat_'], pattern: /github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}/ },
  hosts: githubHosts,
  carriers: githubCarriers,
  environment: ['GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_PAT', 'GITHUB_ACCESS_TOKEN', 'GITHUB_FINE_GRAINED_TOKEN'],
  baseUrls: githubBaseUrls,
  example: (random) => `github_pat_${random.base62(22)}_${random.base62(59)}`,
  phantom: (random, like) => `github_pat_${markedBase62(random, 22)}_${random.base62(Math.max(like.length - 34, 0))}`,
  documentation:
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens',
}

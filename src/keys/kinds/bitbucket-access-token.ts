import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const bitbucketAccessToken: KeyKind = {
  id: 'bitbucket-access-token',
  title: 'Bitbucket repository, project or workspace access token',
  use: 'travels',
  shape: { prefixes: ['ATCTT3xFfG'], pattern: /ATCTT3xFfG[0-9A-Za-z_=-]{20,250}=[0-9A-F]{8}/ },
  hosts: ['api.bitbucket.org', 'bitbucket.org'],
  carriers: [bearerCarrier, basicCarrier('password')],
  environment: ['BITBUCKET_ACCESS_TOKEN', 'BITBUCKET_TOKEN', 'BITBUCKET_REPO_TOKEN', 'BITBUCKET_WORKSPACE_TOKEN'],
  example: (random) => `ATCTT3xFfG${random.base62(173)}=${random.hex(8).toUpperCase()}`,
  phantom: (random, like) => `ATCTT3xFfG${markedBase62(random, like.length - 19)}=${random.hex(8).toUpperCase()}`,
  documentation: 'https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/',
}

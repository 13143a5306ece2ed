import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const bitbucketAppPassword: KeyKind = {
  id: 'bitbucket-app-password',
  title: 'Bitbucket app password',
  use: 'travels',
  shape: { prefixes: ['ATBB'], pattern: /ATBB[0-9A-Za-z]{32}/ },
  hosts: ['api.bitbucket.org', 'bitbucket.org'],
  carriers: [basicCarrier('password')],
  environment: ['BITBUCKET_APP_PASSWORD', 'BITBUCKET_PASSWORD'],
  example: (random) => `ATBB${random.base62(32)}`,
  phantom: (random, like) => `ATBB${markedBase62(random, like.length - 4)}`,
  documentation: 'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/',
}

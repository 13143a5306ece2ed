import { basicCarrier } from '../carriers/basic.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const circleciApiToken: KeyKind = {
  id: 'circleci-api-token',
  title: 'CircleCI personal API token',
  use: 'travels',
  shape: { prefixes: ['CCIPAT_'], pattern: /CCIPAT_[0-9A-Za-z]{22}_[0-9a-f]{40}/ },
  hosts: ['circleci.com'],
  carriers: [headerCarrier('Circle-Token'), basicCarrier('user')],
  environment: ['CIRCLECI_TOKEN', 'CIRCLE_TOKEN', 'CIRCLECI_API_TOKEN', 'CIRCLECI_CLI_TOKEN'],
  example: (random) => `CCIPAT_${random.base62(22)}_${random.hex(40)}`,
  phantom: (random, like) => `CCIPAT_${markedBase62(random, 22)}_${random.hex(Math.max(like.length - 30, 0))}`,
  documentation: 'https://circleci.com/docs/managing-api-tokens/',
}

import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const pulumiAccessToken: KeyKind = {
  id: 'pulumi-access-token',
  title: 'Pulumi access token',
  use: 'travels',
  shape: { prefixes: ['pul-'], pattern: /pul-[0-9a-f]{40}/ },
  hosts: ['api.pulumi.com'],
  carriers: [headerCarrier('Authorization', 'token ')],
  environment: ['PULUMI_ACCESS_TOKEN'],
  baseUrls: [{ variable: 'PULUMI_API', path: '' }],
  example: (random) => `pul-${random.hex(40)}`,
  phantom: (random, like) => `pul-${markedHex(random, like.length - 4)}`,
  documentation: 'https://www.pulumi.com/docs/reference/cloud-rest-api/',
}

import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const hetznerCloudToken: KeyKind = {
  id: 'hetzner-cloud-token',
  title: 'Hetzner Cloud API token',
  use: 'travels',
  fits: /[0-9A-Za-z]{64}/,
  hosts: ['api.hetzner.cloud'],
  carriers: [bearerCarrier],
  environment: ['HCLOUD_TOKEN', 'HETZNER_API_TOKEN', 'HETZNER_CLOUD_TOKEN', 'HETZNER_TOKEN'],
  baseUrls: [{ variable: 'HCLOUD_ENDPOINT', path: '/v1' }],
  example: (random) => random.base62(64),
  phantom: (random, like) => markedBase62(random, like.length),
  documentation: 'https://docs.hetzner.cloud/',
}

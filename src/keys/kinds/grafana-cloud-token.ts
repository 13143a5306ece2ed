import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const grafanaCloudToken: KeyKind = {
  id: 'grafana-cloud-token',
  title: 'Grafana Cloud access policy token',
  use: 'travels',
  shape: { prefixes: ['glc_'], pattern: /glc_[0-9A-Za-z+/]{32,400}={0,2}/ },
  hosts: ['grafana.com', '*.grafana.net'],
  carriers: [bearerCarrier, basicCarrier('password')],
  environment: [
    'GRAFANA_CLOUD_TOKEN',
    'GRAFANA_CLOUD_API_KEY',
    'GRAFANA_CLOUD_API_TOKEN',
    'GRAFANA_CLOUD_ACCESS_POLICY_TOKEN',
    'GCLOUD_RW_API_KEY',
  ],
  example: (random) =>
    `glc_${btoa(JSON.stringify({ o: random.digits(6), n: random.hex(12), k: random.base62(24), m: { r: 'us' } }))}`,
  phantom: (random, like) => `glc_${markedBase62(random, like.length - 4)}`,
  documentation:
    'https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/',
}

import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const elasticApiKey: KeyKind = {
  id: 'elastic-api-key',
  title: 'Elastic Cloud API key',
  use: 'travels',
  fits: /[0-9A-Za-z+/]{58}==/,
  leftUnasked: 'whose hosts only the owner of the cluster knows',
  hosts: ['api.elastic-cloud.com', '*.elastic-cloud.com', '*.elastic.cloud', '*.found.io'],
  carriers: [headerCarrier('Authorization', 'ApiKey ')],
  environment: ['ELASTIC_API_KEY', 'ELASTICSEARCH_API_KEY', 'ELASTIC_CLOUD_API_KEY', 'EC_API_KEY', 'ES_API_KEY'],
  example: (random) => `${random.base62(58)}==`,
  phantom: (random, like) => `${markedBase62(random, like.length - 2)}==`,
  documentation: 'https://www.elastic.co/docs/deploy-manage/api-keys',
}

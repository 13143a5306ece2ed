import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedUuid, randomUuid } from '../random.ts'

export const langfuseSecretKey: KeyKind = {
  id: 'langfuse-secret-key',
  title: 'Langfuse secret key',
  use: 'travels',
  shape: { prefixes: ['sk-lf-'], pattern: /sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/ },
  hosts: ['cloud.langfuse.com', 'us.cloud.langfuse.com', 'jp.cloud.langfuse.com', 'hipaa.cloud.langfuse.com'],
  carriers: [basicCarrier('password')],
  environment: ['LANGFUSE_SECRET_KEY'],
  baseUrls: [
    { variable: 'LANGFUSE_BASE_URL', path: '' },
    { variable: 'LANGFUSE_BASEURL', path: '' },
    { variable: 'LANGFUSE_HOST', path: '' },
  ],
  example: (random) => `sk-lf-${randomUuid(random)}`,
  phantom: (random) => `sk-lf-${markedUuid(random)}`,
  documentation: 'https://langfuse.com/docs/api-and-data-platform/features/public-api',
}

import { awsCarrier } from '../carriers/aws.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/**
 * 40 characters say nothing of their issuer: the id beside it does. What is compatible with S3 elsewhere (MinIO, R2, Spaces)
 * has ids of another form, and signs for hosts of its own.
 */
export const awsSecretAccessKey: KeyKind = {
  id: 'aws-secret-access-key',
  title: 'AWS secret access key',
  use: 'signs',
  fits: /[0-9A-Za-z+/]{40}/,
  beside: {
    variable: 'AWS_ACCESS_KEY_ID',
    fits: /(?:AKIA|ASIA)[A-Z2-7]{16}/,
    example: (random) => `AKIA${random.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
  },
  hosts: ['*.amazonaws.com', '*.amazonaws.com.cn', '*.api.aws'],
  carriers: [awsCarrier()],
  environment: ['AWS_SECRET_ACCESS_KEY'],
  example: (random) => random.base62(40),
  phantom: (random, like) => markedBase62(random, like.length),
  documentation: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
}
